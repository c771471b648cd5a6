// SPDX-License-Identifier: GPL-3.0-only

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { PullRequest } from '../../src/forge/forge.ts';
import { pullRequestFolder } from '../../src/forge/local-forge.ts';
import { takenBranches, takeSnapshot } from '../../src/forge/snapshot.ts';
import { writeFiles } from '../workspace/with-repository.ts';
import { type MadeForge, makeForge } from './with-local-forge.ts';

test('nothing was opened yet', async (t) => {
  t.deepEqual(await makeForge(t).forge.list(), []);
});

test('branches that are there already are named', async (t) => {
  const { forge, run } = makeForge(t);
  for (const name of ['pantheon/a-1', 'pantheon/b-1/x', 'other/c-1', 'pantheon-old'])
    run(['branch', name]);
  run(['tag', 'pantheon/c-1']);
  const taken = async (wanted: readonly string[]) =>
    takenBranches(await takeSnapshot(forge), wanted);
  const asked = ['pantheon/a-1', 'pantheon/a-12', 'pantheon/b-1', 'pantheon/c-1'];
  t.deepEqual([...(await taken(asked))], ['pantheon/a-1', 'pantheon/b-1']);
  for (const name of ['pantheon/a-1', 'pantheon/b-1/x']) run(['branch', '-D', name]);
  run(['branch', 'pantheon']);
  await t.throwsAsync(taken(asked), { message: /^The branch "pantheon" .*: git branch -m / });
  t.deepEqual([...(await taken([]))], []);
});

test('opening makes the branch and keeps record and text', async (t) => {
  const { forge, run, folder, request } = makeForge(t);
  const pull = request();
  await forge.open(pull);
  t.is(run(['rev-parse', pull.branch]).trim(), pull.commit);
  t.deepEqual(await forge.list(), [{ pullRequest: pull, state: 'open' }]);
  const place = pullRequestFolder(folder, pull.branch);
  t.is(readFileSync(join(place, 'pr.md'), 'utf8'), '# Tidy\n');
  t.deepEqual(readdirSync(place).sort(), ['pr.md', 'pull-request.json']);
});

test('opening twice opens once', async (t) => {
  const { forge, run, request } = makeForge(t);
  const pull = request();
  await forge.open(pull);
  const refs = run(['for-each-ref']);
  await forge.open(pull);
  t.is(run(['for-each-ref']), refs);
  t.is((await forge.list()).length, 1);
});

test('a crash between branch and record is fixed by opening again', async (t) => {
  const { forge, run, request } = makeForge(t);
  const pull = request();
  run(['branch', pull.branch, pull.commit]);
  t.deepEqual(await forge.list(), []);
  await forge.open(pull);
  t.deepEqual(await forge.list(), [{ pullRequest: pull, state: 'open' }]);
});

test('a branch with other commits is left alone, and nothing is recorded', async (t) => {
  const { forge, run, head, folder, request } = makeForge(t);
  const pull = request();
  run(['branch', pull.branch, head]);
  await t.throwsAsync(forge.open(pull), {
    name: 'UserError',
    message: /^The branch pantheon\/tidy-dddddddd already exists with another commit/,
  });
  t.is(run(['rev-parse', pull.branch]).trim(), head);
  t.false(existsSync(pullRequestFolder(folder, pull.branch)));
});

type Row = readonly [act: (forge: MadeForge, pull: PullRequest) => unknown, state: string];

const rows: Readonly<Record<string, Row>> = {
  'untouched: open': [() => {}, 'open'],
  'merged by hand: merged': [({ run }, { branch }) => run(['merge', '-q', branch]), 'merged'],
  'merged without fast-forward: merged': [
    ({ run }, { branch }) => run(['merge', '-q', '--no-ff', '-m', 'Merge', branch]),
    'merged',
  ],
  'merged and its branch deleted: merged': [
    ({ run }, { branch }) => [run(['merge', '-q', branch]), run(['branch', '-d', branch])],
    'merged',
  ],
  'merged into a branch that is not checked out: open': [
    ({ run }, { branch }) => [
      run(['switch', '-q', '-c', 'side']),
      run(['merge', '-q', branch]),
      run(['switch', '-q', 'main']),
    ],
    'open',
  ],
  'its branch deleted: closed': [({ run }, { branch }) => run(['branch', '-D', branch]), 'closed'],
  'its branch deleted and thrown away by git: closed': [
    ({ run }, { branch }) => [
      run(['branch', '-D', branch]),
      run(['reflog', 'expire', '--expire=now', '--all']),
      run(['gc', '-q', '--prune=now']),
    ],
    'closed',
  ],
  'accepted: not merged by that': [({ decide }, pull) => decide(pull, 'accept'), 'accepted'],
  'accepted and squashed: merged, though it is another commit': [
    async ({ decide, run }, pull) => {
      await decide(pull, 'accept');
      run(['merge', '-q', '--squash', pull.branch]);
      run(['-c', 'user.name=p', '-c', 'user.email=p@localhost', 'commit', '-q', '-m', 'Squash']);
    },
    'merged',
  ],
  'a tag of the same name: open': [({ run }, { branch }) => run(['tag', branch]), 'open'],
  'rejected: closed': [({ decide }, pull) => decide(pull, 'reject'), 'closed'],
  'rejected, then accepted: accepted': [
    async ({ decide }, pull) => [await decide(pull, 'reject'), await decide(pull, 'accept')],
    'accepted',
  ],
  'another try of it rejected: open': [
    ({ decide }, pull) => decide({ ...pull, branch: `${pull.branch}-r2` }, 'reject'),
    'open',
  ],
  'an earlier commit of it rejected: open': [
    ({ decide }, pull) => decide({ ...pull, commit: 'f'.repeat(40) }, 'reject'),
    'open',
  ],
};

for (const [title, [act, state]] of Object.entries(rows)) {
  test(title, async (t) => {
    const forge = makeForge(t);
    const pull = forge.request();
    await forge.forge.open(pull);
    await act(forge, pull);
    t.deepEqual(await forge.states(), [state as 'open']);
  });
}

test('listed oldest first, whatever their names say', async (t) => {
  const { forge, request } = makeForge(t);
  const pulls = [
    request({ night: '2026-11-01', specDigest: 'f'.repeat(64), branch: 'pantheon/tidy-ffffffff' }),
    request({ night: '2026-11-01-2' }),
    request({ night: '2026-11-01-10', branch: 'pantheon/tidy-dddddddd-r2' }),
    request({ night: '2026-11-02', branch: 'pantheon/tidy-dddddddd-r9' }),
    request({ night: '2026-11-02', branch: 'pantheon/tidy-dddddddd-r10' }),
    request({ night: '2026-12-01', branch: 'pantheon/another-00000000' }),
  ];
  for (const pull of [...pulls].reverse()) await forge.open(pull);
  t.deepEqual(
    (await forge.list()).map(({ pullRequest }) => pullRequest.branch),
    pulls.map(({ branch }) => branch),
  );
});

test('a record that cannot be read is named', async (t) => {
  const { forge, folder, request } = makeForge(t);
  const pull = request();
  await forge.open(pull);
  const file = join(pullRequestFolder(folder, pull.branch), 'pull-request.json');
  writeFileSync(file, '{"spec": 7}');
  await t.throwsAsync(forge.list(), {
    name: 'UserError',
    message: `${file}: the file is not a pull request record. Move it away.`,
  });
});

test('what no longer merges into what is checked out names the paths', async (t) => {
  const { forge, repository, run, request } = makeForge(t);
  const pull = request();
  await forge.open(pull);
  writeFiles(repository, { 'b.txt': 'b\n' });
  run(['add', '-A']);
  run(['commit', '-qm', 'Beside it']);
  t.deepEqual(await forge.list(), [{ pullRequest: pull, state: 'open' }]);
  // A driver that the repository names would settle it, and is a command of its choice.
  writeFiles(repository, { 'a.txt': 'other\n', '.gitattributes': '*.txt merge=own\n' });
  run(['config', 'merge.own.driver', `touch ${join(repository, 'driven')}`]);
  run(['add', '-A']);
  run(['commit', '-qm', 'In its way']);
  const before = run(['count-objects']);
  t.deepEqual(await forge.list(), [{ pullRequest: pull, state: 'open', conflicts: ['a.txt'] }]);
  t.is(run(['count-objects']), before);
  t.false(existsSync(join(repository, 'driven')));
});
