// SPDX-License-Identifier: GPL-3.0-only
import {
  type Expression,
  type GrammarRule,
  grammarRule,
  inSequence,
  oneOfExpressions,
  textExpression,
} from './expression.ts';

/** One of these texts, of which there may be tens of thousands. */
export const textsRule = (texts: readonly string[]): Expression => {
  const [only = ''] = texts;
  if (texts.length < 2) return textExpression(only);
  const sorted = [...new Set(texts)].toSorted();
  const made: GrammarRule = grammarRule(undefined, () => tree(sorted, 0, 0), {
    kind: 'texts',
    texts: sorted,
  });
  return made;
};

/** Below this, texts are written side by side. */
const maxDepth = 64;

/** What begins alike is written once: of thousands side by side a compiler follows each by itself. */
const tree = (texts: readonly string[], from: number, depth: number): Expression => {
  if (depth === maxDepth)
    return oneOfExpressions(...texts.map((each) => textExpression(each.slice(from))));
  const groups = Map.groupBy(texts, (each) => each.codePointAt(from));
  return oneOfExpressions(
    ...[...groups.values()].map((group) => {
      const [first = '', last = ''] = [group[0], group.at(-1)];
      const end = first === last ? first.length : sharedLength(first, last);
      const start = textExpression(first.slice(from, end));
      return group.length === 1 ? start : inSequence(start, tree(group, end, depth + 1));
    }),
  );
};

/** Of sorted texts the first and the last share what all of them do; half a character is none. */
const sharedLength = (first: string, last: string): number => {
  let length = 0;
  while (length < first.length && first[length] === last[length]) length += 1;
  const isHalf = /[\ud800-\udbff]/.test(first[length - 1] ?? '');
  return isHalf ? length - 1 : length;
};
