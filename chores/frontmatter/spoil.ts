// SPDX-License-Identifier: GPL-3.0-only
import type { Spoil } from '../../src/review/exam/draft.ts';
import { type Asking, notePatch } from './note-patch.ts';

const both = ['title', 'tags'];

const askings: readonly Asking[] = [
  { way: 'frontmatter', acceptance: ['Every note has normalised frontmatter'], keys: both },
  {
    way: 'frontmatter',
    acceptance: [
      'All *.md files have normalised frontmatter',
      'The body of every note is unchanged',
    ],
    keys: both,
  },
  {
    way: 'frontmatter',
    acceptance: ['Normalise the frontmatter', 'Nothing else changes'],
    keys: both,
  },
  {
    way: 'frontmatter without the tags',
    acceptance: ['Normalise the frontmatter', 'The tags of every note are kept'],
    keys: ['title'],
  },
];

/** A title and sorted tags for a note, or wrong ones. */
export const spoil: Spoil = (material, random) =>
  material.is === 'note' ? notePatch(material, random.pick(askings), random) : undefined;
