// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { UserError } from '../../src/data/user-error.ts';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import {
  buildCommit,
  CommitFault,
  type CommitPlan,
  changesOf,
  createBranch,
  fetchBundle,
} from '../../src/workspace/commit.ts';
import { GitFault } from '../../src/workspace/git.ts';
import { createOverlay, type Overlay } from '../../src/workspace/overlay.ts';
import { patchDigest } from '../../src/workspace/patch-digest.ts';
import { edits } from './edits.ts';
import {
  everything,
  type Files,
  makeRepository,
  plainGit,
  type TestRepository,
  temporaryFolder,
} from './with-repository.ts';

type Ready = TestRepository & { readonly overlay: Overlay; readonly plan: () => CommitPlan };

const prepare = async (
  t: ExecutionContext,
  files: Files = { 'a.md': 'a\n', 'b "ü".md': 'b\n' },
  options: Parameters<typeof makeRepository>[2] = {},
): Promise<Ready> => {
  const repository = makeRepository(t, files, options);
  const base = await openBaseTree(repository.folder, 'HEAD');
  t.teardown(() => base.close());
  const overlay = createOverlay(base, everything);
  const plan = (): CommitPlan => ({
    repository: repository.folder,
    scratch: join(temporaryFolder(t), 'scratch'),
    base: repository.head,
    changes: overlay.changes(),
    content: overlay.written,
    message: 'Normalise the notes\n\nWhy it was done.',
    date: '2026-11-20T22:00:00.500Z',
  });
  return { ...repository, overlay, plan };
};

const change = (overlay: Overlay): void => {
  overlay.write('a.md', Buffer.from('A\n'));
  overlay.write('new/\u65e5 "x".md', Buffer.from([0, 255, 10]));
  overlay.remove('b "ü".md');
};

const stateOf = ({ run, folder }: TestRepository): readonly string[] => [
  run(['for-each-ref']),
  run(['count-objects', '-v']),
  run(['status', '--porcelain']),
  readFileSync(join(folder, '.git/config'), 'utf8'),
];

for (const format of ['sha1', 'sha256'] as const) {
  test(`one commit on the base, the same each time, apart from the repository (${format})`, async (t) => {
    const ready = await prepare(t, undefined, { format });
    const { run, folder, head, overlay, plan } = ready;
    change(overlay);
    const before = stateOf(ready);
    const [first, second] = [await buildCommit(plan()), await buildCommit(plan())];
    t.is(first.commit, second.commit);
    t.deepEqual(readFileSync(first.bundle), readFileSync(second.bundle));
    t.deepEqual(stateOf(ready), before);

    await fetchBundle(folder, first.bundle, first.commit);
    t.deepEqual(stateOf(ready)[0], before[0]);
    const made = await changesOf(folder, head, first.commit);
    t.deepEqual(made, overlay.changes());
    t.is(patchDigest(made), patchDigest(overlay.changes()));
    t.is(
      run(['log', '-1', '--format=%P|%an <%ae>|%cn <%ce>|%at|%ct|%B', first.commit]).trim(),
      `${head}|Pantheon <pantheon@localhost>|Pantheon <pantheon@localhost>|1795212000|1795212000|Normalise the notes\n\nWhy it was done.`,
    );
    run(['fsck', '--strict', '--no-dangling']);
  });
}

test('random edits come back from the commit as they went in', async (t) => {
  await fc.assert(
    fc.asyncProperty(edits, async (list) => {
      const files = Object.fromEntries(
        list.flatMap(({ path, before }) => (before ? [[path, before]] : [])),
      );
      const { overlay, plan, folder, head } = await prepare(t, files);
      for (const { path, before, after } of list) {
        if (after) overlay.write(path, after);
        else if (before) overlay.remove(path);
      }
      if (overlay.changes().length === 0) return;
      const { commit, bundle } = await buildCommit(plan());
      await fetchBundle(folder, bundle, commit);
      t.deepEqual(await changesOf(folder, head, commit), overlay.changes());
    }),
    { numRuns: 6 },
  );
});

test('works on a shallow clone and on a linked worktree', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.md': 'one\n' });
  writeFileSync(join(folder, 'a.md'), 'two\n');
  run(['commit', '-qam', 'Two']);
  const head = run(['rev-parse', 'HEAD']).trim();
  const clone = temporaryFolder(t);
  plainGit(clone)(['clone', '-q', '--depth', '1', `file://${folder}`, '.']);
  const linked = join(temporaryFolder(t), 'linked');
  run(['worktree', 'add', '-q', '--detach', linked]);
  const commits: string[] = [];
  for (const repository of [clone, linked]) {
    const base = await openBaseTree(repository, 'HEAD');
    const overlay = createOverlay(base, everything);
    overlay.write('a.md', Buffer.from('three\n'));
    const { commit, bundle } = await buildCommit({
      repository,
      scratch: temporaryFolder(t),
      base: head,
      changes: overlay.changes(),
      content: overlay.written,
      message: 'Three',
      date: '2026-11-20T22:00:00Z',
    });
    await fetchBundle(repository, bundle, commit);
    t.is(await createBranch(repository, 'pantheon/three', commit), 'created');
    t.deepEqual(await changesOf(repository, head, commit), overlay.changes());
    commits.push(commit);
    await base.close();
  }
  t.is(commits[0], commits[1]);
});

const refuses = test.macro({
  exec: async (t, message: RegExp, spoil: (plan: CommitPlan) => Partial<CommitPlan>) => {
    const { overlay, plan } = await prepare(t);
    change(overlay);
    const good = plan();
    await t.throwsAsync(buildCommit({ ...good, ...spoil(good) }), {
      instanceOf: CommitFault,
      message,
    });
  },
  title: (name = '') => `refuses ${name}`,
});

test('other content than the changes say', refuses, /content of a\.md/, () => ({
  content: () => Buffer.from('other'),
}));
test('missing content', refuses, /content of a\.md/, () => ({ content: () => undefined }));
test('another base than the changes say', refuses, /disagree at a\.md/, ({ changes }) => ({
  changes: changes.map((one) => ({ ...one, baseOid: one.oid })),
}));
test('no change', refuses, /no change/, () => ({ changes: [] }));
test('a bad date', refuses, /ISO 8601/, () => ({ date: 'yesterday' }));
test('an author that breaks the line', refuses, /Name <mail>/, () => ({
  author: 'A <a@b>\ncommitter Evil <e@e>',
}));
test('a NUL in the message', refuses, /NUL/, () => ({ message: 'a\0b' }));

test('takes an author; the committer stays', async (t) => {
  const { overlay, plan, folder, run } = await prepare(t);
  change(overlay);
  const { commit, bundle } = await buildCommit({ ...plan(), author: 'Ann Örn <ann@example.org>' });
  await fetchBundle(folder, bundle, commit);
  t.is(
    run(['log', '-1', '--format=%an <%ae> %cn', commit]).trim(),
    'Ann Örn <ann@example.org> Pantheon',
  );
});

test('a path in the changes cannot become another command', async (t) => {
  const { overlay, plan } = await prepare(t);
  change(overlay);
  const path = 'x\nD a.md';
  const oid = overlay.changes()[0]?.oid ?? '';
  const evil = { path, mode: '100644', baseOid: '0'.repeat(40), oid };
  const { commit } = await buildCommit({
    ...plan(),
    changes: [evil],
    content: () => Buffer.from('A\n'),
  });
  t.regex(commit, /^[0-9a-f]{40}$/);
});

test('changes are read only from one commit on the base', async (t) => {
  const { folder, run, head } = makeRepository(t, { 'a.md': 'a\n' });
  const commit = (...parents: readonly string[]): string =>
    run([
      'commit-tree',
      '-m',
      'x',
      ...parents.flatMap((parent) => ['-p', parent]),
      run(['rev-parse', 'HEAD^{tree}']).trim(),
    ]).trim();
  const one = commit(head);
  t.deepEqual(await changesOf(folder, head, one), []);
  const tree = run(['rev-parse', 'HEAD^{tree}']).trim();
  for (const other of [commit(), commit(one), commit(head, one), head, tree]) {
    await t.throwsAsync(changesOf(folder, head, other), { instanceOf: CommitFault });
  }
  await t.throwsAsync(changesOf(folder, head, '--help'), { instanceOf: CommitFault });
});

test('changes of mode and kind are seen', async (t) => {
  const { folder, run, head } = makeRepository(t, { 'a.md': 'a\n', 'b.md': 'b\n' });
  run(['update-index', '--chmod=+x', 'a.md']);
  const blob = run(['hash-object', '-w', '--stdin'], '/etc').trim();
  run(['update-index', '--add', '--cacheinfo', `120000,${blob},b.md`]);
  run(['commit', '-qm', 'Kinds']);
  const changes = await changesOf(folder, head, run(['rev-parse', 'HEAD']).trim());
  t.deepEqual(
    changes.map(({ path, mode }) => [path, mode]),
    [
      ['a.md', '100755'],
      ['b.md', '120000'],
    ],
  );
});

test('a bundle of something else, or a broken one, is refused', async (t) => {
  const { overlay, plan, folder, run, head } = await prepare(t);
  change(overlay);
  const { commit, bundle } = await buildCommit(plan());
  await t.throwsAsync(fetchBundle(folder, bundle, head), { instanceOf: CommitFault });
  const spoilt = join(temporaryFolder(t), 'spoilt');
  writeFileSync(spoilt, readFileSync(bundle).subarray(0, -30));
  await t.throwsAsync(fetchBundle(folder, spoilt, commit), { instanceOf: GitFault });
  writeFileSync(join(folder, 'not-a-bundle'), 'text\n');
  await t.throwsAsync(fetchBundle(folder, join(folder, 'not-a-bundle'), commit), {
    instanceOf: CommitFault,
  });
  t.throws(() => run(['cat-file', '-e', commit]));
});

test('a bundle whose tree contains .git is refused', async (t) => {
  const { folder, head } = makeRepository(t, { 'a.md': 'a\n' });
  const other = temporaryFolder(t);
  const run = plainGit(other);
  run(['clone', '-q', folder, '.']);
  const inner = run(['rev-parse', 'HEAD^{tree}']).trim();
  const tree = run(['mktree'], `040000 tree ${inner}\t.GIT\n`).trim();
  const commit = run(['commit-tree', '-p', head, '-m', 'x', tree]).trim();
  run(['update-ref', 'refs/pantheon/commit', commit]);
  const bundle = join(other, 'evil.bundle');
  run(['bundle', 'create', '-q', bundle, 'refs/pantheon/commit', `^${head}`]);
  await t.throwsAsync(fetchBundle(folder, bundle, commit), {
    instanceOf: GitFault,
    message: /hasDotgit/,
  });
});

test('a lock that a killed git left on a branch is named', async (t) => {
  const { folder, head } = makeRepository(t, { 'a.md': 'a\n' });
  const name = 'pantheon/notes-12345678';
  const lock = join(folder, '.git/refs/heads', `${name}.lock`);
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, '');
  await t.throwsAsync(createBranch(folder, name, head), {
    instanceOf: UserError,
    message: /pantheon\/notes-12345678\.lock: is the lock of git on pantheon\/notes-12345678\./,
  });
  rmSync(lock);
  t.is(await createBranch(folder, name, head), 'created');
});

test('a branch is created once and never moved', async (t) => {
  const { folder, run, head } = makeRepository(t, { 'a.md': 'a\n' });
  run(['commit', '-q', '--allow-empty', '-m', 'Later']);
  const later = run(['rev-parse', 'HEAD']).trim();
  const name = 'pantheon/notes-12345678';
  t.is(await createBranch(folder, name, head), 'created');
  t.is(await createBranch(folder, name, head), 'present');
  t.is(await createBranch(folder, name, later), 'taken');
  t.is(run(['rev-parse', name]).trim(), head);
  await t.throwsAsync(createBranch(folder, `${name}/under`, head), {
    name: 'UserError',
    message: /Rename it: git branch -m/,
  });
  t.is(await createBranch(folder, 'pantheon', head), 'taken');
  t.is(await createBranch(folder, 'main', head), 'taken');
  t.is(run(['rev-parse', 'main']).trim(), later);
  for (const bad of ['../x', '-x', 'a..b', 'a.lock', '@{-1}', '', 'HEAD']) {
    await t.throwsAsync(createBranch(folder, bad, head), { instanceOf: GitFault }, bad);
  }
  for (const none of ['1'.repeat(40), run(['rev-parse', 'HEAD^{tree}']).trim()]) {
    await t.throwsAsync(createBranch(folder, 'pantheon/none', none), { instanceOf: GitFault });
  }
});
