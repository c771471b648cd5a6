// SPDX-License-Identifier: GPL-3.0-only
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { UserError } from '../../src/data/user-error.ts';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { GitFault } from '../../src/workspace/git.ts';
import { literalCommit } from './literal-tree.ts';
import { makeRepository, plainGit, temporaryFolder } from './with-repository.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test('lists every entry with mode, id and size, at the commit asked for', async (t) => {
  const { folder, run, head } = makeRepository(
    t,
    { 'a.md': 'one\n', 'dir/ü "q".md': 'zwei', 'run.sh': '#!/bin/sh\n', empty: '' },
    {
      before: (place, git) => {
        symlinkSync('../outside', join(place, 'link'));
        chmodSync(join(place, 'run.sh'), 0o755);
        mkdirSync(join(place, 'sub'));
        const commit = git(['commit-tree', '-m', 'x', git(['mktree'], '').trim()]).trim();
        git(['update-index', '--add', '--cacheinfo', `160000,${commit},sub`]);
      },
    },
  );
  const recorded = run(['rev-parse', 'HEAD:dir/ü "q".md']).trim();
  writeFileSync(join(folder, 'a.md'), 'changed and committed later');
  run(['commit', '-qam', 'Later']);
  const tree = await openBaseTree(folder, 'HEAD~1');
  t.is(tree.commit, head);
  t.deepEqual(
    [...tree.entries].map(([path, { mode, size }]) => [path, mode, size]),
    [
      ['a.md', '100644', 4],
      ['dir/ü "q".md', '100644', 4],
      ['empty', '100644', 0],
      ['link', '120000', 10],
      ['run.sh', '100755', 10],
      ['sub', '160000', 0],
    ],
  );
  t.is(tree.entries.get('dir/ü "q".md')?.oid, recorded);
  t.is(decode(await tree.read(tree.entries.get('a.md')?.oid ?? '')), 'one\n');
  await tree.close();
});

for (const format of ['sha1', 'sha256'] as const) {
  test(`reads many blobs at once, each its own (${format})`, async (t) => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`f${at}`, `${at}\n`.repeat((at * 37) % 5000)]),
    );
    const { folder } = makeRepository(t, files, { format });
    const tree = await openBaseTree(folder, 'HEAD');
    const read = await Promise.all(
      [...tree.entries].map(async ([path, { oid }]) => [path, decode(await tree.read(oid))]),
    );
    t.deepEqual(Object.fromEntries(read), files);
    await tree.close();
  });
}

test('the bytes of a blob are the caller’s own, however often it is read', async (t) => {
  const { folder } = makeRepository(t, { a: 'small', b: 'large'.repeat(1_000_000), c: '' });
  const tree = await openBaseTree(folder, 'HEAD');
  for (const { oid, size } of tree.entries.values()) {
    for (let round = 0; round < 3; round += 1) {
      const bytes = await tree.read(oid);
      t.is(bytes.length, size);
      t.not(bytes[0], 0x21);
      bytes.fill(0x21);
    }
  }
  await tree.close();
});

test('keeps names that are not UTF-8 apart', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.md': 'a\n' });
  const blob = run(['rev-parse', 'HEAD:a.md']).trim();
  const record = Buffer.concat([
    Buffer.from(`100644 blob ${blob}\t`),
    Buffer.from([0x66, 0xe9, 0x2e, 0x6d, 0x64, 0]),
    Buffer.from(`100644 blob ${blob}\tplain.md\0`),
  ]);
  const made = run(['mktree', '-z'], record).trim();
  const commit = run(['commit-tree', '-m', 'x', made]).trim();
  const tree = await openBaseTree(folder, commit);
  t.deepEqual([...tree.entries.keys()], ['plain.md']);
  t.deepEqual(tree.unreadable, ['"f\\351.md"']);
  await tree.close();
});

const refuses = test.macro({
  title: (name, names: readonly (string | Buffer)[]) =>
    `a commit is refused whose tree has ${name ?? JSON.stringify(names)}`,
  async exec(t, names: readonly (string | Buffer)[], what: RegExp) {
    const { folder, run } = makeRepository(t, {});
    const commit = literalCommit(run, names);
    const error = await t.throwsAsync(openBaseTree(folder, commit), { instanceOf: UserError });
    t.regex(error?.message ?? '', what);
  },
});

test(refuses, ['agents', '..', '..', 'x.ts'], /^agents\/\.\.\/\.\.\/x\.ts: .* leads upwards/);
test(refuses, ['docs', '..', 'x.md'], /^docs\/\.\.\/x\.md: .* leads upwards/);
test(refuses, ['a', '.', 'x'], /empty or "\." part/);
test(refuses, ['/etc/passwd'], /empty or "\." part/);
test(refuses, ['a/../../b'], /leads upwards/);
test(refuses, ['.git', 'config'], /git's own folder/);
test(refuses, ['sub', '.GIT', 'config'], /git's own folder/);
test(refuses, ['git~1', 'config'], /git's own folder/);
test(refuses, ['.git ', 'config'], /git's own folder/);
test(refuses, ['.g\u200cit', 'config'], /git's own folder/);
test(refuses, ['.git\\config'], /git's own folder/);
test(refuses, ['a\\.git\\config'], /git's own folder/);
test(refuses, ['a\n', '..', 'b'], /^"a\\n\/\.\.\/b": .* leads upwards/);
test('.. beside a name that is not UTF-8', refuses, [Buffer.from([0xff]), '..', 'b'], /upwards/);

for (const [title, names] of Object.entries({
  'the same name': ['a.md'],
  'a file of the name of a folder': ['a.md', 'b.md'],
})) {
  test(`a commit is refused whose tree has ${title} twice`, async (t) => {
    const { folder, run } = makeRepository(t, { 'a.md': 'shown\n' });
    const shown = run(['rev-parse', 'HEAD:a.md']).trim();
    const commit = literalCommit(run, names, { others: [['100644', 'a.md', shown]] });
    await t.throwsAsync(openBaseTree(folder, commit), {
      instanceOf: UserError,
      message: /^a\.md: .* in one tree twice/,
    });
  });
}

test('odd names that a checkout may have are listed', async (t) => {
  const { folder, run } = makeRepository(t, {});
  const names = [
    '..a',
    'b..',
    '...',
    'c: d.md',
    'e\\f',
    'g\th',
    '.gitignore',
    '.github',
    'i'.repeat(300),
  ];
  for (const name of names) {
    const tree = await openBaseTree(folder, literalCommit(run, ['n', name]));
    t.deepEqual([...tree.entries.keys()], [`n/${name}`]);
    await tree.close();
  }
});

test('an id that is not a commit is a fault', async (t) => {
  const { folder } = makeRepository(t, {});
  await t.throwsAsync(openBaseTree(folder, 'nothing'), { instanceOf: GitFault });
  await t.throwsAsync(openBaseTree(folder, '--help'), { instanceOf: GitFault });
  await t.throwsAsync(openBaseTree(folder, '1'.repeat(40)), { instanceOf: GitFault });
});

test('a missing object, a tree and a word fail alone', async (t) => {
  const { folder, run } = makeRepository(t, { 'dir/a.md': 'a\n' });
  const tree = await openBaseTree(folder, 'HEAD');
  const good = tree.entries.get('dir/a.md')?.oid ?? '';
  const results = await Promise.allSettled([
    tree.read('0'.repeat(39).concat('1')),
    tree.read(good),
    tree.read(run(['rev-parse', 'HEAD:dir']).trim()),
    tree.read(good),
    tree.read('HEAD'),
  ]);
  t.deepEqual(
    results.map((result) =>
      result.status === 'fulfilled' ? decode(result.value) : result.reason.name,
    ),
    ['GitFault', 'a\n', 'GitFault', 'a\n', 'GitFault'],
  );
  await tree.close();
  await t.throwsAsync(tree.read(good), { instanceOf: GitFault, message: /closed/ });
});

/** Ids of the children of a process, from /proc. */
const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === `${pid}`
        );
      } catch {
        return false;
      }
    })
    .map(Number);

test.serial('a reader that dies fails the reads under way; the next ones work', async (t) => {
  const { folder } = makeRepository(t, { big: 'x'.repeat(20_000_000), small: 'small' });
  const tree = await openBaseTree(folder, 'HEAD');
  const [big, small] = ['big', 'small'].map((path) => tree.entries.get(path)?.oid ?? '');
  const before = new Set(childrenOf(process.pid));
  const reads = Promise.allSettled([tree.read(big ?? ''), tree.read(big ?? '')]);
  for (const pid of childrenOf(process.pid)) if (!before.has(pid)) process.kill(pid, 'SIGKILL');
  t.deepEqual(
    (await reads).map((result) => result.status === 'rejected' && result.reason.message),
    Array(2).fill('git cat-file ended (SIGKILL) before it had answered'),
  );
  t.is(decode(await tree.read(small ?? '')), 'small');
  await tree.close();
});

test('an open tree does not keep the process alive, a read under way does', (t) => {
  const { folder } = makeRepository(t, { 'a.md': 'content\n' });
  const script = join(temporaryFolder(t), 'reads.mjs');
  const source = new URL('../../src/workspace/base-tree.ts', import.meta.url);
  writeFileSync(
    script,
    `import { openBaseTree } from ${JSON.stringify(source.href)};
     const tree = await openBaseTree(process.argv[2], 'HEAD');
     for (let round = 0; round < 2; round += 1) {
       const bytes = await tree.read(tree.entries.get('a.md').oid);
       process.stdout.write(bytes);
     }`,
  );
  const output = execFileSync(process.execPath, [script, folder], { timeout: 10_000 });
  t.is(output.toString(), 'content\ncontent\n');
});

test('a shallow clone is read as any other', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.md': 'one\n' });
  writeFileSync(join(folder, 'a.md'), 'two\n');
  run(['commit', '-qam', 'Two']);
  const clone = temporaryFolder(t);
  plainGit(clone)(['clone', '-q', '--depth', '1', `file://${folder}`, '.']);
  const tree = await openBaseTree(clone, 'HEAD');
  t.is(decode(await tree.read(tree.entries.get('a.md')?.oid ?? '')), 'two\n');
  await tree.close();
});

const reader = new URL('../../src/workspace/blob-reader.ts', import.meta.url).href;

test('closing keeps the process alive until git has ended, reads under way or not', async (t) => {
  const { folder, run } = makeRepository(t, { 'a.txt': 'a'.repeat(100_000) });
  const oid = run(['rev-parse', 'HEAD:a.txt']).trim();
  const script = `
    import { openBlobReader } from ${JSON.stringify(reader)};
    const { read, close } = openBlobReader(${JSON.stringify(folder)});
    read(${JSON.stringify(oid)}).then(() => console.log('read'));
    await close();
    console.log('closed');
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ]);
  t.is(stdout, 'read\nclosed\n');
});
