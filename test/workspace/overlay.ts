// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type BaseTree, openBaseTree } from '../../src/workspace/base-tree.ts';
import { Denied } from '../../src/workspace/denied.ts';
import { createOverlay, maxFileBytes, type Overlay } from '../../src/workspace/overlay.ts';
import { everything, makeRepository } from './with-repository.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && new TextDecoder().decode(bytes);

const files = {
  'README.md': 'Read\n',
  'docs/Straße.md': 'street\n',
  'docs/a.md': 'a\n',
  'docs/caf\u00e9.md': 'nfc\n',
  'docs/deep/b.md': 'b\n',
  'src/x.ts': 'x\n',
};

const open = async (t: ExecutionContext, format: 'sha1' | 'sha256' = 'sha1'): Promise<BaseTree> => {
  const { folder } = makeRepository(t, files, {
    format,
    before: (place, git) => {
      symlinkSync('docs', join(place, 'link'));
      mkdirSync(join(place, 'sub'));
      const id = '1'.repeat(format === 'sha1' ? 40 : 64);
      git(['update-index', '--add', '--cacheinfo', `160000,${id},sub`]);
    },
  });
  const tree = await openBaseTree(folder, 'HEAD');
  t.teardown(() => tree.close());
  return tree;
};

test('reads both sides, lists both, and knows the patch', async (t) => {
  const overlay = createOverlay(await open(t), everything);
  overlay.write('docs/a.md', encode('A\n'));
  overlay.write('docs/new/c.md', encode('c\n'));
  overlay.remove('src/x.ts');
  t.is(decode(await overlay.read('docs/a.md')), 'A\n');
  t.is(decode(await overlay.read('docs/a.md', 'base')), 'a\n');
  t.is(await overlay.read('docs/new/c.md', 'base'), undefined);
  t.is(await overlay.read('src/x.ts'), undefined);
  t.is(decode(await overlay.read('src/x.ts', 'base')), 'x\n');
  t.is(await overlay.read('docs/none.md'), undefined);
  t.deepEqual(overlay.list('base'), Object.keys(files).sort());
  t.deepEqual(
    overlay.list(),
    [...Object.keys(files).filter((path) => path !== 'src/x.ts'), 'docs/new/c.md'].sort(),
  );
  t.deepEqual(
    overlay.changes().map(({ path, mode }) => [path, mode]),
    [
      ['docs/a.md', '100644'],
      ['docs/new/c.md', '100644'],
      ['src/x.ts', '000000'],
    ],
  );
  t.is(decode(overlay.written('docs/a.md')), 'A\n');
  t.is(overlay.written('src/x.ts'), undefined);
});

for (const format of ['sha1', 'sha256'] as const) {
  test(`names new content as git does (${format})`, async (t) => {
    const { folder, run } = makeRepository(t, files, { format });
    const tree = await openBaseTree(folder, 'HEAD');
    const overlay = createOverlay(tree, everything);
    overlay.write('docs/a.md', encode('A\n'));
    t.is(overlay.changes()[0]?.oid, run(['hash-object', '--stdin'], 'A\n').trim());
    overlay.remove('docs/a.md');
    t.is(overlay.changes()[0]?.oid, '0'.repeat(format === 'sha1' ? 40 : 64));
    await tree.close();
  });
}

test('a file written back to its base content, or removed again, is not a change', async (t) => {
  const overlay = createOverlay(await open(t), everything);
  overlay.write('docs/a.md', encode('A\n'));
  overlay.write('docs/a.md', encode('a\n'));
  overlay.write('docs/new.md', encode('n\n'));
  overlay.remove('docs/new.md');
  overlay.remove('README.md');
  overlay.write('README.md', encode('Read\n'));
  t.deepEqual(overlay.changes(), []);
  t.is(overlay.written('docs/a.md'), undefined);
  t.deepEqual(overlay.list(), overlay.list('base'));
  overlay.write('docs/NEW.md', encode('the name is free again\n'));
  t.is(overlay.changes().length, 1);
});

test('keeps its bytes from later changes by others', async (t) => {
  const overlay = createOverlay(await open(t), everything);
  const bytes = encode('mine\n');
  overlay.write('docs/a.md', bytes);
  bytes.fill(0);
  (await overlay.read('docs/a.md'))?.fill(0);
  overlay.written('docs/a.md')?.fill(0);
  (await overlay.read('README.md'))?.fill(0);
  t.is(decode(await overlay.read('docs/a.md')), 'mine\n');
  t.is(decode(await overlay.read('README.md')), 'Read\n');
});

const denies = test.macro({
  exec: async (t, rule: string, reason: RegExp, act: (overlay: Overlay) => unknown) => {
    const overlay = createOverlay(await open(t), everything);
    const fault = await t.throwsAsync(async () => act(overlay), { instanceOf: Denied });
    t.is(fault?.rule, rule);
    t.regex(fault?.message ?? '', reason);
  },
  title: (name = '') => `denies ${name}`,
});

const some = encode('x');
const write = (path: string) => (overlay: Overlay) => overlay.write(path, some);

test('reading upwards', denies, 'path-parts', /upwards/, (o) => o.read('../x'));
test('writing upwards', denies, 'path-parts', /upwards/, write('docs/../../x'));
test('removing upwards', denies, 'path-parts', /upwards/, (o) => o.remove('../x'));
test('writing into .git', denies, 'path-git', /git's own folder/, write('.GIT/config'));
test('reading a symlink', denies, 'symlink', /link is a symbolic/, (o) => o.read('link'));
test('writing a symlink', denies, 'symlink', /link is a symbolic/, write('link'));
test('removing a symlink', denies, 'symlink', /symbolic/, (o) => o.remove('link'));
test('reading through a symlink', denies, 'symlink', /symbolic/, (o) => o.read('link/a.md'));
test('writing through a symlink', denies, 'symlink', /symbolic/, write('link/a.md'));
test('writing a submodule', denies, 'submodule', /another repository/, write('sub'));
test('writing into a submodule', denies, 'submodule', /another repository/, write('sub/a.md'));
test('reading a folder', denies, 'folder', /docs is a folder/, (o) => o.read('docs'));
test('writing a folder', denies, 'folder', /docs\/deep is a folder/, write('docs/deep'));
test('writing under a file', denies, 'folder', /README.md is a file/, write('README.md/x'));
test('reading under a file', denies, 'folder', /README.md is a file/, (o) => o.read('README.md/x'));
test('a name by case', denies, 'case', /existing README.md/, write('readme.md'));
test('a folder by case', denies, 'case', /existing docs only/, write('Docs/z.md'));
test('a deep folder by case', denies, 'case', /existing docs\/deep/, write('docs/Deep/new/z.md'));
test('a file named as a folder', denies, 'case', /existing docs only/, write('DOCS'));
test('a name by normalisation', denies, 'case', /existing/, write('docs/cafe\u0301.md'));
test('a name by case folding', denies, 'case', /existing/, write('docs/STRASSE.md'));
test('a name by a closing dot', denies, 'case', /existing/, write('docs/a.md.'));
test('a name by an invisible mark', denies, 'case', /existing/, write('docs/\u200da.md'));
test('a removed name by case', denies, 'case', /existing/, (overlay) => {
  overlay.remove('README.md');
  overlay.write('readme.md', some);
});
test('a new name by case', denies, 'case', /existing new\/N.md/, (overlay) => {
  overlay.write('new/N.md', some);
  overlay.write('new/n.md', some);
});
test('a new folder by case', denies, 'case', /existing new only/, (overlay) => {
  overlay.write('new/a.md', some);
  overlay.write('New/b.md', some);
});
test('a file where a new folder is', denies, 'folder', /new is a folder/, (overlay) => {
  overlay.write('new/a.md', some);
  overlay.write('new', some);
});
test('a folder where a new file is', denies, 'folder', /new is a file/, (overlay) => {
  overlay.write('new', some);
  overlay.write('new/a.md', some);
});
test('removing what is not there', denies, 'missing', /no file/, (o) => o.remove('docs/none.md'));
test('removing twice', denies, 'missing', /no file/, (overlay) => {
  overlay.remove('docs/a.md');
  overlay.remove('docs/a.md');
});
test('too large a file', denies, 'size', /more than/, (overlay) =>
  overlay.write('docs/a.md', new Uint8Array(maxFileBytes + 1)),
);

test('keeps to its reach and names the paths that may be touched', async (t) => {
  const base = await open(t);
  const reach = {
    mayRead: (path: string) => path.startsWith('docs/'),
    mayWrite: (path: string) => path === 'docs/a.md',
  };
  const overlay = createOverlay(base, reach);
  t.deepEqual(
    overlay.list(),
    Object.keys(files).filter((path) => path.startsWith('docs/')),
  );
  overlay.write('docs/a.md', some);
  for (const act of [write('docs/deep/b.md'), write('docs/new.md'), write('README.md')]) {
    const fault = t.throws(() => act(overlay), { instanceOf: Denied });
    t.is(fault?.rule, 'scope');
    t.regex(fault?.message ?? '', /only docs\/a\.md may be\.$/);
  }
  const reading = await t.throwsAsync(overlay.read('src/x.ts'), { instanceOf: Denied });
  t.regex(reading?.message ?? '', /^src\/x\.ts may not be read; only docs\//);
  const named = createOverlay(base, { ...reach, writable: ['docs/a.md', 'notes/**'] });
  t.throws(() => named.write('README.md', some), { message: /only docs\/a\.md, notes\/\*\* may/ });
});

test('costs the same for any tree: ten thousand overlays over ten thousand files', (t) => {
  const entries = new Map(
    Array.from({ length: 10_000 }, (_, at) => [
      `folder-${at % 100}/note-${at}.md`,
      { mode: '100644', oid: '1'.repeat(40), size: 10 },
    ]),
  );
  const base: BaseTree = {
    repository: '/nowhere',
    commit: '2'.repeat(40),
    entries,
    read: async () => some,
    close: async () => {},
  };
  const start = process.cpuUsage();
  for (let at = 0; at < 10_000; at += 1) {
    const overlay = createOverlay(base, everything);
    overlay.write(`folder-7/new-${at}.md`, some);
    t.is(overlay.changes().length, 1);
  }
  const { user, system } = process.cpuUsage(start);
  t.true(user + system < 5_000_000, `${(user + system) / 10_000} microseconds each`);
});
