// SPDX-License-Identifier: GPL-3.0-only
import { keyValue } from '../../markdown/frontmatter.ts';
import { sameValue } from '../../markdown/yaml-value.ts';
import type { KeyLines, NoteSide } from './note-side.ts';
import {
  asBefore,
  askedTexts,
  counted,
  missingIn,
  type NotePatch,
  type PatchReading,
} from './reading.ts';

/** How frontmatter is written: comments, marks of YAML, spelling of keys, lines that say the same, and their order. */
export const readForm = ({ before, after, asked }: NotePatch): PatchReading => {
  const [oldComments, comments] = [commentsIn(before), commentsIn(after)];
  const [oldMarks, marks] = [marksIn(before), marksIn(after)];
  const bare = (key: string): string => key.replace(/^["']|["']$/g, '').toLowerCase();
  const respelled = after.keys.filter(
    ({ key }) =>
      !before.keys.some((one) => one.key === key) &&
      before.keys.some((one) => bare(one.key) === bare(key)),
  );
  const isTouched = (one: KeyLines): boolean =>
    before.keys.find(({ key }) => key === one.key)?.lines.join('\n') !== one.lines.join('\n');
  const rewritten = after.keys.filter(
    (one) =>
      isTouched(one) &&
      before.keys.some(({ key }) => key === one.key) &&
      sameValue(keyValue(before.parsed, one.key), keyValue(after.parsed, one.key)),
  );
  const parts = counted({
    'comments new': missingIn(comments, oldComments).length,
    'comments gone': missingIn(oldComments, comments).length,
    'marks new': missingIn(marks, oldMarks).length,
    'keys spelled otherwise': respelled.length,
    'lines rewritten': rewritten.length,
    'text in blocks': after.keys.filter(
      (one) => isTouched(one) && /:[ \t]*[>|][-+\d]*[ \t]*$/.test(one.lines[0] ?? ''),
    ).length,
    'blank lines new': missingIn(blanksIn(after), blanksIn(before)).length,
    'keys twice': after.keys.length - new Set(after.keys.map(({ key }) => key)).size,
  });
  const order = orderOf(before, after, askedTexts(asked));
  const says = [order, parts].filter(Boolean).join('; ');
  return {
    says: says === '' ? asBefore : says,
    ...(parts !== '' && {
      values: [
        ...missingIn(comments, oldComments),
        ...missingIn(oldComments, comments),
        ...missingIn(marks, oldMarks),
        ...respelled.map(({ key }) => key),
        ...rewritten.map(({ lines }) => lines.join(' ')),
      ],
    }),
  };
};

const commentsIn = ({ front }: NoteSide): readonly string[] =>
  front.flatMap((line) => /(?:^|[ \t])#(?:[ \t].*|)$/.exec(line)?.[0].trim() ?? []);

const marksIn = ({ front }: NoteSide): readonly string[] =>
  front.flatMap(
    (line) => line.match(/(?<=^|[\s:[,-])(?:![\w!/:.]*|[&*][\w-]+)(?=[\s,\]]|$)/g) ?? [],
  );

const blanksIn = ({ front }: NoteSide): readonly string[] =>
  front.filter((line) => line.trim() === '');

/** The order of the keys that both sides have; that those which are asked for come first is said. */
const orderOf = (before: NoteSide, after: NoteSide, texts: ReadonlySet<string>): string => {
  const [old, now] = [before, after].map(({ keys }) => keys.map(({ key }) => key));
  const both = (old ?? []).filter((key) => now?.includes(key));
  const then = (now ?? []).filter((key) => old?.includes(key));
  if (both.join('\n') === then.join('\n')) return '';
  const first = [...texts].filter((key) => then.includes(key));
  const isFirst = first.length > 0 && first.every((key, at) => then[at] === key);
  const rest = (keys: readonly string[]) => keys.filter((key) => !first.includes(key)).join('\n');
  const isRestKept = rest(both) === rest(then);
  return `order: ${isFirst ? 'asked first' : 'moved'}${isRestKept ? '' : ', others moved'}`;
};
