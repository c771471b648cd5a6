// SPDX-License-Identifier: GPL-3.0-only
import type { ExamCase, ExamEdits, ExamFiles } from '../exam-case.ts';
import {
  addLine,
  changeLineEnds,
  changeNumber,
  changeWord,
  dropLine,
  type Mutation,
  repeatLine,
  replaceOne,
  swapLines,
  trimSpace,
} from '../mutations.ts';
import type { Random } from '../seeded-random.ts';
import { makeSentence, pickNoun } from '../seeded-words.ts';
import { type ExamNote, type HeadKey, outsidePath } from './exam-notes.ts';

/** The patched text of a note, in its parts; `undefined` where there is nothing to spoil in this way. */
type Spoil = (note: PatchedNote, random: Random) => string | undefined;

type PatchedNote = {
  readonly note: ExamNote;
  /** From the byte order mark up to the first line of the head. */
  readonly start: string;
  readonly head: readonly HeadKey[];
  /** From the end of the head's last line to the note's own body. */
  readonly middle: string;
  readonly body: string;
};

const inBody =
  (mutation: Mutation): Spoil =>
  ({ body, ...parts }, random) => {
    const spoiled = mutation(body, random);
    return spoiled === undefined ? undefined : join({ ...parts, body: spoiled });
  };

/** Another head; nothing where there is none, or not what the change needs. */
const inHead =
  (change: (head: readonly HeadKey[], random: Random) => readonly HeadKey[] | undefined): Spoil =>
  (parts, random) => {
    const head = parts.head.length > 0 ? change(parts.head, random) : undefined;
    return head && join({ ...parts, head });
  };

/** A key that no chore of an exam asks for. */
const pickOther = (head: readonly HeadKey[], random: Random): HeadKey | undefined => {
  const others = head.filter(({ key }) => !/^(?:title|tags|#)$/i.test(key));
  return others.length > 0 ? random.pick(others) : undefined;
};

const withOther =
  (change: (key: HeadKey, random: Random) => readonly HeadKey[]) =>
  (head: readonly HeadKey[], random: Random): readonly HeadKey[] | undefined => {
    const one = pickOther(head, random);
    return one && head.flatMap((key) => (key === one ? change(key, random) : [key]));
  };

/** For patches that leave a note's body where it was. */
const noteSpoils: Readonly<Record<string, Spoil>> = {
  'drop-line': inBody(dropLine),
  'repeat-line': inBody(repeatLine),
  'swap-lines': inBody(swapLines),
  'change-word': inBody(changeWord),
  'change-number': inBody(changeNumber),
  'change-line-ends': inBody(changeLineEnds),
  'trim-space': inBody(trimSpace),
  'add-line': inBody((text, random) => addLine(makeSentence(random))(text, random)),
  'hidden-character': inBody(
    replaceOne(
      /(?<=[a-z])[a-z](?= )/g,
      (letter, random) => letter + random.pick(['\u200B', '\u202E']),
    ),
  ),
  'lose-bom': (parts) =>
    parts.note.bom
      ? join({ ...parts, start: parts.start.slice(parts.note.bom.length) })
      : undefined,
  'lose-key': inHead(withOther(() => [])),
  'change-value': inHead(
    withOther((key, random) => [{ ...key, lines: [`${key.key}: ${pickNoun(random)}x`] }]),
  ),
  'add-key': inHead((head) =>
    head.some(({ key }) => key === 'status')
      ? undefined
      : [...head, { key: 'status', lines: ['status: done'] }],
  ),
  'add-comment': inHead((head, random) => [
    ...head,
    { key: '#', lines: [`# checked by the ${pickNoun(random)} team`] },
  ]),
  'lose-comment': inHead((head) =>
    head.some(({ key }) => key === '#') ? head.filter(({ key }) => key !== '#') : undefined,
  ),
  'unclosed-frontmatter': ({ head, middle, ...parts }) =>
    head.length === 0
      ? undefined
      : join({ ...parts, head, middle: middle.replace(/^---\r?\n/, '') }),
};

const join = ({ note, start, head, middle, body }: PatchedNote): string =>
  start +
  head.flatMap(({ lines }) => lines.map((line) => line + note.eol)).join('') +
  middle +
  body;

const aroundNote: Readonly<
  Record<string, (path: string, base: ExamFiles, random: Random) => ExamEdits | undefined>
> = {
  // A name that is not there may be there in other letters.
  'out-of-scope': (path, base, random) =>
    path === outsidePath || !base.has(outsidePath)
      ? undefined
      : new Map([[outsidePath, `# Read me\n\nSee the ${pickNoun(random)} notes.\n`]]),
  'removed-file': (path) => new Map([[path, undefined]]),
};

/** Ways to spoil any patch of a note, by name. */
export const noteWays: readonly string[] = [...Object.keys(noteSpoils), ...Object.keys(aroundNote)];

/** A good patch of a note, spoiled; nothing where the patch changes the body itself. */
export const spoilNote = (
  note: ExamNote,
  { base, edits }: Pick<ExamCase, 'base' | 'edits'>,
  way: string,
  random: Random,
): ExamEdits | undefined => {
  if (aroundNote[way]) {
    const around = aroundNote[way](note.path, base, random);
    return around && new Map([...edits, ...around]);
  }
  const parts = splitNote(note, edits.get(note.path));
  const spoiled = parts && noteSpoils[way]?.(parts, random);
  return spoiled === undefined ? undefined : new Map([...edits, [note.path, spoiled]]);
};

const splitNote = (note: ExamNote, text: string | undefined): PatchedNote | undefined => {
  if (!text?.endsWith(note.body)) return undefined;
  const front = text.slice(note.bom.length, text.length - note.body.length);
  const fence = `---${note.eol}`;
  const close = front.indexOf(`${note.eol}${fence}`);
  if (!front.startsWith(fence) || close === -1) {
    return { note, start: note.bom, head: [], middle: front, body: note.body };
  }
  const lines = front.slice(fence.length, close).split(note.eol);
  return {
    note,
    start: note.bom + fence,
    head: readHead(lines),
    middle: front.slice(close + note.eol.length),
    body: note.body,
  };
};

/** A key begins where a line does not begin with a blank or a dash; a comment is a key called `#`. */
const readHead = (lines: readonly string[]): readonly HeadKey[] => {
  const keys: HeadKey[] = [];
  for (const line of lines) {
    const last = keys.at(-1);
    if (line.startsWith('#')) keys.push({ key: '#', lines: [line] });
    else if (last && /^(?:[ \t-]|$)/.test(line)) {
      keys.splice(-1, 1, { key: last.key, lines: [...last.lines, line] });
    } else keys.push({ key: /^[^:]*/.exec(line)?.[0] ?? '', lines: [line] });
  }
  return keys;
};
