// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { bad, good } from '../frontmatter/asking.ts';
import { block, whole } from './blocks.ts';

const body = '# First heading\n\nText. #ops #done\n';

const title = ['Every note has a title'];
const tags = ['Every note has tags'];
const heading = ['The title of every note is taken from its first heading'];
const name = ['The title of every note is taken from the file name'];
const day = ['The date of every note is the date of its first commit'];
const lastmod = ["Every post's `lastmod` is the date of its last commit"];
const gone = ['The status of every note is removed'];
const draft = ['`draft` is `false`'];
const five = ['`weight` is `5`'];
const when = ['The key `when` is `2024-05-01`'];
const status = ['The status of every note is one of `todo` or `done`'];
const kept = ['The frontmatter of every note is normalised', 'The tags of every note are kept'];

each(good, {
  'a title alone': [block(title, ['tags: [z, a]'], ['tags: [z, a]', 'title: First heading'])],
  'a title in a new block': [block(title, [], ['title: First heading'])],
  'tags alone': [block(tags, ['x: 1'], ['x: 1', 'tags: [done, ops]'])],
  'a title from the heading': [block(heading, ['title: X # c'], ['title: First heading # c'])],
  'a title from the heading, quoted': [block(heading, ['Title: X'], ['Title: "First heading"'])],
  'a title from the file name': [block(name, ['title: X'], ['title: My note'])],
  'an alias from the file name': [
    block(
      ['The `alias` of every note is taken from the file name'],
      ['x: 1'],
      ['x: 1', 'alias: my note'],
    ),
  ],
  'a date': [block(day, ['x: 1'], ['x: 1', 'date: 2020-01-02'], { day: '2020-01-02' })],
  'a date in the place of another': [
    block(day, ['date: 2024-01-01'], ['date: 2020-01-02'], { day: '2020-01-02' }),
  ],
  'a date in quotes where it was': [
    block(day, ['date: "2024-01-01"'], ['date: "2020-01-02"'], { day: '2020-01-02' }),
  ],
  'a day with its time': [
    block(day, ['date: 2020-01-02 10:00'], ['date: 2020-01-02 10:00'], { day: '2020-01-02' }),
  ],
  'the day of the last commit': [
    block(lastmod, ['lastmod: 2024-01-01'], ['lastmod: 2026-01-02'], {
      day: '2020-01-02',
      lastDay: '2026-01-02',
    }),
  ],
  'a key gone': [block(gone, ['a: 1', 'status: x', 'b: 2'], ['a: 1', 'b: 2'])],
  'a list gone': [block(gone, ['status:', '  - x # why', '  - y', 'b: 2'], ['b: 2'])],
  'the only key gone': [block(gone, ['status: x'], [], { after: `---\n---\n${body}` })],
  'a truth value': [block(draft, ['draft: true'], ['draft: false'])],
  'a truth value that was text': [block(draft, ['draft: "false"'], ['draft: false'])],
  'a truth value that is new': [block(draft, [], ['draft: false'])],
  'a number': [block(five, ['weight: 3'], ['weight: 5'])],
  'a number that was text': [block(five, ['weight: "3"'], ['weight: "5"'])],
  'a date that a sentence gives': [block(when, ['x: 1'], ['when: 2024-05-01', 'x: 1'])],
  'a date as the text that it was': [block(when, ['when: "2024-01-01"'], ['when: "2024-05-01"'])],
  'a word that a sentence gives': [
    block(['The status of every note is `on`'], ['status: x'], ['status: "on"']),
  ],
  'tags kept in a normalised note': [
    block(kept, ['tags: [z, a]'], ['title: First heading', 'tags: [z, a]']),
  ],
  'a sentence of some notes': [
    block(
      ['Every note has a title', 'The title of notes in docs/ is "Docs"'],
      [],
      ['title: First heading'],
    ),
  ],
});

each(bad, {
  'tags sorted where a title was asked for': [
    block(title, ['tags: [z, a]'], ['tags: [a, z]', 'title: First heading']),
  ],
  'tags added where a title was asked for': [
    block(title, [], ['title: First heading', 'tags: [done, ops]']),
  ],
  'a title where tags were asked for': [
    block(tags, [], ['title: First heading', 'tags: [done, ops]']),
  ],
  'a title that was there changed': [block(title, ['title: X'], ['title: First heading'])],
  'a title that was there quoted': [block(title, ['title: X'], ['title: "X"'])],
  'a title from elsewhere': [block(heading, ['title: X'], ['title: Other'])],
  'the title kept where the heading is asked for': [
    block(heading, ['title: X', 'a: 1'], ['title: "X"', 'a: 1']),
  ],
  'a comment lost beside a new value': [block(heading, ['title: X # c'], ['title: First heading'])],
  'a comment changed beside a new value': [
    block(heading, ['title: X # c'], ['title: First heading # d']),
  ],
  'a comment added beside a new value': [
    block(heading, ['title: X'], ['title: First heading # d']),
  ],
  'an anchor on a new value': [block(heading, ['title: X'], ['title: &a First heading'])],
  'a tag on a new value': [block(heading, ['title: X'], ['title: !!str First heading'])],
  'a block scalar in the place of text': [
    block(heading, ['title: X'], ['title: |-', '  First heading']),
  ],
  'a key moved': [block(heading, ['a: 1', 'title: X'], ['title: First heading', 'a: 1'])],
  'a key spelled anew': [block(heading, ['Title: X'], ['title: First heading'])],
  'the file name as it is': [block(name, ['title: X'], ['title: my note'])],
  'a heading where the file name is asked for': [
    block(name, ['title: X'], ['title: First heading']),
  ],
  'another day': [block(day, [], ['date: 2020-01-03'], { day: '2020-01-02' }), /date/],
  'the day of the first commit for the last': [
    block(lastmod, [], ['lastmod: 2020-01-02'], { day: '2020-01-02', lastDay: '2026-01-02' }),
    /lastmod/,
  ],
  'a last day that nobody knows': [
    block(lastmod, [], ['lastmod: 2020-01-02'], { day: '2020-01-02' }),
    /commit/,
  ],
  'a day in quotes': [block(day, [], ['date: "2020-01-02"'], { day: '2020-01-02' })],
  'a day with a time': [block(day, [], ['date: 2020-01-02 10:00'], { day: '2020-01-02' })],
  'a day that nobody knows': [block(day, [], ['date: 2020-01-02']), /commit/],
  'a day without zeros': [block(day, [], ['date: 2020-1-2'], { day: '2020-01-02' })],
  'a key still there': [block(gone, ['status: x', 'a: 1'], ['status:', 'a: 1'])],
  'a key that is only a comment now': [block(gone, ['status: x', 'a: 1'], ['# status: x', 'a: 1'])],
  'a comment that goes with a key': [block(gone, ['# why', 'status: x', 'a: 1'], ['a: 1'])],
  'a comment beside that goes with a key': [block(gone, ['status: x # why', 'a: 1'], ['a: 1'])],
  'two keys gone': [block(gone, ['status: x', 'a: 1', 'b: 2'], ['b: 2'])],
  'a block gone with its key': [block(gone, ['status: x'], [])],
  'another key emptied': [block(gone, ['status: x', 'a: 1'], ['a:'])],
  'a key from braces': [
    block(gone, [], [], {
      before: `---\n{a: 1, status: x}\n---\n${body}`,
      after: `---\n{a: 1}\n---\n${body}`,
    }),
  ],
  'a truth value as text': [block(draft, ['draft: true'], ['draft: "false"'])],
  'a truth value in another spelling': [block(draft, ['draft: true'], ['draft: False'])],
  'a truth value of YAML 1.1': [block(draft, ['draft: true'], ['draft: no'])],
  'a truth value in a list': [block(draft, ['draft: true'], ['draft: [false]'])],
  'nothing in its place': [block(draft, ['draft: true'], ['draft:'])],
  'a number as text': [block(five, ['weight: 3'], ['weight: "5"'])],
  'a number in the place of text': [block(five, ['weight: "3"'], ['weight: 5'])],
  'a number in another form': [block(five, ['weight: 3'], ['weight: 5.0'])],
  'a number with a sign': [block(five, ['weight: 3'], ['weight: +5'])],
  'a number with a base': [block(five, ['weight: 3'], ['weight: 0x5'])],
  'a date as text': [block(when, ['x: 1'], ['x: 1', 'when: "2024-05-01"'])],
  'a date in the place of text': [block(when, ['when: "2024-01-01"'], ['when: 2024-05-01'])],
  'a date with a tag': [block(when, ['x: 1'], ['x: 1', 'when: !!timestamp 2024-05-01'])],
  'a word that is a truth value to some': [
    block(['The status of every note is `on`'], ['status: x'], ['status: on']),
  ],
  'a choice that nobody made': [block(status, [], ['status: done'])],
  'another choice': [block(status, ['status: todo'], ['status: done'])],
  'a choice that is none': [block(status, ['status: x'], ['status: todo'])],
  'tags to be kept, sorted': [
    block(kept, ['tags: [z, a]'], ['title: First heading', 'tags: [a, z]']),
  ],
  'tags to be kept, in quotes': [
    block(kept, ['tags: [z, a]'], ['title: First heading', 'tags: ["z", a]']),
  ],
  'tags to be kept, with a comment': [
    block(kept, ['tags: [z, a]'], ['title: First heading', 'tags: [z, a] # as they were']),
  ],
  'tags to be kept, gone': [block(kept, ['tags: []'], ['title: First heading'])],
  'tags to be kept, added': [block(kept, [], ['title: First heading', 'tags: [done, ops]'])],
  'a key asked for and to be gone': [
    block(['Every note has a status', ...gone], ['status: x'], [], { after: `---\n---\n${body}` }),
  ],
  'a key kept and to be gone': [
    block(['The status of every note is kept', ...gone], ['status: x', 'a: 1'], ['a: 1']),
  ],
  'a title to be gone from a normalised note': [
    block([...whole, 'The title of every note is removed'], ['title: X'], ['tags: [done, ops]']),
  ],
  'no tags where there are none': [
    block(tags, [], [], { before: 'x\n', after: '---\ntags: []\n---\nx\n' }),
  ],
  'a value for a key that nothing gives': [
    block(['Every note has a description'], ['x: 1'], ['x: 1', 'description: First heading']),
  ],
  'a hashtag for a key that no rule knows': [
    block(['The category of every note is taken from its hashtags'], [], ['category: ops']),
  ],
  'a heading that is not there': [
    block(heading, [], [], { before: 'x\n', after: '---\ntitle: My note\n---\nx\n' }),
  ],
  'a shape that it does not have': [
    block(['The date of every note is a date'], ['date: soon'], ['date: 2024-05-01']),
  ],
  'a title that another sentence gives to some': [
    block(['Every note has a title', 'The title of notes in docs/ is "Docs"'], [], ['title: Docs']),
  ],
});
