// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { each } from '../../each.ts';
import { bad, good } from './asking.ts';
import { spoiledLines } from './spoil-lines.ts';

const body = '# First heading\n\nText. #ops\n';
const before = `---
# about
layout: post # kept
tags: [zeta, ops]
x:
  - 1 # one
  - 2

# last
draft:   true
---
${body}`;
const made = before
  .replace('tags: [zeta, ops]', 'tags: [ops, zeta]')
  .replace('draft:   true\n', 'draft:   true\ntitle: First heading\n');

const swap = (from: string, to: string): { readonly before: string; readonly after: string } => ({
  before,
  after: made.replace(from, () => to),
});

each(good, {
  'the title at the end': [{ before, after: made }],
  'the title on top': [
    {
      before,
      after: made
        .replace('title: First heading\n', '')
        .replace('---\n', '---\ntitle: First heading\n'),
    },
  ],
  'the title between two keys': [
    {
      before,
      after: made
        .replace('title: First heading\n', '')
        .replace('x:\n', 'title: First heading\nx:\n'),
    },
  ],
  'the list in another form': [swap('tags: [ops, zeta]', 'tags:\n  - ops\n  - zeta')],
  'the list in quotes': [swap('tags: [ops, zeta]', 'tags: ["ops", \'zeta\']')],
  'nothing to do': [{ before: made, after: made }],
});

each(bad, {
  'another value': [swap('layout: post', 'layout: page')],
  'quotes around another value': [swap('layout: post', 'layout: "post"')],
  'blanks in another line': [swap('draft:   true', 'draft: true')],
  'a key gone': [swap('layout: post # kept\n', '')],
  'a comment gone': [swap('# about\n', '')],
  'a comment beside a value gone': [swap(' # kept', '')],
  'another comment': [swap('# about', '# About')],
  'a comment more': [swap('# about\n', '# about\n# approved\n')],
  'a comment more beside a value': [swap('draft:   true', 'draft:   true # approved')],
  'a comment more beside the tags': [swap('zeta]', 'zeta] # approved')],
  'a comment within another list': [swap('  - 2', '  # two\n  - 2')],
  'a comment that moves': [swap('# last\ndraft:   true\n', 'draft:   true\n# last\n')],
  'an empty line gone': [swap('\n\n# last', '\n# last')],
  'an empty line more': [swap('x:\n', '\nx:\n')],
  'keys in another order': [
    swap('layout: post # kept\ntags: [ops, zeta]\n', 'tags: [ops, zeta]\nlayout: post # kept\n'),
  ],
  'another list sorted': [swap('  - 1 # one\n  - 2', '  - 2\n  - 1 # one')],
  'another key spelled anew': [swap('layout', 'Layout')],
  'tags spelled anew': [swap('tags', 'Tags')],
  'tags in two spellings': [swap('title:', 'Tags: [ops]\ntitle:')],
  'a key between a comment and its key': [
    {
      before,
      after: made
        .replace('title: First heading\n', '')
        .replace('# last\n', '# last\ntitle: First heading\n'),
    },
  ],
  'an anchor on another key': [swap('layout: post', 'layout: &l post')],
  'a tag on another key': [swap('layout: post', 'layout: !!str post')],
  'a merge key into a block': [swap('title:', '<<: {y: 1}\ntitle:')],
  'another last fence of a block': [swap('heading\n---', 'heading\n...')],
  'another first fence': [swap('---\n#', '--- yaml\n#')],
  'line ends of the block': [
    { before, after: made.replace(body, '').replaceAll('\n', '\r\n') + body },
  ],
  'one line end in the list': [swap('tags: [ops, zeta]', 'tags:\r\n  - ops\n  - zeta')],
  'the title not made': [swap('title: First heading\n', '')],
  'the tags not sorted': [swap('[ops, zeta]', '[zeta, ops]')],
  'a tag lost': [swap('[ops, zeta]', '[ops]')],
  'two blocks': [{ before, after: `---\ntitle: First heading\n---\n${before}` }],
});

const inner = made.slice('---\n'.length, made.indexOf('\n---\n# First')).split('\n');
for (const [name, spoiled] of spoiledLines(inner)) {
  test(name, bad, { before, after: `---\n${spoiled.join('\n')}\n---\n${body}` });
}

const kept = '---\ntitle: "no"\ntags: ["2024", "on"]\n---\nText.\n';
const more = '---\ntitle: "no"\ntags: ["2024", "on", ops]\n---\nText. #ops\n';
const old = `${kept.slice(0, -1)} #ops\n`;
const anew = (from: string, to: string) => ({ before: old, after: more.replace(from, to) });

each(good, {
  'a hashtag among tags in quotes': [{ before: old, after: more }],
  'a list of one that stays text': [
    {
      before: '---\ntitle: A\ntags: [2024, b]\n---\n#a\n',
      after: '---\ntitle: A\ntags: [2024, a, b]\n---\n#a\n',
    },
  ],
  'entries as they stood, in another form': [
    {
      before: '---\ntitle: A\ntags:\n- on\n- a\n---\n',
      after: '---\ntitle: A\ntags:\n- a\n- on\n---\n',
    },
  ],
  'words between commas': [
    {
      before: '---\ntitle: A\ntags: site performance, on\n---\n',
      after: '---\ntitle: A\ntags: ["on", site performance]\n---\n',
    },
  ],
  'comments beside entries': [
    {
      before: '---\ntitle: A\ntags:\n  # why b\n  - b\n  - a # last\n---\n#c\n',
      after: '---\ntitle: A\ntags:\n  - a # last\n  # why b\n  - b\n  - c\n---\n#c\n',
    },
  ],
  'an empty title with a comment': [
    {
      before: '---\ntitle: # to do\n---\n# A\n',
      after: '---\ntitle: A # to do\n---\n# A\n',
    },
  ],
  'a title that "<<" merges in': [
    {
      before: '---\nb: &b {title: M}\n<<: *b\n---\n#c\n',
      after: '---\nb: &b {title: M}\n<<: *b\ntags: [c]\n---\n#c\n',
    },
  ],
  'keys in capitals': [
    {
      before: '---\nTITLE:\nTags: [b]\n---\n# A\n#a\n',
      after: '---\nTITLE: A\nTags: [a, b]\n---\n# A\n#a\n',
    },
  ],
  braces: [
    {
      before: '---\n{a: 1, tags: [b]}\n---\n#a\n',
      after: '---\n{a: 1, tags: [a, b], title: My note}\n---\n#a\n',
    },
  ],
  'an indented block': [
    { before: '---\n  a: 1\n---\nx\n', after: '---\n  a: 1\n  title: My note\n---\nx\n' },
  ],
  'a block of nothing': [{ before: '---\n---\nx\n', after: '---\ntitle: My note\n---\nx\n' }],
  'a block of comments': [
    { before: '---\n# c\n---\nx\n', after: '---\n# c\ntitle: My note\n---\nx\n' },
  ],
  'a block scalar above': [
    {
      before: '---\na: |\n  x\n  # y\n---\nx\n',
      after: '---\na: |\n  x\n  # y\ntitle: My note\n---\nx\n',
    },
  ],
  'mixed line ends': [
    {
      before: '---\r\na: 1\nb: 2\r\n---\r\nx\n',
      after: '---\r\na: 1\nb: 2\r\ntitle: My note\r\n---\r\nx\n',
    },
  ],
});

each(bad, {
  'a title that was text and is a truth value': [anew('title: "no"', 'title: no')],
  'a tag that was text and is a truth value': [anew('"on"', 'on')],
  'a tag that was text and is a number': [anew('"2024"', '2024')],
  'a title in other quotes': [anew('title: "no"', "title: 'no'")],
  'a title that was a number and is text': [
    { before: '---\ntitle: 5\n---\n#a\n', after: '---\ntitle: "5"\ntags: [a]\n---\n#a\n' },
  ],
  'a title that was a truth value and is text': [
    { before: '---\ntitle: true\n---\n#a\n', after: '---\ntitle: "true"\ntags: [a]\n---\n#a\n' },
  ],
  'a tag that was a number and is text': [
    {
      before: '---\ntitle: A\ntags: [2024]\n---\n#a\n',
      after: '---\ntitle: A\ntags: ["2024", a]\n---\n#a\n',
    },
  ],
  'a tag that was a truth value and is text': [
    {
      before: '---\ntitle: A\ntags: [true]\n---\n#a\n',
      after: '---\ntitle: A\ntags: [a, "true"]\n---\n#a\n',
    },
  ],
  'a title that is kept, set to the heading': [
    { before: '---\ntitle: B\n---\n# A\n#c\n', after: '---\ntitle: A\ntags: [c]\n---\n# A\n#c\n' },
  ],
  'tags that needed nothing, in quotes': [
    { before: '---\ntags: [a]\n---\n# A\n', after: '---\ntags: ["a"]\ntitle: A\n---\n# A\n' },
  ],
  'tags that needed nothing, in lines': [
    { before: '---\ntags: [a]\n---\n# A\n', after: '---\ntags:\n  - a\ntitle: A\n---\n# A\n' },
  ],
  'an empty list that goes': [
    { before: '---\ntags: []\n---\n# A\n', after: '---\ntitle: A\n---\n# A\n' },
  ],
  'an empty line in a list written anew': [
    {
      before: '---\ntitle: A\ntags:\n  - b\n  - a\n---\n',
      after: '---\ntitle: A\ntags:\n  - a\n\n  - b\n---\n',
    },
  ],
  'a comment that goes to another entry': [
    {
      before: '---\ntitle: A\ntags:\n  - b # why\n  - a\n---\n',
      after: '---\ntitle: A\ntags:\n  - a # why\n  - b\n---\n',
    },
  ],
  'a comment that goes with brackets': [
    {
      before: '---\ntitle: A\ntags:\n  - b # why\n  - a\n---\n',
      after: '---\ntitle: A\ntags: [a, b]\n---\n',
    },
  ],
  'a comment beside a tag in brackets': [
    {
      before: '---\ntitle: A\ntags:\n  - b # why\n  - a\n---\n',
      after: '---\ntitle: A\ntags: [a, b] # why\n---\n',
    },
  ],
  'an anchor that others need': [
    {
      before: '---\ntitle: A\ntags: &t [b, a]\nx: *t\n---\n',
      after: '---\ntitle: A\ntags: [a, b]\nx: *t\n---\n',
    },
  ],
  'an anchor kept on a list written anew': [
    {
      before: '---\ntitle: A\ntags: &t [b, a]\nx: *t\n---\n',
      after: '---\ntitle: A\ntags: &t [a, b]\nx: *t\n---\n',
    },
  ],
  'a title beside the one that "<<" merges in': [
    {
      before: '---\nb: &b {title: ""}\n<<: *b\n---\n# A\n',
      after: '---\nb: &b {title: ""}\n<<: *b\ntitle: A\n---\n# A\n',
    },
  ],
  'a text that could be several tags': [
    {
      before: '---\ntitle: A\ntags: site performance\n---\n',
      after: '---\ntitle: A\ntags: [performance, site]\n---\n',
    },
  ],
  'a number that is written as another': [
    {
      before: '---\ntitle: A\ntags: [1.10, a]\n---\n#b\n',
      after: '---\ntitle: A\ntags: [1.10, a, b]\n---\n#b\n',
    },
  ],
  'a title that is a list': [
    { before: '---\ntitle: [A]\n---\n#b\n', after: '---\ntitle: [A]\ntags: [b]\n---\n#b\n' },
  ],
  'a key outside the braces': [
    { before: '---\n{a: 1}\n---\nx\n', after: '---\n{a: 1}\ntitle: My note\n---\nx\n' },
  ],
  'a key at the front of braces': [
    { before: '---\n{a: 1}\n---\nx\n', after: '---\n{b: 2, a: 1, title: My note}\n---\nx\n' },
  ],
  'braces that are opened up': [
    { before: '---\n{a: 1}\n---\nx\n', after: '---\na: 1\ntitle: My note\n---\nx\n' },
  ],
});
