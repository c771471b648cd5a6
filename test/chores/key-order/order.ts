// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { each } from '../../each.ts';
import { bad, good, type NoteCase } from '../frontmatter/asking.ts';
import { spoiledLines } from '../frontmatter/spoil-lines.ts';

const order = ['The key order is title, tags, date'];
const lines = [
  '# about',
  '',
  '# of tags',
  'tags: [z, a] # t',
  'x: 1',
  'Title: T',
  '',
  '# of y',
  'y:',
  '  - 1',
];
const sorted = [
  '# about',
  '',
  'Title: T',
  '# of tags',
  'tags: [z, a] # t',
  'x: 1',
  '',
  '# of y',
  'y:',
  '  - 1',
];

const block = (
  before: readonly string[],
  after: readonly string[],
  acceptance: readonly string[] = order,
): NoteCase => {
  const text = (rows: readonly string[]): string => ['---', ...rows, '---', 'Text #b\n'].join('\n');
  return { acceptance, before: text(before), after: text(after) };
};

const swapped = (from: string, to: string): NoteCase =>
  block(lines, sorted.join('\n').replace(from, to).split('\n'));

const whole = [...order, 'The frontmatter of every note is normalised'];

each(good, {
  'the named keys first, the others in theirs': [block(lines, sorted)],
  'only one of them there': [block(['x: 1', 'date: 2024-01-01'], ['date: 2024-01-01', 'x: 1'])],
  'none of them there': [block(['x: 1'], ['x: 1'])],
  'a list and a block scalar': [
    block(
      ['x: |', '  # a', '', '  b', 'tags:', '- b', '- a'],
      ['tags:', '- b', '- a', 'x: |', '  # a', '', '  b'],
    ),
  ],
  'with new keys': [
    block(
      ['x: 1', 'date: 2024-01-01'],
      ['title: My note', 'tags: [b]', 'date: 2024-01-01', 'x: 1'],
      whole,
    ),
  ],
  'with new keys and a comment at the end': [
    block(['x: 1', '# end'], ['title: My note', 'tags: [b]', 'x: 1', '# end'], whole),
  ],
  'with tags sorted': [
    block(['x: 1', 'tags: [z, a]', 'title: T'], ['title: T', 'tags: [a, b, z]', 'x: 1'], whole),
  ],
});

each(bad, {
  'as it was': [
    swapped('Title: T\n# of tags\ntags: [z, a] # t', '# of tags\ntags: [z, a] # t\nTitle: T'),
  ],
  'other keys moved too': [swapped('x: 1\n\n# of y\ny:\n  - 1', '\n# of y\ny:\n  - 1\nx: 1')],
  'a comment left behind': [
    swapped('# of tags\ntags: [z, a] # t\nx: 1', 'tags: [z, a] # t\n# of tags\nx: 1'),
  ],
  'the comment on top moved': [swapped('# about\n\nTitle: T', 'Title: T\n# about\n')],
  'a comment gone': [swapped('# of tags\n', '')],
  'a comment beside gone': [swapped(' # t', '')],
  'a comment more': [swapped('Title: T', '# first\nTitle: T')],
  'an empty line more': [swapped('x: 1', 'x: 1\n')],
  'an empty line gone': [swapped('\n\n# of y', '\n# of y')],
  'tags sorted as well': [swapped('[z, a]', '[a, z]')],
  'tags in quotes': [swapped('[z, a]', '["z", a]')],
  'a key respelled': [swapped('Title', 'title')],
  'a key gone': [swapped('x: 1\n', '')],
  'a key more': [swapped('x: 1', 'date: 2024-01-01\nx: 1')],
  'a value changed': [swapped('x: 1', 'x: 2')],
  'a list changed': [swapped('- 1', '- 2')],
  'text changed': [
    { ...swapped('x: 1', 'x: 1'), after: `---\n${sorted.join('\n')}\n---\nText #c\n` },
  ],
  'an anchor more': [swapped('Title: T', 'Title: &a T')],
  'another fence': [{ ...swapped('x', 'x'), after: `---\n${sorted.join('\n')}\n...\nText #b\n` }],
  'two named keys, one first': [
    block(['x: 1', 'date: 2024-01-01', 'title: T'], ['title: T', 'x: 1', 'date: 2024-01-01']),
  ],
  'named keys in another order': [
    block(['x: 1', 'date: 2024-01-01', 'title: T'], ['date: 2024-01-01', 'title: T', 'x: 1']),
  ],
  'a new key between the named ones': [
    block(['title: T', 'date: 2024-01-01'], ['title: T', 'date: 2024-01-01', 'tags: [b]'], whole),
  ],
  'braces put in order': [block(['{x: 1, title: T}'], ['{title: T, x: 1}'])],
  'two spellings': [block(['x: 1', 'Title: T', 'title: U'], ['Title: T', 'title: U', 'x: 1'])],
  'an alias before its anchor': [block(['x: &a 1', 'title: *a'], ['title: *a', 'x: &a 1'])],
  'line ends that move': [
    {
      acceptance: order,
      before: '---\nx: 1\r\ntitle: T\n---\n',
      after: '---\ntitle: T\r\nx: 1\n---\n',
    },
  ],
});

for (const [name, spoiled] of spoiledLines(sorted)) test(name, bad, block(lines, spoiled));

/** All orders of some lines. */
const ordersOf = (rows: readonly string[]): readonly (readonly string[])[] =>
  rows.length < 2
    ? [rows]
    : rows.flatMap((row) =>
        ordersOf(rows.filter((other) => other !== row)).map((rest) => [row, ...rest]),
      );

const rows = ['date: 2024-01-01 # d', 'TAGS:\n  - z\n  - a', 'title: T', 'x: 1', 'y: "2"'];
for (const order of ordersOf(rows)) {
  const named = [rows[2], rows[1], rows[0]].map(String);
  const others = order.filter((row) => !named.includes(row));
  const before = order.map((row) => row.slice(0, 1)).join('');
  test(`from ${before}`, good, block(order, [...named, ...others]));
  test(`from ${before}, others turned`, bad, block(order, [...named, ...others.toReversed()]));
}
