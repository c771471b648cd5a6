// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import type { Choice } from '../../src/chore/decide/decision.ts';
import { readAsked } from '../../src/chore/read-asked.ts';
import { canonicalJson, type Json } from '../../src/data/digest.ts';
import { frontmatterArgs, noteDecision } from '../../src/markdown/decide/note-decision.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { demandsOf } from '../../src/markdown/demands.ts';
import { editFrontmatter, type FrontmatterEdit } from '../../src/markdown/edit-frontmatter.ts';
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
export const normalise = (given: Given): string => {
  const done = workedOut(given);
  return isRefused(done) ? `! ${done.refused}` : done.text;
};

const workedOut = ({
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
  if (unread.length > 0) return { refused: `${unread[0]} cannot be checked` };
  const demands = demandsOf(asked, rules, path);
  return isRefused(demands) ? demands : normaliseNote({ path, text, days }, demands);
};

/** Arguments of the call that the rules make. */
const ruledArgs = (given: Given) => {
  const done = workedOut(given);
  return isRefused(done) ? undefined : frontmatterArgs(given.path ?? 'notes/my note.md', done.edit);
};

/** What comes of every way to pick among what is offered for a note. */
export const pickable = (given: Given): readonly string[] => {
  const calls = callsOf(given);
  return 'refused' in calls
    ? [`! ${calls.refused}`]
    : calls.map((call) => {
        if (!('args' in call)) return `! ${'refused' in call ? call.refused : 'no call'}`;
        const edited = editFrontmatter(given.text, call.args as FrontmatterEdit);
        return isRefused(edited) ? `! ${edited.refused}` : edited.text;
      });
};

/** The call of every way to pick. */
const callsOf = ({
  text,
  path = 'notes/my note.md',
  rules = {},
  acceptance = standing,
  days,
}: Given) => {
  const { asked } = readAsked({ title: '', acceptance: [...acceptance], rules }, openChores());
  const dates = (day: string | undefined) => (day === undefined ? {} : { [path]: day });
  const more = { firstCommitDates: dates(days?.first), lastCommitDates: dates(days?.last) };
  const decision = noteDecision({ path, text, rules, with: more }, asked);
  if ('refused' in decision) return decision;
  const ways = decision.questions.reduce<readonly (readonly Choice[])[]>(
    (all, { candidates }) => all.flatMap((way) => candidates.map((one) => [...way, one])),
    [[]],
  );
  return ways.map(decision.write);
};

/** What comes of a note, that a second time changes nothing, and that it can be picked. */
export const gives = test.macro({
  title: (name) => `normalises: ${name}`,
  exec(t, input: Given, expected: string) {
    t.is(normalise(input), expected);
    t.is(normalise({ ...input, text: expected }), expected, 'a second time changes nothing');
    const ways = pickable(input).filter((text) => text === expected);
    t.is(ways.length, 1, 'it can be picked, in one way');
    const calls = callsOf(input);
    const ruled = canonicalJson(ruledArgs(input) as Json);
    const same = ('refused' in calls ? [] : calls).filter(
      (call) => 'args' in call && canonicalJson(call.args) === ruled,
    );
    t.is(same.length, 1, 'one way makes the call that the rules make');
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
