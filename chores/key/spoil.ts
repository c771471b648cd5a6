// SPDX-License-Identifier: GPL-3.0-only
import type { Spoil } from '../../src/review/exam/draft.ts';
import { type Asking, hasTags, notePatch } from '../frontmatter/note-patch.ts';
import { describedNote } from './described.ts';

const askings: readonly Asking[] = [
  {
    way: 'only the title',
    acceptance: ['Every note has a title', 'Nothing else changes'],
    keys: ['title'],
  },
  {
    way: 'only the title',
    acceptance: ['Every note has a title', 'The tags of every note are kept'],
    keys: ['title'],
  },
  {
    way: 'only the tags',
    acceptance: ['Every note has tags', 'Nothing else changes'],
    keys: ['tags'],
    of: hasTags,
  },
  {
    way: 'the title of the heading',
    acceptance: ['The title of every note is taken from its first heading'],
    keys: ['title'],
    fromHeading: true,
    of: ({ heading }) => heading !== undefined,
  },
  {
    way: 'title and tags',
    acceptance: ['Every note has a title and tags'],
    keys: ['title', 'tags'],
    of: hasTags,
  },
];

/** Some keys of a note and no others, or wrong ones. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'note') return undefined;
  const described = random.chance(0.3) ? describedNote(material, random) : undefined;
  if (described) return described;
  const { note } = material;
  const asking = random.pick(askings.filter(({ of = () => true }) => of(note)));
  return notePatch(material, asking, random);
};
