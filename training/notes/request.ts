// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../src/data/digest.ts';
import type { Draw } from './random.ts';

/** What is asked of notes: the sentences of a spec, and its rules. */
export type Request = {
  readonly acceptance: readonly string[];
  readonly rules: Readonly<Record<string, Json>>;
};

const whole = [
  'The frontmatter of every note is normalised',
  'The frontmatter of every note is normalised',
  'Every note has normalised frontmatter',
  'Every note has tidy front matter',
  'Normalise the frontmatter of every note',
  'The front matter of all notes is consistent',
  'Add frontmatter to every note',
] as const;

const beside = [
  'The body of every note is unchanged',
  'Every link resolves',
  'Every note has a title',
  'Every note has a title and tags',
  'Nothing else changes',
] as const;

const titles = [
  'The title of every note is taken from its first heading',
  'The title of every note is its first heading',
  'The title of every note is taken from its file name',
  'Keep the title of every note',
] as const;

const tags = [
  'The tags of every note are kept',
  'Keep the tags of every note',
  'The tags of every note are taken from its hashtags',
  'Sort the tags of every note',
] as const;

const more = [
  'The key order is title, tags, date',
  'Every page has a description taken from its first paragraph, at most 160 characters long',
  'Every note has a description taken from its first paragraph',
  'Every note has a description taken from its first paragraph, at most 80 characters long',
  'Remove `layout` from every note',
  'Mark every note as draft',
  'Every note has `layout: post`',
] as const;

/** A spec as somebody may write one; some of them ask for what a note refuses. */
export const inventRequest = (draw: Draw): Request => {
  const asked = [
    ...(draw.chance(0.75) ? [draw.one(whole)] : []),
    ...(draw.chance(0.3) ? [draw.one(titles)] : []),
    ...(draw.chance(0.25) ? [draw.one(tags)] : []),
    ...(draw.chance(0.3) ? [draw.one(more)] : []),
  ];
  const acceptance = [
    ...(asked.length > 0 ? asked : [draw.one([...whole, ...titles, ...tags])]),
    ...draw.some(beside, draw.one([0, 1, 1, 2, 3])),
  ];
  const status = {
    status: draw.one([
      ['draft', 'wip', 'todo'],
      ['in-progress', 'urgent', 'later'],
    ]),
  };
  return {
    acceptance: draw.chance(0.8) ? acceptance : draw.some(acceptance, 9),
    rules: draw.chance(0.12) ? status : {},
  };
};
