// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { setFrontmatter } from '../../src/tool/set-frontmatter.ts';
import { bytesOf, handsOn } from './with-tools.ts';

const files = {
  'a.md': '\uFEFF---\r\nb: 1 # c\r\n---\r\ntext\r\n',
  'n.md': 'text\n',
  'code.ts': 'export {};\n',
  'wide.md': Buffer.from('\uFEFFtext', 'utf16le'),
  'raw.md': Buffer.from([0x61, 0xff, 0x0a]),
  'bin.md': Buffer.from([0x89, 0x50, 0, 1]),
  'twice.md': '---\na: 1\na: 2\n---\n',
  'big.md': 'x'.repeat(1024 * 1024 + 1),
};

test('sets keys, keeps every other byte, and does it once', async (t) => {
  const { overlay, use } = await handsOn(t, files);
  const args = { path: 'a.md', set: { title: 'T', b: 1 }, order: ['title'] };
  t.deepEqual(await use(setFrontmatter, args), { changed: true, keys: ['title'] });
  t.deepEqual(
    await overlay.read('a.md'),
    bytesOf('\uFEFF---\r\ntitle: T\r\nb: 1 # c\r\n---\r\ntext\r\n'),
  );
  t.deepEqual(await use(setFrontmatter, args), { changed: false, keys: [] });
});

test('what changes nothing is not a patch', async (t) => {
  const { overlay, use } = await handsOn(t, files);
  t.deepEqual(await use(setFrontmatter, { path: 'n.md', set: {} }), { changed: false, keys: [] });
  t.deepEqual(overlay.changes(), []);
});

const setFrontmatterRefuses = test.macro({
  title: (_, path: string) => `leaves ${path} alone`,
  async exec(t, path: string, reason: RegExp) {
    const { overlay, use } = await handsOn(t, files);
    await t.throwsAsync(use(setFrontmatter, { path, set: { title: 'T' } }), { message: reason });
    t.deepEqual(overlay.changes(), []);
  },
});

test(setFrontmatterRefuses, 'code.ts', /not a Markdown file/);
test(setFrontmatterRefuses, 'none.md', /no file/);
test(setFrontmatterRefuses, 'wide.md', /UTF-16/);
test(setFrontmatterRefuses, 'raw.md', /not UTF-8/);
test(setFrontmatterRefuses, 'bin.md', /binary/);
test(setFrontmatterRefuses, 'twice.md', /not valid YAML/);
test(setFrontmatterRefuses, 'big.md', /more than/);
test(setFrontmatterRefuses, '../x.md', /outside|leave|\.\./);
