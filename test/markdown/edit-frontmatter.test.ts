// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { editFrontmatter, type FrontmatterEdit } from '../../src/markdown/edit-frontmatter.ts';

const becomes = test.macro({
  title: (name, _before: string, _edit: FrontmatterEdit, _after: string) => `edits: ${name}`,
  exec(t, before: string, edit: FrontmatterEdit, after: string) {
    const edited = editFrontmatter(before, edit);
    t.is('text' in edited ? edited.text : edited.refused, after);
    const again = editFrontmatter(after, edit);
    t.is('text' in again ? again.text : again.refused, after, 'a second time changes nothing');
  },
});

const refuses = test.macro({
  title: (name, _text: string, _edit: FrontmatterEdit, _reason: RegExp) => `refuses: ${name}`,
  exec(t, text: string, edit: FrontmatterEdit, reason: RegExp) {
    const edited = editFrontmatter(text, edit);
    t.regex('refused' in edited ? edited.refused : `made ${edited.text}`, reason);
  },
});

const both = { set: { title: 'T', tags: ['a', 'b'] } };
const title = { set: { title: 'T' } };

test('empty file', becomes, '', both, '---\ntitle: T\ntags: [a, b]\n---\n');
test('no frontmatter', becomes, 'x\r\ny', title, '---\r\ntitle: T\r\n---\r\nx\r\ny');
test('BOM', becomes, '\uFEFFx\n', title, '\uFEFF---\ntitle: T\n---\nx\n');
test(
  'BOM and CRLF',
  becomes,
  '\uFEFF---\r\na: 1\r\n---\r\nx',
  title,
  '\uFEFF---\r\na: 1\r\ntitle: T\r\n---\r\nx',
);
test('CR alone', becomes, '---\ra: 1\r---\rx', title, '---\ra: 1\rtitle: T\r---\rx');
test(
  'mixed breaks',
  becomes,
  '---\na: 1\r\nb: 2\n---\r\nx\n',
  title,
  '---\na: 1\r\nb: 2\ntitle: T\n---\r\nx\n',
);
test('empty frontmatter', becomes, '---\n---\nx', title, '---\ntitle: T\n---\nx');
test('only comments', becomes, '---\n# why\n---\nx', title, '---\n# why\ntitle: T\n---\nx');
test('closed by dots', becomes, '---\na: 1\n...\nx', title, '---\na: 1\ntitle: T\n...\nx');
test(
  'fences with spaces, no last break',
  becomes,
  '---  \na: 1\n--- ',
  title,
  '---  \na: 1\ntitle: T\n--- ',
);
test('a rule, unclosed', becomes, '---\nwords\n', title, '---\ntitle: T\n---\n---\nwords\n');
test(
  'two rules around text',
  becomes,
  '---\n\n# H\n\nwords\n\n---\nx',
  title,
  '---\ntitle: T\n---\n---\n\n# H\n\nwords\n\n---\nx',
);
test(
  'value with comment',
  becomes,
  '---\ntitle: "a"   # keep\nb: 1\n---\n',
  title,
  '---\ntitle: T   # keep\nb: 1\n---\n',
);
test(
  'empty value with comment',
  becomes,
  '---\ntitle: # keep\nb: 1\n---\n',
  title,
  '---\ntitle: T # keep\nb: 1\n---\n',
);
test(
  'quoted key, space before colon',
  becomes,
  '---\n"title" : a\n---\n',
  title,
  '---\n"title" : T\n---\n',
);
test(
  'block scalar',
  becomes,
  '---\ntitle: |\n  a\n\nb: 1\n---\n',
  title,
  '---\ntitle: T\n\nb: 1\n---\n',
);
test(
  'several lines',
  becomes,
  '---\ntitle: "a\n  b" # c\nb: 1\n---\n',
  title,
  '---\ntitle: T # c\nb: 1\n---\n',
);
test(
  'after a kept block scalar',
  becomes,
  '---\na: |+\n  x\n\n---\n',
  title,
  '---\na: |+\n  x\n\ntitle: T\n---\n',
);
test('indented mapping', becomes, '---\n  a: 1\n---\n', title, '---\n  a: 1\n  title: T\n---\n');
test(
  'in braces',
  becomes,
  '---\n{a: 1, tags: [b]}\n---\n',
  both,
  '---\n{a: 1, tags: [a, b], title: T}\n---\n',
);
test('empty braces', becomes, '---\n{}\n---\n', title, '---\n{title: T}\n---\n');
test(
  'block list keeps its comments and indentation',
  becomes,
  '---\ntags: # l\n  # why b\n  -   b # bb\n\n# end\nz: 1\n---\n',
  { set: { tags: ['a', 'b', 'c'] } },
  '---\ntags: # l\n  - a\n  # why b\n  -   b # bb\n  - c\n\n# end\nz: 1\n---\n',
);
test(
  'block list with CRLF',
  becomes,
  '---\r\ntags:\r\n- b\r\n---\r\n',
  { set: { tags: ['a', 'b'] } },
  '---\r\ntags:\r\n- a\r\n- b\r\n---\r\n',
);
test(
  'flow list keeps its spacing and quotes',
  becomes,
  "---\ntags: [ 'b','c' ] # x\n---\n",
  { set: { tags: ['a', 'b', 'c'] } },
  "---\ntags: [ a,'b','c' ] # x\n---\n",
);
test(
  'flow list over lines',
  becomes,
  '---\ntags: [\n  c,\n  b,\n]\n---\n',
  { set: { tags: ['b', 'c', 'd'] } },
  '---\ntags: [\n  b,\n  c,\n  d,\n]\n---\n',
);
test(
  'number as written',
  becomes,
  '---\ntags: [1.0, a]\n---\n',
  { set: { tags: [1, 'a', 'b'] } },
  '---\ntags: [1.0, a, b]\n---\n',
);
test(
  'removes a key, not the comments',
  becomes,
  '---\n# a\na:\n  - 1\n# b\nb: 2\n---\n',
  { set: {}, remove: ['a'] },
  '---\n# a\n# b\nb: 2\n---\n',
);
test(
  'orders keys with the comments above them',
  becomes,
  '---\n# file\n\na: 1\n# on b\nb: 2\nc: 3\n# end\n---\n',
  { set: {}, order: ['b', 'c'] },
  '---\n# file\n\n# on b\nb: 2\nc: 3\na: 1\n# end\n---\n',
);
test(
  'quotes what YAML 1.1 would not read as text',
  becomes,
  '',
  { set: { a: 'no', b: '12:30', c: 'x: y', d: '2024-01-01', e: ' x', f: '' } },
  '---\na: "no"\nb: "12:30"\nc: "x: y"\nd: "2024-01-01"\ne: " x"\nf: ""\n---\n',
);
test(
  'numeric and text keys side by side',
  becomes,
  '---\n1: a\n"1": b\n---\n',
  title,
  '---\n1: a\n"1": b\ntitle: T\n---\n',
);
test(
  'merged keys',
  becomes,
  '---\nb: &b {x: 1}\nc:\n  <<: *b\n---\n',
  title,
  '---\nb: &b {x: 1}\nc:\n  <<: *b\ntitle: T\n---\n',
);

test('key twice', refuses, '---\na: 1\na: 2\n---\n', title, /a key is a duplicate \(line 3\)/);
test('tab', refuses, '---\na:\n\tb: 1\n---\n', title, /not valid YAML/);
test('never closed', refuses, '---\na: 1\n\nx\n', title, /never closes/);
test('not on the first line', refuses, '\n---\na: 1\n---\n', title, /first line/);
test('a list', refuses, '---\n- a\n---\n', title, /text or a list/);
test('text', refuses, '---\nsome words\n---\n', title, /text or a list/);
test('an alias to nothing', refuses, '---\na: *x\n---\n', title, /not valid YAML/);
test(
  'an anchor others use',
  refuses,
  '---\ntitle: &t A\nb: *t\n---\n',
  title,
  /other keys depend on title/,
);
test(
  'an alias bomb',
  refuses,
  `---\na: &a [x]\n${'bcdefgh'
    .split('')
    .map(
      (key, index) =>
        `${key}: &${key} [${'*abcdefg'[0]}${'abcdefg'[index]}${`, *${'abcdefg'[index]}`.repeat(9)}]`,
    )
    .join('\n')}\n---\n`,
  title,
  /not valid YAML/,
);
test('deep nesting', refuses, `---\na: ${'['.repeat(30_000)}\n---\n`, title, /not valid YAML/);
test('conflict markers', refuses, 'a\n<<<<<<< HEAD\nb\n', title, /conflict markers \(line 2\)/);
test(
  'a Git LFS pointer',
  refuses,
  'version https://git-lfs.github.com/spec/v1\noid sha256:0\n',
  title,
  /LFS/,
);
test(
  'an order that puts an alias before its anchor',
  refuses,
  '---\na: &x 1\nb: *x\n---\n',
  { set: {}, order: ['b'] },
  /without touching other keys/,
);
test(
  'an order that gives an alias another value',
  refuses,
  '---\na: &x 1\nc: &x 2\nb: *x\n---\n',
  { set: {}, order: ['a', 'b'] },
  /without touching other keys/,
);
test('explicit key', refuses, '---\n? title\n: a\n---\n', title, /not edited/);
test(
  'comments inside a flow list',
  refuses,
  '---\ntags: [b, # c\n  d]\n---\n',
  { set: { tags: ['a', 'b', 'd'] } },
  /comments/,
);
test(
  'a number as key',
  refuses,
  '---\n1: a\n---\n',
  { set: { '1': 'b' } },
  /as something other than text/,
);
test('a bare CR', refuses, '---\na: 1\rb: 2\n---\n', title, /carriage return/);
test('huge frontmatter', refuses, `---\na: ${'x'.repeat(70_000)}\n---\n`, title, /more than/);
