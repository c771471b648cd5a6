// SPDX-License-Identifier: GPL-3.0-only
import { isSeq } from 'yaml';
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { canonicalJson } from '../../src/data/digest.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { editFrontmatter } from '../../src/markdown/edit-frontmatter.ts';
import {
  findPair,
  keyValue,
  parseFrontmatter,
  splitFrontmatter,
} from '../../src/markdown/frontmatter.ts';

type Args = {
  readonly style?: 'lower' | 'kebab';
  readonly from?: string;
  readonly to?: string;
  readonly files?: readonly string[];
};

/** Sets the list again where a tag of it changes. */
export const work: Work<Args, CodeHands> = function* ({ files, ...style }, { tree }) {
  const notes = (yield* tree.files())
    .filter((path) => /\.(?:md|markdown)$/i.test(path))
    .filter(coveredBy(files))
    .filter(tree.mayWrite);
  const left: { readonly path: string; readonly reason: string }[] = [];
  let count = 0;
  for (const path of notes) {
    const text = yield* tree.readable(path);
    if (typeof text !== 'string') {
      left.push({ path, reason: text.refused });
      continue;
    }
    const edited = restyle(text, style);
    if (isRefused(edited)) left.push({ path, reason: edited.refused });
    else if (edited.text !== text) {
      yield* tree.edit(path, [changeOf(text, edited.text)]);
      count += 1;
    }
  }
  const reasons = left.map(({ path, reason }) => `${path} ${reason}`).slice(0, 10);
  if (count === 0 && left.length > 0) throw new Declined(reasons.join('; '));
  const rest = left.length > 0 ? `; left: ${reasons.join('; ')}` : '';
  return { notes: `tag-style: ${count} notes, the others had it${rest}`, left };
};

const restyle = (text: string, style: Args) => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return split;
  const parsed = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(parsed)) return parsed;
  const tags = keyValue(parsed, 'tags');
  if (tags === undefined || tags === null) return { text };
  if (!Array.isArray(tags)) return { refused: 'has tags that are not a list' };
  const [pair, map] = [findPair(parsed.map, 'tags'), parsed.map];
  const isPlain = isSeq(pair?.value) && !pair.value.tag && !map?.flow;
  const isWords = tags.every((tag) => tag === null || typeof tag !== 'object');
  const odd = tags.find((tag) => typeof tag === 'number' && !isWritten(split.yaml, tag));
  if (odd !== undefined) return { refused: `has the tag ${odd}, which is written in another way` };
  if (!isWords) return { refused: 'has tags that are more than words' };
  const styled = [
    ...new Set(tags.map((tag) => (typeof tag === 'string' ? styleOf(tag, style) : tag))),
  ];
  if (canonicalJson(styled) === canonicalJson(tags)) return { text };
  return isPlain
    ? editFrontmatter(text, { set: { tags: styled } })
    : { refused: 'has tags in a form that is not edited' };
};

/** Whether a number stands there as it would be written again: 1.10 would become 1.1. */
const isWritten = (yaml: string, tag: number): boolean =>
  yaml.split(/[^\w.+-]+/).includes(String(tag));

const styleOf = (tag: string, { style, from, to }: Args): string => {
  const named = tag === from && to !== undefined ? to : tag;
  if (style === undefined) return named;
  const lower = named.toLowerCase();
  return style === 'lower' ? lower : lower.replace(/[\s_]+/g, '-');
};

/** The one stretch in which two texts differ. */
const changeOf = (before: string, after: string) => {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return {
    start,
    end: before.length - tail,
    text: after.slice(start, after.length - tail),
  };
};
