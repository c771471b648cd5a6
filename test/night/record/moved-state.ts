// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { followMove, rememberRepository } from '../../../src/night/record/moved-state.ts';
import { stateFolder } from '../../../src/night/record/state-folder.ts';
import { acquireLock } from '../../../src/trace/lock.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';

/** A repository of which something is kept, in a folder with others. */
const makeKept = async (t: ExecutionContext, name = 'one') => {
  const home = temporaryFolder(t);
  const { folder, run } = makeRepository(t, { 'a.md': name });
  const place = join(home, name);
  cpSync(folder, place, { recursive: true });
  const environment = { PANTHEON_STATE: join(home, 'state') };
  const at = async (where: string) => {
    const repository = await resolveRepository(where);
    return { repository, state: stateFolder(repository.gitDir, environment) };
  };
  const keep = async (where: string) => {
    const { repository, state } = await at(where);
    await rememberRepository(state, repository);
    writeFileSync(state.outcomes, where);
    return state;
  };
  const follow = async (where: string) => {
    const { repository, state } = await at(where);
    return { line: await followMove(state, repository), state };
  };
  return { home, place, keep, follow, run };
};

test('what was kept goes with a repository that is moved, and is told once', async (t) => {
  const { home, place, keep, follow } = await makeKept(t);
  const before = await keep(place);
  const now = join(home, 'two');
  renameSync(place, now);
  const { line, state } = await follow(now);
  t.is(line, `What was kept of ${place}, which is gone, goes on here: ${state.root}`);
  t.true(existsSync(state.outcomes));
  t.false(existsSync(before.root));
  t.is((await follow(now)).line, undefined);
  cpSync(now, join(home, 'copy'), { recursive: true });
  t.is((await follow(join(home, 'copy'))).line, undefined);
  // Also when it is moved again before a night writes anything.
  renameSync(now, join(home, 'three'));
  t.true(existsSync((await follow(join(home, 'three'))).state.outcomes));
});

test('a copy and a clone begin anew while the first is there', async (t) => {
  const { home, place, keep, follow } = await makeKept(t);
  await keep(place);
  cpSync(place, join(home, 'copy'), { recursive: true });
  const { line, state } = await follow(join(home, 'copy'));
  t.is(line, undefined);
  t.false(existsSync(state.root));
  rmSync(place, { recursive: true });
  t.regex((await follow(join(home, 'copy'))).line ?? '', /goes on here/);
});

test('another repository takes nothing over', async (t) => {
  const { home, place, keep, follow } = await makeKept(t);
  await keep(place);
  rmSync(place, { recursive: true });
  const { folder } = makeRepository(t, { 'b.md': 'b' });
  cpSync(folder, join(home, 'other'), { recursive: true });
  t.is((await follow(join(home, 'other'))).line, undefined);
});

test('what is here already stays', async (t) => {
  const { home, place, keep, follow } = await makeKept(t);
  await keep(place);
  cpSync(place, join(home, 'copy'), { recursive: true });
  await keep(join(home, 'copy'));
  rmSync(place, { recursive: true });
  t.is((await follow(join(home, 'copy'))).line, undefined);
});

test('of two a person says which, and how is told', async (t) => {
  const { home, place, keep, follow } = await makeKept(t);
  const one = await keep(place);
  cpSync(place, join(home, 'copy'), { recursive: true });
  const two = await keep(join(home, 'copy'));
  renameSync(place, join(home, 'now'));
  rmSync(join(home, 'copy'), { recursive: true });
  const { line = '', state } = await follow(join(home, 'now'));
  t.regex(line, /^Nothing is kept of this repository where it lies now\. To go on with /);
  for (const { root } of [one, two]) t.true(line.includes(`mv ${root} ${state.root} (of `), line);
  t.false(existsSync(state.root));
  renameSync(one.root, state.root);
  t.is((await follow(join(home, 'now'))).line, undefined);
});

test('nothing is taken from under a night that goes on', async (t) => {
  const { home, place, keep, follow } = await makeKept(t);
  const { lock } = await keep(place);
  const release = await acquireLock(lock, 'night');
  renameSync(place, join(home, 'now'));
  t.regex((await follow(join(home, 'now'))).line ?? '', /^Nothing is kept .* mv /);
  release();
  t.regex((await follow(join(home, 'now'))).line ?? '', /goes on here/);
});

test('what is not a record is of no matter', async (t) => {
  const { home, place, keep, follow } = await makeKept(t);
  const { root } = await keep(place);
  writeFileSync(join(root, 'repository.json'), '{');
  mkdirSync(join(home, 'state', 'empty'));
  renameSync(place, join(home, 'now'));
  t.is((await follow(join(home, 'now'))).line, undefined);
});
