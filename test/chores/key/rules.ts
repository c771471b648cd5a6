// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { bad, good } from '../frontmatter/asking.ts';
import { block, whole } from './blocks.ts';

const title = ['Every note has a title'];
const rules = {
  required: ['status'],
  defaults: { status: 'draft', no: 'yes', since: '2024-01-02' },
  status: ['done', 'wip'],
  slug: 'title',
  order: ['title', 'status'],
  types: { weight: 'number' },
};
const ruled = [
  'title: First heading',
  'status: done',
  'tags: [done, ops]',
  'slug: first-heading',
  '"no": "yes"',
  'since: 2024-01-02',
];
const change = (from: string, to: string) =>
  block(whole, [], ruled.join('\n').replace(from, to).split('\n'), { rules });

each(good, {
  rules: [block(whole, [], ruled, { rules })],
  'rules on what is there': [
    block(
      whole,
      ['Slug: x', 'status: wip', 'since: "x"', 'no: 1'],
      [
        'title: First heading',
        'status: wip',
        'Slug: x',
        'since: "x"',
        'no: 1',
        'tags: [done, ops]',
      ],
      { rules },
    ),
  ],
  'a date by a rule': [
    block(
      whole,
      ['title: T', 'tags: [done, ops]'],
      ['title: T', 'tags: [done, ops]', 'created: 2020-01-02'],
      {
        rules: { date: { key: 'created', from: 'first-commit' } },
        day: '2020-01-02',
      },
    ),
  ],
  'rules without a sentence of frontmatter': [
    block(title, [], ['title: First heading', 'tags: [done, ops]', 'a: b'], {
      rules: { defaults: { a: 'b' } },
    }),
  ],
  'a default in braces': [
    block(
      whole,
      ['title: T', 'tags: [done, ops]'],
      ['title: T', 'tags: [done, ops]', 'seo: {index: true, words: [a, "no"]}'],
      {
        rules: { defaults: { seo: { index: true, words: ['a', 'no'] } } },
      },
    ),
  ],
});

each(bad, {
  'a required key missing': [change('status: done\n', '')],
  'the default where a hashtag says more': [change('status: done', 'status: draft')],
  'a status that no hashtag says': [change('status: done', 'status: wip')],
  'a slug of another text': [change('first-heading', 'first')],
  'a slug without its marks': [change('first-heading', 'firstheading')],
  'a default that some read as a truth value': [change('"yes"', 'yes')],
  'a key that some read as a truth value': [change('"no"', 'no')],
  'a default date as text': [change('2024-01-02', '"2024-01-02"')],
  'another default': [change('"yes"', '"no"')],
  'keys out of order': [
    change('title: First heading\nstatus: done', 'status: done\ntitle: First heading'),
  ],
  'another key before them': [
    block(whole, [], [...ruled.slice(2, 3), ...ruled.slice(0, 2), ...ruled.slice(3)], { rules }),
  ],
  'a status that was there changed': [block(whole, ['status: wip'], ruled, { rules })],
  'a value of another type': [
    block(whole, ['weight: x'], ['weight: 5', ...ruled], {
      rules: { types: { weight: 'number' } },
    }),
  ],
  'a value off its list': [
    block(whole, ['area: x', 'title: T'], ['area: y', 'title: T', 'tags: [done, ops]'], {
      rules: { enums: { area: ['y'] } },
    }),
  ],
  'a rule that is not known': [
    block(whole, [], ['title: First heading', 'tags: [done, ops]'], { rules: { shout: true } }),
  ],
  'a date by a rule that nobody knows': [
    block(whole, [], ['title: First heading', 'tags: [done, ops]', 'date: 2020-01-02'], {
      rules: { date: 'first-commit' },
    }),
  ],
  'a default in braces that some read otherwise': [
    block(
      whole,
      ['title: T', 'tags: [done, ops]'],
      ['title: T', 'tags: [done, ops]', 'seo: {a: no}'],
      {
        rules: { defaults: { seo: { a: 'no' } } },
      },
    ),
  ],
});
