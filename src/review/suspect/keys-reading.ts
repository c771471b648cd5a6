// SPDX-License-Identifier: GPL-3.0-only
import { keyValue } from '../../markdown/frontmatter.ts';
import { firstParagraph } from '../../markdown/paragraph/first-paragraph.ts';
import { isEmpty } from '../../markdown/rules.ts';
import { sameValue } from '../../markdown/yaml-value.ts';
import type { KeyLines } from './note-side.ts';
import { asBefore, askedTexts, type NotePatch, type PatchReading } from './reading.ts';

const isCommon = ({ key }: KeyLines): boolean => /^["']?(?:title|tags)["']?$/i.test(key);

/** What became of the keys that are neither title nor tags, and whether they are asked for. */
export const readKeys = (patch: NotePatch): PatchReading => {
  const { before, after, asked } = patch;
  const texts = askedTexts(asked);
  const nameOf = ({ key }: KeyLines): string => (texts.has(key) ? 'asked' : 'other');
  const lost = before.keys.filter(({ key }) => !after.keys.some((one) => one.key === key));
  const added = after.keys.filter(({ key }) => !before.keys.some((one) => one.key === key));
  const changed = after.keys.filter(
    (one) =>
      !isCommon(one) &&
      before.keys.some(({ key }) => key === one.key) &&
      !sameValue(keyValue(before.parsed, one.key), keyValue(after.parsed, one.key)),
  );
  const renamed = lost.flatMap((from) => {
    const to = added.find((one) => restOf(one) === restOf(from));
    return to && !(isCommon(from) && isCommon(to)) ? [{ from, to }] : [];
  });
  const isRenamed = (one: KeyLines): boolean =>
    renamed.some(({ from, to }) => from === one || to === one);
  const isAlone = (one: KeyLines): boolean => !isRenamed(one) && !isCommon(one);
  const isLost = (one: KeyLines): boolean =>
    isAlone(one) || (!isRenamed(one) && texts.has(one.key));
  const said = [
    ...renamed.map(({ from, to }) => {
      const isInPlace = before.keys.indexOf(from) === after.keys.indexOf(to);
      return `${nameOf(from)} renamed to ${nameOf(to)}${isInPlace ? '' : ' and moved'}`;
    }),
    ...lost.filter(isLost).map((one) => `${nameOf(one)} gone`),
    ...added.filter(isAlone).map((one) => `${nameOf(one)} new: ${originOf(one, patch)}`),
    ...changed.map((one) => `${nameOf(one)} changed: ${originOf(one, patch)}`),
  ];
  const moved = [...lost, ...added].filter((one) => isRenamed(one) || isAlone(one));
  return {
    says: said.length === 0 ? asBefore : said.slice(0, 4).join('; '),
    ...(said.length > 0 && { values: [...moved, ...changed].map(({ lines }) => lines.join(' ')) }),
  };
};

const restOf = ({ lines: [first = '', ...rest] }: KeyLines): string =>
  [first.replace(/^[^:]*/, ''), ...rest].join('\n');

/** Where a value stands: in the request, or in the first paragraph, whole or its beginning. */
const originOf = ({ key }: KeyLines, { before, after, asked, acceptance }: NotePatch): string => {
  const value = keyValue(after.parsed, key.replace(/^["']|["']$/g, ''));
  if (isEmpty(value)) return 'nothing';
  if (typeof value === 'object') return 'no text';
  const text = String(value);
  if (askedTexts(asked).has(text)) return 'asked';
  const paragraph = firstParagraph(before.body)?.text ?? '';
  const most = Math.max(0, ...(acceptance.join(' ').match(/\d+/g) ?? []).map(Number));
  const size = most > 0 && [...text].length > most ? ', too long' : '';
  if (text === paragraph) return `first paragraph${size}`;
  if (text === '' || !paragraph.startsWith(text)) return 'other text';
  const end = /[.!?]$/.test(text) ? 'sentence' : 'part';
  const room = [...paragraph].length <= most ? ' though all fits' : '';
  return `${end} of first paragraph${room}${size}`;
};
