// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { computeDiff } from '../../src/tool/compute-diff.ts';
import { editFile, replaceOnce } from '../../src/tool/edit-file.ts';
import { listFiles } from '../../src/tool/list-files.ts';
import { maxReadLength, readFile } from '../../src/tool/read-file.ts';
import { searchText } from '../../src/tool/search-text.ts';
import { ToolFault } from '../../src/tool/tool.ts';
import { writeFile } from '../../src/tool/write-file.ts';
import { Denied } from '../../src/workspace/denied.ts';
import { bytesOf, handsOn } from './with-tools.ts';

const files = {
  'docs/a.md': 'one\ntwo\nthree\n',
  'docs/crlf.md': '\ufeffone\r\ntwo\r\n',
  'docs/ünï côde.md': 'two ümläuts',
  'docs/empty.md': '',
  'src/a.ts': 'const two = 2;\n',
  'binary.md': Uint8Array.of(0x50, 0, 0xff),
  'latin1.md': Uint8Array.of(0x63, 0xe4),
};

test('read_file gives text as it is, whole or by lines, of both sides', async (t) => {
  const { use, overlay } = await handsOn(t, files);
  t.deepEqual(await use(readFile, { path: 'docs/a.md' }), {
    content: 'one\ntwo\nthree\n',
    lines: 3,
    truncated: false,
  });
  t.deepEqual(await use(readFile, { path: 'docs/a.md', from: 2, lines: 1 }), {
    content: 'two\n',
    lines: 3,
    truncated: true,
  });
  t.deepEqual(await use(readFile, { path: 'docs/a.md', from: 3, lines: 9 }), {
    content: 'three\n',
    lines: 3,
    truncated: false,
  });
  t.deepEqual(await use(readFile, { path: 'docs/a.md', from: 9 }), {
    content: '',
    lines: 3,
    truncated: false,
  });
  t.is((await use(readFile, { path: 'docs/crlf.md' })).content, '\ufeffone\r\ntwo\r\n');
  t.deepEqual(await use(readFile, { path: 'docs/empty.md' }), {
    content: '',
    lines: 0,
    truncated: false,
  });
  overlay.write('docs/a.md', bytesOf('new'));
  t.is((await use(readFile, { path: 'docs/a.md' })).content, 'new');
  t.is((await use(readFile, { path: 'docs/a.md', side: 'base' })).content, 'one\ntwo\nthree\n');
});

test('list_files says why it lists nothing, and nothing else beside files', async (t) => {
  const { use } = await handsOn(t, files);
  const none = await use(listFiles, { pattern: 'nowhere/*.md' });
  t.deepEqual([none.files, none.truncated], [[], false]);
  t.regex(none.hint ?? '', /no file that may be read matches "nowhere\/\*\.md"; a pattern begins/);
  t.regex((await use(listFiles, { after: 'zzz' })).hint ?? '', /no file comes after "zzz"/);
  t.deepEqual(Object.keys(await use(listFiles, {})), ['files', 'truncated']);
});

test('read_file cuts a large file at a line, or inside a line between characters', async (t) => {
  const lines = '0123456789\n'.repeat(20_000);
  const { use } = await handsOn(t, {
    'lines.md': lines,
    'line.md': `x${'😀'.repeat(maxReadLength)}`,
  });
  const first = await use(readFile, { path: 'lines.md' });
  t.true(first.truncated && first.content.endsWith('9\n') && first.content.length <= maxReadLength);
  const next = first.content.split('\n').length;
  const second = await use(readFile, { path: 'lines.md', from: next });
  t.is(first.content + second.content, lines);
  const { content, truncated } = await use(readFile, { path: 'line.md' });
  t.true(truncated && content.isWellFormed() && content.length >= maxReadLength - 1);
});

for (const [path, reason] of [
  ['docs/none.md', /no file "docs\/none\.md"/],
  ['binary.md', /not UTF-8 text/],
  ['latin1.md', /not UTF-8 text/],
] as const) {
  test(`read_file and edit_file cannot take ${path}`, async (t) => {
    const { use } = await handsOn(t, files);
    await t.throwsAsync(use(readFile, { path }), { instanceOf: ToolFault, message: reason });
    await t.throwsAsync(use(editFile, { path, old: 'a', new: 'b' }), {
      instanceOf: ToolFault,
      message: reason,
    });
  });
}

test('list_files lists what may be read, by glob, with what was written', async (t) => {
  const reach = { mayRead: (path: string) => path !== 'src/a.ts', mayWrite: () => true };
  const { use, overlay } = await handsOn(t, files, reach);
  overlay.write('docs/new.md', bytesOf('new'));
  overlay.remove('docs/a.md');
  t.deepEqual(await use(listFiles, { pattern: 'docs/' }), {
    files: ['docs/crlf.md', 'docs/empty.md', 'docs/new.md', 'docs/ünï côde.md'],
    truncated: false,
  });
  t.is((await use(listFiles, {})).files.length, 6);
});

test('list_files stops at a thousand', async (t) => {
  const { use, overlay } = await handsOn(t, {});
  for (let index = 0; index < 1001; index += 1) overlay.write(`f${index}`, bytesOf(''));
  const { files: listed, truncated } = await use(listFiles, {});
  t.deepEqual([listed.length, truncated], [1000, true]);
  const rest = await use(listFiles, { after: listed.at(-1) });
  t.deepEqual([rest.files, rest.truncated], [['f999'], false]);
});

test('search_text goes on behind a file', async (t) => {
  const { use } = await handsOn(t, files);
  const { matches } = await use(searchText, { text: 'two', after: 'docs/crlf.md' });
  t.deepEqual(
    matches.map(({ path }) => path),
    ['docs/ünï côde.md', 'src/a.ts'],
  );
});

test('search_text finds letters, not patterns, and skips what is not text', async (t) => {
  const { use, overlay } = await handsOn(t, files);
  t.deepEqual(await use(searchText, { text: 'two' }), {
    matches: [
      { path: 'docs/a.md', line: 2, text: 'two' },
      { path: 'docs/crlf.md', line: 2, text: 'two' },
      { path: 'docs/ünï côde.md', line: 1, text: 'two ümläuts' },
      { path: 'src/a.ts', line: 1, text: 'const two = 2;' },
    ],
    truncated: false,
  });
  t.deepEqual((await use(searchText, { text: 't.o' })).matches, []);
  t.is((await use(searchText, { text: 'two', pattern: '**/*.ts' })).matches.length, 1);
  t.deepEqual(await use(searchText, { text: 'two', maxResults: 1 }), {
    matches: [{ path: 'docs/a.md', line: 2, text: 'two' }],
    truncated: true,
  });
  overlay.write('long.md', bytesOf(`${'😀'.repeat(5000)}needle${'😀'.repeat(5000)}`));
  const [match] = (await use(searchText, { text: 'needle' })).matches;
  t.true(match?.text.includes('needle') && match.text.length < 400 && match.text.isWellFormed());
  t.false(searchText.args.safeParse({ text: 'a\nb' }).success);
});

test('write_file writes the bytes given', async (t) => {
  const { use, overlay } = await handsOn(t, files);
  t.deepEqual(await use(writeFile, { path: 'docs/a.md', content: '\ufeffä\r\n' }), {
    bytes: 7,
    created: false,
  });
  t.deepEqual(overlay.written('docs/a.md'), bytesOf('\ufeffä\r\n'));
  t.deepEqual(await use(writeFile, { path: 'docs/b.md', content: '' }), {
    bytes: 0,
    created: true,
  });
});

test('no tool leaves the reach of its unit', async (t) => {
  const reach = {
    mayRead: (path: string) => path.startsWith('docs/'),
    mayWrite: (path: string) => path === 'docs/a.md',
  };
  const { use } = await handsOn(t, files, reach);
  await t.throwsAsync(use(readFile, { path: 'src/a.ts' }), { instanceOf: Denied });
  await t.throwsAsync(use(writeFile, { path: 'docs/crlf.md', content: '' }), {
    instanceOf: Denied,
  });
  await t.throwsAsync(use(editFile, { path: 'docs/crlf.md', old: 'one', new: '1' }), {
    instanceOf: Denied,
  });
  for (const path of [
    '../a',
    '/a',
    '.git/config',
    'docs/.git/x',
    'docs//a.md',
    'docs/a\0.md',
    'DOCS/a.md',
  ]) {
    await t.throwsAsync(use(readFile, { path }), { instanceOf: Denied }, path);
    await t.throwsAsync(use(writeFile, { path, content: '' }), { instanceOf: Denied }, path);
  }
  t.deepEqual((await use(searchText, { text: 'const' })).matches, []);
});

const edits: readonly (readonly [
  title: string,
  text: string,
  old: string,
  to: string,
  expected: string | RegExp,
])[] = [
  ['one place', 'a\nb\nc\n', 'b', 'B', 'a\nB\nc\n'],
  ['dollars are letters', 'a b', 'b', '$& $1', 'a $& $1'],
  ['deletes', 'a\nb\n', 'b\n', '', 'a\n'],
  ['CRLF all through: a line break means CRLF', 'a\r\nb\r\n', 'a\nb', 'a\nx\nb', 'a\r\nx\r\nb\r\n'],
  ['CRLF all through: a CRLF stays one', 'a\r\nb\r\n', 'a\r\nb', 'a\r\nx\nb', 'a\r\nx\r\nb\r\n'],
  ['CRLF all through: new lines in one line', 'a\r\nb\r\n', 'b', 'b\nc', 'a\r\nb\r\nc\r\n'],
  ['mixed line ends are taken literally', 'a\r\nb\nc', 'b\nc', 'b\nd', 'a\r\nb\nd'],
  ['mixed line ends are not guessed', 'a\r\nb\nc', 'a\nb', 'x', /does not occur/],
  ['keeps a byte order mark', '\ufeffa', 'a', 'b', '\ufeffb'],
  ['not there', 'a', 'b', 'c', /does not occur/],
  ['twice', 'a a', 'a', 'b', /more than once/],
  ['twice, overlapping', 'aaa', 'aa', 'b', /more than once/],
  ['no change', 'a', 'a', 'a', /nothing would change/],
];

for (const [title, text, old, to, expected] of edits) {
  test(`edit_file: ${title}`, (t) => {
    if (typeof expected === 'string') t.is(replaceOnce(text, old, to), expected);
    else t.throws(() => replaceOnce(text, old, to), { instanceOf: ToolFault, message: expected });
  });
}

test('edit_file changes the file, and compute_diff shows it', async (t) => {
  const { use } = await handsOn(t, files);
  t.deepEqual(await use(computeDiff, {}), {
    diff: '',
    stats: { files: 0, insertions: 0, deletions: 0 },
  });
  t.deepEqual(await use(editFile, { path: 'docs/crlf.md', old: 'one\ntwo', new: 'one\n2' }), {
    replacements: 1,
  });
  const { diff, stats } = await use(computeDiff, { context: 0 });
  t.deepEqual(stats, { files: 1, insertions: 1, deletions: 1 });
  t.regex(diff, /^diff --git a\/docs\/crlf\.md b\/docs\/crlf\.md\n/);
  t.true(diff.endsWith('-two\r\n+2\r\n'));
});
