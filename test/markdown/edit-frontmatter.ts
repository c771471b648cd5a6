// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { editFrontmatter, type FrontmatterEdit } from '../../src/markdown/edit-frontmatter.ts';
import { each } from '../each.ts';

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

each(becomes, {
  'empty file': ['', both, '---\ntitle: T\ntags: [a, b]\n---\n'],
  'no frontmatter': ['x\r\ny', title, '---\r\ntitle: T\r\n---\r\nx\r\ny'],
  BOM: ['\uFEFFx\n', title, '\uFEFF---\ntitle: T\n---\nx\n'],
  'BOM and CRLF': [
    '\uFEFF---\r\na: 1\r\n---\r\nx',
    title,
    '\uFEFF---\r\na: 1\r\ntitle: T\r\n---\r\nx',
  ],
  'CR alone': ['---\ra: 1\r---\rx', title, '---\ra: 1\rtitle: T\r---\rx'],
  'mixed breaks': [
    '---\na: 1\r\nb: 2\n---\r\nx\n',
    title,
    '---\na: 1\r\nb: 2\ntitle: T\n---\r\nx\n',
  ],
  'empty frontmatter': ['---\n---\nx', title, '---\ntitle: T\n---\nx'],
  'only comments': ['---\n# why\n---\nx', title, '---\n# why\ntitle: T\n---\nx'],
  'closed by dots': ['---\na: 1\n...\nx', title, '---\na: 1\ntitle: T\n...\nx'],
  'fences with spaces, no last break': ['---  \na: 1\n--- ', title, '---  \na: 1\ntitle: T\n--- '],
  'a rule, unclosed': ['---\nwords\n', title, '---\ntitle: T\n---\n---\nwords\n'],
  'two rules around text': [
    '---\n\n# H\n\nwords\n\n---\nx',
    title,
    '---\ntitle: T\n---\n---\n\n# H\n\nwords\n\n---\nx',
  ],
  'value with comment': [
    '---\ntitle: "a"   # keep\nb: 1\n---\n',
    title,
    '---\ntitle: T   # keep\nb: 1\n---\n',
  ],
  'empty value with comment': [
    '---\ntitle: # keep\nb: 1\n---\n',
    title,
    '---\ntitle: T # keep\nb: 1\n---\n',
  ],
  'quoted key, space before colon': ['---\n"title" : a\n---\n', title, '---\n"title" : T\n---\n'],
  'block scalar': ['---\ntitle: |\n  a\n\nb: 1\n---\n', title, '---\ntitle: T\n\nb: 1\n---\n'],
  'several lines': [
    '---\ntitle: "a\n  b" # c\nb: 1\n---\n',
    title,
    '---\ntitle: T # c\nb: 1\n---\n',
  ],
  'after a kept block scalar': [
    '---\na: |+\n  x\n\n---\n',
    title,
    '---\na: |+\n  x\n\ntitle: T\n---\n',
  ],
  'indented mapping': ['---\n  a: 1\n---\n', title, '---\n  a: 1\n  title: T\n---\n'],
  'in braces': [
    '---\n{a: 1, tags: [b]}\n---\n',
    both,
    '---\n{a: 1, tags: [a, b], title: T}\n---\n',
  ],
  'empty braces': ['---\n{}\n---\n', title, '---\n{title: T}\n---\n'],
  'block list keeps its comments and indentation': [
    '---\ntags: # l\n  # why b\n  -   b # bb\n\n# end\nz: 1\n---\n',
    { set: { tags: ['a', 'b', 'c'] } },
    '---\ntags: # l\n  - a\n  # why b\n  -   b # bb\n  - c\n\n# end\nz: 1\n---\n',
  ],
  'block list with CRLF': [
    '---\r\ntags:\r\n- b\r\n---\r\n',
    { set: { tags: ['a', 'b'] } },
    '---\r\ntags:\r\n- a\r\n- b\r\n---\r\n',
  ],
  'flow list keeps its spacing and quotes': [
    "---\ntags: [ 'b','c' ] # x\n---\n",
    { set: { tags: ['a', 'b', 'c'] } },
    "---\ntags: [ a,'b','c' ] # x\n---\n",
  ],
  'flow list over lines': [
    '---\ntags: [\n  c,\n  b,\n]\n---\n',
    { set: { tags: ['b', 'c', 'd'] } },
    '---\ntags: [\n  b,\n  c,\n  d,\n]\n---\n',
  ],
  'number as written': [
    '---\ntags: [1.0, a]\n---\n',
    { set: { tags: [1, 'a', 'b'] } },
    '---\ntags: [1.0, a, b]\n---\n',
  ],
  'removes a key, not the comments': [
    '---\n# a\na:\n  - 1\n# b\nb: 2\n---\n',
    { set: {}, remove: ['a'] },
    '---\n# a\n# b\nb: 2\n---\n',
  ],
  'orders keys with the comments above them': [
    '---\n# file\n\na: 1\n# on b\nb: 2\nc: 3\n# end\n---\n',
    { set: {}, order: ['b', 'c'] },
    '---\n# file\n\n# on b\nb: 2\nc: 3\na: 1\n# end\n---\n',
  ],
  'quotes what YAML 1.1 would not read as text': [
    '',
    { set: { a: 'no', b: '12:30', c: 'x: y', d: '2024-01-01', e: ' x', f: '' } },
    '---\na: "no"\nb: "12:30"\nc: "x: y"\nd: "2024-01-01"\ne: " x"\nf: ""\n---\n',
  ],
  'numeric and text keys side by side': [
    '---\n1: a\n"1": b\n---\n',
    title,
    '---\n1: a\n"1": b\ntitle: T\n---\n',
  ],
  'merged keys': [
    '---\nb: &b {x: 1}\nc:\n  <<: *b\n---\n',
    title,
    '---\nb: &b {x: 1}\nc:\n  <<: *b\ntitle: T\n---\n',
  ],
});

each(refuses, {
  'key twice': ['---\na: 1\na: 2\n---\n', title, /a key is a duplicate \(line 3\)/],
  tab: ['---\na:\n\tb: 1\n---\n', title, /not valid YAML/],
  'never closed': ['---\na: 1\n\nx\n', title, /never closes/],
  'not on the first line': ['\n---\na: 1\n---\n', title, /first line/],
  'a list': ['---\n- a\n---\n', title, /text or a list/],
  text: ['---\nsome words\n---\n', title, /text or a list/],
  'an alias to nothing': ['---\na: *x\n---\n', title, /not valid YAML/],
  'an anchor others use': ['---\ntitle: &t A\nb: *t\n---\n', title, /other keys depend on title/],
  'an alias bomb': [
    `---\na: &a [x]\n${'bcdefgh'
      .split('')
      .map(
        (key, index) =>
          `${key}: &${key} [${'*abcdefg'[0]}${'abcdefg'[index]}${`, *${'abcdefg'[index]}`.repeat(9)}]`,
      )
      .join('\n')}\n---\n`,
    title,
    /not valid YAML/,
  ],
  'deep nesting': [`---\na: ${'['.repeat(30_000)}\n---\n`, title, /not valid YAML/],
  'conflict markers': ['a\n<<<<<<< HEAD\nb\n', title, /conflict markers \(line 2\)/],
  'a Git LFS pointer': ['version https://git-lfs.github.com/spec/v1\noid sha256:0\n', title, /LFS/],
  'an order that puts an alias before its anchor': [
    '---\na: &x 1\nb: *x\n---\n',
    { set: {}, order: ['b'] },
    /without touching other keys/,
  ],
  'an order that gives an alias another value': [
    '---\na: &x 1\nc: &x 2\nb: *x\n---\n',
    { set: {}, order: ['a', 'b'] },
    /without touching other keys/,
  ],
  'explicit key': ['---\n? title\n: a\n---\n', title, /not edited/],
  'comments inside a flow list': [
    '---\ntags: [b, # c\n  d]\n---\n',
    { set: { tags: ['a', 'b', 'd'] } },
    /comments/,
  ],
  'a number as key': ['---\n1: a\n---\n', { set: { '1': 'b' } }, /as something other than text/],
  'a bare CR': ['---\na: 1\rb: 2\n---\n', title, /carriage return/],
  'huge frontmatter': [`---\na: ${'x'.repeat(70_000)}\n---\n`, title, /more than/],
});
