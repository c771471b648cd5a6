// SPDX-License-Identifier: GPL-3.0-only
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { GitFault } from '../../src/workspace/git.ts';
import { createOverlay, type Overlay } from '../../src/workspace/overlay.ts';
import { writeWorktree } from '../../src/workspace/worktree.ts';
import { everything, makeRepository, plainGit, temporaryFolder } from './with-repository.ts';

const overlayOf = async (t: ExecutionContext, folder: string): Promise<Overlay> => {
  const base = await openBaseTree(folder, 'HEAD');
  t.teardown(() => base.close());
  return createOverlay(base, everything);
};

/** Every file under a folder with its bytes, folders with `/`; what git keeps moves with it. */
const snapshot = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
      const place = join(entry.parentPath, entry.name);
      return [place, entry.isFile() ? readFileSync(place, 'latin1') : ''];
    }),
  );

test('writes the patched tree, leaving the repository as it was', async (t) => {
  const { folder, run } = makeRepository(
    t,
    { 'a.md': 'a\r\n', 'docs/gone/b.md': 'b\n', 'run.sh': 'true\n', 'docs/c d.md': '' },
    { before: (place) => chmodSync(join(place, 'run.sh'), 0o755) },
  );
  writeFileSync(join(folder, 'a.md'), 'work in progress\n');
  writeFileSync(join(folder, 'untracked'), 'mine\n');
  run(['add', 'a.md']);
  const before = snapshot(folder);
  const overlay = await overlayOf(t, folder);
  overlay.write('run.sh', Buffer.from('false\n'));
  overlay.write('new/deep/ü.md', Buffer.from('n\n'));
  overlay.remove('docs/gone/b.md');
  const target = join(temporaryFolder(t), 'tree');
  await writeWorktree(folder, overlay, { path: target });
  t.deepEqual(readdirSync(target, { recursive: true }).sort(), [
    'a.md',
    'docs',
    'docs/c d.md',
    'new',
    'new/deep',
    'new/deep/ü.md',
    'run.sh',
  ]);
  t.is(readFileSync(join(target, 'a.md'), 'utf8'), 'a\r\n');
  t.is(readFileSync(join(target, 'run.sh'), 'utf8'), 'false\n');
  t.true((statSync(join(target, 'run.sh')).mode & 0o100) !== 0);
  t.deepEqual(snapshot(folder), before);
});

test('runs no filter and converts nothing, whatever attributes and settings say', async (t) => {
  const { folder, run } = makeRepository(t, {
    '.gitattributes':
      '*.md filter=evil\n*.txt text eol=crlf\n*.id ident\n*.u16 working-tree-encoding=UTF-16\n',
    'a.md': 'as stored\n',
    'b.txt': 'line\n',
    'c.id': '$Id$\n',
    'd.u16': '',
  });
  const marker = join(temporaryFolder(t), 'ran');
  for (const name of ['smudge', 'process'])
    run(['config', `filter.evil.${name}`, `touch ${marker}`]);
  run(['config', 'filter.evil.required', 'true']);
  run(['config', 'core.autocrlf', 'true']);
  const target = temporaryFolder(t);
  await writeWorktree(folder, await overlayOf(t, folder), { path: target });
  t.false(existsSync(marker));
  t.is(readFileSync(join(target, 'a.md'), 'utf8'), 'as stored\n');
  t.is(readFileSync(join(target, 'b.txt'), 'utf8'), 'line\n');
  t.is(readFileSync(join(target, 'c.id'), 'utf8'), '$Id$\n');
});

test('symlinks are plain files, submodules empty folders', async (t) => {
  const { folder } = makeRepository(
    t,
    { 'a.md': 'a\n' },
    {
      before: (place, git) => {
        symlinkSync('/etc', join(place, 'out'));
        symlinkSync('a.md', join(place, 'in'));
        mkdirSync(join(place, 'sub'));
        git(['update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`]);
      },
    },
  );
  const target = temporaryFolder(t);
  await writeWorktree(folder, await overlayOf(t, folder), { path: target });
  for (const [name, content] of [
    ['out', '/etc'],
    ['in', 'a.md'],
  ] as const) {
    t.true(lstatSync(join(target, name)).isFile());
    t.is(readFileSync(join(target, name), 'utf8'), content);
  }
  t.deepEqual(readdirSync(join(target, 'sub')), []);
});

test('a tree that contains .git is refused whole', async (t) => {
  const { folder, run } = makeRepository(t, { 'hooks/pre-commit': 'evil\n' });
  const inner = run(['rev-parse', 'HEAD^{tree}']).trim();
  const tree = run(['mktree'], `040000 tree ${inner}\t.git\n`).trim();
  const commit = run(['commit-tree', '-m', 'x', tree]).trim();
  const base = await openBaseTree(folder, 'HEAD');
  const target = temporaryFolder(t);
  // As if the listing had let it through: git itself refuses to lay it out.
  const overlay = createOverlay({ ...base, commit }, everything);
  await t.throwsAsync(writeWorktree(folder, overlay, { path: target }), { instanceOf: GitFault });
  t.deepEqual(readdirSync(target), []);
  await base.close();
});

test('a folder with something in it is refused', async (t) => {
  const { folder } = makeRepository(t, { 'a.md': 'a\n' });
  await t.throwsAsync(writeWorktree(folder, await overlayOf(t, folder), { path: folder }), {
    message: /not empty/,
  });
});

test('an abort ends it with the reason and leaves no scratch folder', async (t) => {
  const { folder } = makeRepository(t, { 'a.md': 'a\n' });
  const overlay = await overlayOf(t, folder);
  const reason = new Error('enough');
  const work = writeWorktree(
    folder,
    overlay,
    { path: temporaryFolder(t) },
    {
      signal: AbortSignal.abort(reason),
    },
  );
  t.is(await t.throwsAsync(work), reason);
});

for (const [name, args] of [
  ['a sha256 repository', ['--object-format=sha256']],
  ['a bare shallow clone', []],
] as const) {
  test(`works on ${name}`, async (t) => {
    const made = makeRepository(t, { 'a.md': 'a\n' }, args.length ? { format: 'sha256' } : {});
    const clone = temporaryFolder(t);
    const options = args.length ? [] : ['--bare', '--depth', '1'];
    plainGit(clone)(['clone', '-q', ...options, `file://${made.folder}`, '.']);
    const overlay = await overlayOf(t, clone);
    overlay.write('b.md', Buffer.from('b\n'));
    const target = temporaryFolder(t);
    await writeWorktree(clone, overlay, { path: target });
    t.deepEqual(readdirSync(target), ['a.md', 'b.md']);
  });
}
