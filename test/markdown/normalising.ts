// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { readAsked } from '../../src/chore/read-asked.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { demandsOf } from '../../src/markdown/demands.ts';
import { type NoteFile, normaliseNote } from '../../src/markdown/normalise-note.ts';
import type { SpecFile } from '../../src/spec/schema.ts';

type Given = {
  readonly text: string;
  readonly path?: string;
  readonly rules?: SpecFile['rules'];
  readonly acceptance?: readonly string[];
  readonly days?: NoteFile['days'];
};

const standing = ['The frontmatter of every note is normalised'];

/** What comes of a note; `! reason` where it is left alone. */
export const normalise = ({
  text,
  path = 'notes/my note.md',
  rules = {},
  acceptance = standing,
  days,
}: Given) => {
  const { asked, unread } = readAsked(
    { title: '', acceptance: [...acceptance], rules },
    openChores(),
  );
  if (unread.length > 0) return `! ${unread[0]} cannot be checked`;
  const demands = demandsOf(asked, rules, path);
  if (isRefused(demands)) return `! ${demands.refused}`;
  const done = normaliseNote({ path, text, days }, demands);
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
