// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Json } from '../../src/data/digest.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { demandsOf } from '../../src/markdown/demands.ts';
import { type NoteFacts, normaliseNote } from '../../src/markdown/normalise-note.ts';

type Given = {
  readonly text: string;
  readonly path?: string;
  readonly rules?: Readonly<Record<string, Json>>;
  readonly acceptance?: readonly string[];
  readonly facts?: NoteFacts;
};

const standing = ['The frontmatter of every note is normalised'];

/** What comes of a note; `! reason` where it is left alone. */
export const normalise = ({
  text,
  path = 'notes/my note.md',
  rules = {},
  acceptance = standing,
  facts = {},
}: Given) => {
  const demands = demandsOf(acceptance, rules, path);
  if (isRefused(demands)) return `! ${demands.refused}`;
  const done = normaliseNote({ path, text, facts }, demands);
  return isRefused(done) ? `! ${done.refused}` : done.text;
};

/** What comes of a note, and that a second time changes nothing. */
export const gives = test.macro({
  title: (name) => `normalises: ${name}`,
  exec(t, input: Given, expected: string) {
    t.is(normalise(input), expected);
    t.is(normalise({ ...input, text: expected }), expected, 'a second time changes nothing');
  },
});

/** The reason for which a note is left alone. */
export const refuses = test.macro({
  title: (name) => `refuses: ${name}`,
  exec(t, input: Given, expected: RegExp) {
    const said = normalise(input);
    t.true(said.startsWith('! '), said);
    t.regex(said, expected);
  },
});
