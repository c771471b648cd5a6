// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { findPair, parseFrontmatter, splitFrontmatter } from '../../src/markdown/frontmatter.ts';

type Args = { readonly from: string; readonly to: string; readonly files?: readonly string[] };

/** Changes the key's own characters in each note that has it. */
export const work: Work<Args, CodeHands> = function* ({ from, to, files }, { tree }) {
  const notes = (yield* tree.files())
    .filter((path) => /\.(?:md|markdown)$/i.test(path))
    .filter(coveredBy(files))
    .filter(tree.mayWrite);
  const left: { readonly path: string; readonly reason: string }[] = [];
  let count = 0;
  let there = 0;
  for (const path of notes) {
    const text = yield* tree.readable(path);
    if (typeof text !== 'string') {
      left.push({ path, reason: text.refused });
      continue;
    }
    const place = keyIn(text, from, to);
    if (place === 'done') there += 1;
    if (place === undefined || place === 'done') continue;
    if ('refused' in place) left.push({ path, reason: place.refused });
    else {
      yield* tree.edit(path, [{ ...place, text: to }]);
      count += 1;
    }
  }
  const reasons = left.map(({ path, reason }) => `${path} ${reason}`).slice(0, 10);
  if (count === 0 && (left.length > 0 || there === 0)) {
    throw new Declined(reasons[0] ?? `no note in scope has the key ${from}`);
  }
  const rest = left.length > 0 ? `; left: ${reasons.join('; ')}` : '';
  return { notes: `rename-key: ${from} to ${to} in ${count} notes${rest}`, left };
};

const keyIn = (text: string, from: string, to: string) => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return split;
  const parsed = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(parsed)) return parsed;
  const pair = findPair(parsed.map, from);
  if (!pair) return findPair(parsed.map, to) ? 'done' : undefined;
  if (from.toLowerCase() !== to.toLowerCase() && findPair(parsed.map, to))
    return { refused: `has ${to} as well` };
  const [start = 0, end = 0] = (pair.key as { readonly range?: readonly number[] }).range ?? [];
  const offset = split.bom.length + split.open.length;
  return { start: offset + start, end: offset + end };
};
