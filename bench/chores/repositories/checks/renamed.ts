// SPDX-License-Identifier: GPL-3.0-only
import ts from 'typescript';
import { tokensOf } from '../../../codegen/compiler.ts';
import { all, type Check, isCode, sameMessages } from './patched.ts';
import { differing, type Edits, edited } from './texts.ts';

type Renaming = {
  /** Lines whose old word means something else, as `path:line`, and whole files. */
  readonly but?: readonly (string | RegExp)[];
  /** What is right beside plain replacement, after it. */
  readonly also?: Edits;
};

/**
 * Each identifier of the old name in the tree's code has the new one, but where another thing is meant; in
 * comments both are right, and nothing else is changed.
 */
export const renamed = (from: string, to: string, { but = [], also = {} }: Renaming = {}): Check =>
  all(
    ({ base, changes }) => {
      if (changes.size === 0) return 'nothing is changed';
      for (const [path, text] of base) {
        const now = changes.has(path) ? changes.get(path) : text;
        if (now === undefined) return `${path} is gone`;
        if (!isCode(path)) {
          if (now !== text) return `${path} is changed`;
          continue;
        }
        const isLeft = (line: number): boolean =>
          but.some((one) => (typeof one === 'string' ? one === `${path}:${line}` : one.test(path)));
        const right = edited(also, replaceIn(path, text, from, to, isLeft), path);
        if (now === right) continue;
        const word = new RegExp(`(?<![\\w$])${from.replaceAll('$', '\\$')}(?![\\w$])`, 'g');
        const [back, wanted] = [now.replaceAll(word, to), right.replaceAll(word, to)];
        if (back !== wanted) return differing(path, back, wanted);
        const [tokens, others] = [tokensOf(path, now), tokensOf(path, right)];
        const at = tokens.findIndex((token, index) => token !== others[index]);
        if (at >= 0) return `${path}: ${tokens.slice(Math.max(0, at - 4), at + 4).join(' ')}`;
      }
      return undefined;
    },
    sameMessages(from, to),
  );

const replaceIn = (
  path: string,
  text: string,
  from: string,
  to: string,
  isLeft: (line: number) => boolean,
): string => {
  if (!text.includes(from)) return text;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const starts: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === from) {
      const start = node.getStart(file);
      if (!isLeft(file.getLineAndCharacterOfPosition(start).line + 1)) starts.push(start);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...new Set(starts)]
    .sort((a, b) => b - a)
    .reduce((now, at) => now.slice(0, at) + to + now.slice(at + from.length), text);
};
