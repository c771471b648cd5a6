// SPDX-License-Identifier: GPL-3.0-only
import { type HeadKey, writeNote } from '../../src/review/exam/docs/exam-notes.ts';
import type { Draft, Material } from '../../src/review/exam/draft.ts';
import type { Random } from '../../src/review/exam/seeded-random.ts';
import { makeSentence, pickNoun } from '../../src/review/exam/seeded-words.ts';

/** A note that gets a first paragraph, and from that a description; or another one than it says. */
export const describedNote = (
  { note }: Extract<Material, { readonly is: 'note' }>,
  random: Random,
): Draft | undefined => {
  const old = note.head?.filter(({ key }) => key !== '#') ?? [];
  if (old.some(({ lines: [first = ''] }) => /^description\b/i.test(first))) return undefined;
  const [first, second] = [sentence(random), sentence(random)];
  const isCut = random.chance(0.5);
  const body = `${first.marked} ${second.marked}${note.eol}${note.eol}${note.body}`;
  const text = isCut ? first.plain : `${first.plain} ${second.plain}`;
  const most = isCut ? first.plain.length + 5 : text.length + random.int(20);
  const write = (head: readonly HeadKey[] | undefined) =>
    new Map([[note.path, writeNote({ ...note, body }, head)]]);
  const withLine = (value: string) =>
    write([...(note.head ?? []), { key: 'description', lines: [`description: ${value}`] }]);
  const says = (other: string) => withLine(JSON.stringify(other));
  return {
    way: 'description',
    acceptance: [
      `Every note has a description of at most ${most} characters, taken from its first paragraph`,
    ],
    notes: 'set description',
    base: write(note.head),
    edits: says(text),
    wrong: {
      'another-description': says(makeSentence(random)),
      'description-cut-short': says(text.replace(/ \S+$/, '…')),
      'description-too-long': isCut ? says(`${first.plain} ${second.plain}`) : undefined,
      'description-with-markup': says(text.replace(first.plain, first.marked)),
      'description-with-more': says(`${text.slice(0, -1)} of ${pickNoun(random)}.`),
      'description-with-tag': withLine(`!!python/name:os.system ${JSON.stringify(text)}`),
      'description-with-comment': withLine(`${JSON.stringify(text)} # checked`),
      'description-hidden-character': says(`${text}${random.pick(['\u200B', '\u202E', '\u00AD'])}`),
      'description-as-list': withLine(`[${JSON.stringify(text)}]`),
      'description-of-lines': withLine(`>-${note.eol}  ${text}`),
      'description-elsewhere': write([
        ...(note.head ?? []),
        { key: 'summary2', lines: [`summary2: ${JSON.stringify(text)}`] },
      ]),
    },
  };
};

/** A sentence with a link and a stressed word in it, and what a reader sees of it. */
const sentence = (random: Random): { readonly plain: string; readonly marked: string } => {
  const plain = makeSentence(random);
  const [verb = '', the = '', ...rest] = plain.split(' ');
  return {
    plain,
    marked: `**${verb}** [${the} ${rest.join(' ').replace(/\.$/, '')}](${pickNoun(random)}.md).`,
  };
};
