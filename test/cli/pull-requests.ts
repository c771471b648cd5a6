// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readDecisions } from '../../src/forge/decisions.ts';
import { rememberRepository } from '../../src/night/record/moved-state.ts';
import { readNight } from '../../src/night/record/night-folder.ts';
import { resolveRepository } from '../../src/workspace/repository.ts';
import { tinySpec } from '../night/support/tiny-house.ts';
import { wholeFile } from '../night/support/whole-file.ts';
import { houseIn } from '../night/support/with-night.ts';
import { makeSshKey } from '../workspace/with-key.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';
import { copyPlace, makePlace, type Place, start } from './with-cli.ts';

const shared = wholeFile();
type Opened = Place & { readonly tidy: string; readonly other: string };

/** A place after a night with two pull requests. */
const prepared = (async (): Promise<Opened> => {
  const place = await makePlace(shared, {
    'specs/tidy.yaml': tinySpec('box/'),
    'specs/other.yaml': tinySpec('cup/'),
    'box/a.txt': 'a\n',
    'cup/a.txt': 'a\n',
  });
  const { spec } = await houseIn(shared, { ...place, head: '' }).night({ state: place.state });
  return { ...place, tidy: spec('tidy').branch ?? '', other: spec('other').branch ?? '' };
})();

const opened = async (t: ExecutionContext): Promise<Opened> => {
  const place = await prepared;
  return { ...place, ...copyPlace(t, place) };
};

/** Everything a person has in the checkout. */
const checkout = ({ run }: Place): string =>
  run(['rev-parse', 'HEAD']) + run(['status', '--porcelain']) + run(['branch', '--show-current']);

test('prs lists what is open, with its text', async (t) => {
  const place = await opened(t);
  const { code, stdout } = await place.pantheon('prs');
  t.is(code, 0);
  const lines = stdout.trimEnd().split('\n');
  t.is(lines[0], `${place.other}  open  Say done in cup/`);
  t.true(existsSync(lines[1]?.trim() ?? ''));
  t.is(lines[2], `${place.tidy}  open  Say done in box/`);
  t.is(lines.length, 4);
  const json = JSON.parse((await place.pantheon('prs', '--json')).stdout);
  t.like(json[1], { branch: place.tidy, spec: 'tidy', state: 'open', night: '2026-11-01' });
  t.false('body' in json[1]);
});

test('accept records the decision and touches nothing else', async (t) => {
  const place = await opened(t);
  const before = checkout(place);
  const { code, stdout } = await place.pantheon('accept', place.tidy, '--why', 'just so');
  t.is(code, 0);
  t.is(stdout, `${place.tidy}: accepted. Merge it with: git merge ${place.tidy}\n`);
  t.is(checkout(place), before);
  const night = await readNight(join(place.state.traces, '2026-11-01'));
  const record = JSON.parse(
    readFileSync(
      join(place.state.traces, '2026-11-01/tidy/pull-request/pull-request.json'),
      'utf8',
    ),
  );
  const [line, ...more] = await readDecisions(place.state.decisions);
  t.deepEqual(more, []);
  t.regex(line?.at ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
  t.like(line, {
    branch: place.tidy,
    spec: 'tidy',
    specDigest: night.specs.find(({ spec }) => spec.id === 'tidy')?.digest,
    night: '2026-11-01',
    commit: place.run(['rev-parse', place.tidy]).trim(),
    digest: record.digest,
    decision: 'accept',
    why: 'just so',
  });
  const { stdout: listed } = await place.pantheon('prs');
  t.regex(listed, new RegExp(`${place.tidy} {2}accepted`));
  t.true(listed.includes(`to merge: git merge ${place.tidy}`));
});

test('accept --merge merges into what is checked out', async (t) => {
  const place = await opened(t);
  const { code, stdout, stderr } = await place.pantheon('accept', 'tidy', '--merge');
  t.is(code, 0, stderr);
  t.is(stdout, `${place.tidy}: accepted and merged.\n`);
  t.is(readFileSync(join(place.folder, 'box/a.txt'), 'utf8'), 'a\ndone\n');
  t.is(place.run(['status', '--porcelain']), '');
  t.is(place.run(['log', '-1', '--format=%s']), `Merge ${place.tidy}: Say done in box/\n`);
  t.is((await readDecisions(place.state.decisions))[0]?.decision, 'accept');
});

test('a merge is signed where git signs commits', async (t) => {
  const place = await opened(t);
  makeSshKey(t, place.run);
  place.run(['config', 'commit.gpgsign', 'true']);
  const { code, stderr } = await place.pantheon('accept', place.tidy, '--merge');
  t.is(code, 0, stderr);
  t.notThrows(() => place.run(['verify-commit', 'HEAD']));
});

test('a merge that fails leaves the checkout and the decisions as they were', async (t) => {
  const place = await opened(t);
  writeFiles(place.folder, { 'box/a.txt': 'a\nnot done\n' });
  place.run(['commit', '-qam', 'Meanwhile']);
  const before = checkout(place);
  const { code, stderr } = await place.pantheon('accept', 'tidy', '--merge');
  t.is(code, 2);
  t.regex(stderr, /could not be merged, nothing was recorded: .*box\/a\.txt.*; merge it by hand/);
  t.is(checkout(place), before);
  t.is(readFileSync(join(place.folder, 'box/a.txt'), 'utf8'), 'a\nnot done\n');
  t.deepEqual(await readDecisions(place.state.decisions), []);
});

test('a merge that is under way stays under way', async (t) => {
  const place = await opened(t);
  place.run(['switch', '-q', '-c', 'theirs']);
  place.run(['commit', '-q', '--allow-empty', '-m', 'Theirs']);
  place.run(['switch', '-q', 'main']);
  place.run(['merge', '-q', '--no-ff', '--no-commit', 'theirs']);
  const { code, stderr } = await place.pantheon('accept', 'tidy', '--merge');
  t.is(code, 2);
  t.regex(stderr, /a merge is under way in the checkout; finish it first/);
  t.is(place.run(['rev-parse', 'MERGE_HEAD']), place.run(['rev-parse', 'theirs']));
});

test('a merge over uncommitted work is refused by git and leaves it', async (t) => {
  const place = await opened(t);
  writeFiles(place.folder, { 'box/a.txt': 'mine\n' });
  const { code, stderr } = await place.pantheon('accept', 'tidy', '--merge');
  t.is(code, 2);
  t.regex(stderr, /nothing was recorded: .*local changes.*box\/a\.txt/);
  t.is(readFileSync(join(place.folder, 'box/a.txt'), 'utf8'), 'mine\n');
  t.deepEqual(await readDecisions(place.state.decisions), []);
});

test('a moved repository and a second worktree find what was kept', async (t) => {
  const place = await opened(t);
  await place.pantheon('reject', place.other, '--why', 'no');
  const worktree = join(temporaryFolder(t), 'second');
  place.run(['worktree', 'add', '-q', '--detach', worktree]);
  const environment = { PANTHEON_STATE: dirname(place.state.root) };
  const inSecond = await start(['prs'], worktree, environment);
  t.is(inSecond.stdout, (await place.pantheon('prs')).stdout);
  await rememberRepository(place.state, await resolveRepository(place.folder));
  const moved = `${place.folder}-moved`;
  renameSync(place.folder, moved);
  t.teardown(() => rmSync(moved, { recursive: true }));
  const { stdout, stderr } = await start(['prs'], moved, environment);
  t.regex(stdout, new RegExp(`^${place.tidy}  open`));
  t.false(stdout.includes(place.other));
  t.is(stderr.match(/^What was kept of \S+, which is gone, goes on here: /gm)?.length, 1, stderr);
  t.is((await start(['prs'], moved, environment)).stderr, '');
});

test('reject needs a reason and keeps it', async (t) => {
  const place = await opened(t);
  const without = await place.pantheon('reject', 'tidy');
  t.is(without.code, 2);
  t.regex(without.stderr, /--why/);
  const { code, stdout } = await place.pantheon('reject', 'tidy', '--why', 'not "this" way\n');
  t.is(code, 0);
  t.is(stdout, `${place.tidy}: rejected.\n`);
  t.like((await readDecisions(place.state.decisions))[0], {
    decision: 'reject',
    why: 'not "this" way\n',
    branch: place.tidy,
  });
  t.regex((await place.pantheon('prs', '--all')).stdout, new RegExp(`${place.tidy} {2}closed`));
  // The branch stays: a person may still look at it.
  t.is(place.run(['branch', '--list', place.tidy]).trim(), place.tidy);
});

test('what is decided is decided', async (t) => {
  const place = await opened(t);
  await place.pantheon('reject', 'tidy', '--why', 'no');
  await place.pantheon('accept', 'other', '--merge');
  for (const args of [
    ['accept', 'tidy'],
    ['accept', 'tidy', '--merge'],
    ['reject', 'tidy', '--why', 'again'],
    ['reject', 'other', '--why', 'too late'],
    ['accept', 'other'],
  ]) {
    const { code, stderr } = await place.pantheon(...args);
    t.is(code, 2, args.join(' '));
    t.regex(stderr, /pantheon\/\w+-\w{8} is (?:closed|merged) already/);
  }
  t.is((await readDecisions(place.state.decisions)).length, 2);
});

test('a yes that is not merged yet can be taken back', async (t) => {
  const place = await opened(t);
  await place.pantheon('accept', 'tidy');
  t.is((await place.pantheon('reject', 'tidy', '--why', 'on second thought')).code, 0);
  t.regex((await place.pantheon('prs', '--all')).stdout, new RegExp(`${place.tidy} {2}closed`));
});

test('what somebody put on the branch later is not merged', async (t) => {
  const place = await opened(t);
  place.run(['switch', '-q', place.tidy]);
  writeFiles(place.folder, { 'evil.md': 'nobody reviewed this\n' });
  place.run(['add', 'evil.md']);
  place.run(['commit', '-qm', 'More']);
  place.run(['switch', '-q', 'main']);
  const before = checkout(place);
  const { code, stderr } = await place.pantheon('accept', 'tidy', '--merge');
  t.is(code, 2);
  t.regex(stderr, /the reviewers approved \w{12}/);
  t.is(checkout(place), before);
  t.deepEqual(await readDecisions(place.state.decisions), []);
});

test('an accepted one can still be merged, and that is no second decision', async (t) => {
  const place = await opened(t);
  await place.pantheon('accept', 'tidy');
  const { code, stderr } = await place.pantheon('accept', 'tidy', '--merge');
  t.is(code, 0, stderr);
  t.is(readFileSync(join(place.folder, 'box/a.txt'), 'utf8'), 'a\ndone\n');
  t.is((await readDecisions(place.state.decisions)).length, 1);
});

test('one that was merged by hand can still be accepted, once', async (t) => {
  const place = await opened(t);
  place.run(['merge', '-q', place.tidy]);
  const { code, stdout, stderr } = await place.pantheon('accept', 'tidy', '--why', 'good');
  t.is(code, 0, stderr);
  t.is(stdout, `${place.tidy}: accepted; it is merged.\n`);
  t.is((await readDecisions(place.state.decisions)).length, 1);
  t.is((await place.pantheon('accept', 'tidy')).code, 2);
});

test('a name that is none tells those there are', async (t) => {
  const place = await opened(t);
  const { code, stderr } = await place.pantheon('accept', 'nobody');
  t.is(code, 2);
  t.is(
    stderr,
    `pantheon: there is no pull request "nobody"; there are ${place.other}, ${place.tidy}\n`,
  );
});

test('nothing open is said', async (t) => {
  const place = await makePlace(t, {});
  t.is((await place.pantheon('prs')).stdout, 'There are no open pull requests.\n');
  t.is((await place.pantheon('prs', '--all')).stdout, 'There are no pull requests.\n');
  t.is((await place.pantheon('prs', '--json')).stdout, '[]\n');
});
