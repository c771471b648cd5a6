// SPDX-License-Identifier: GPL-3.0-only
import { type CodeToken, readStatements } from '../../src/code/tokens.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';

/** Neighbouring imports and re-exports, with the remarks above and beside them. */
type Stretch = { readonly start: number; readonly end: number };

/** The text with the stretches of imports that another has, one for one; itself where they do not pair. */
export const withImportsOf = (path: string, text: string, other: string): string => {
  const [mine, theirs] = [text, other].map((one) => stretchesOf(path, one));
  if (!mine || !theirs || mine.length !== theirs.length) return text;
  let whole = '';
  let at = 0;
  for (const [index, { start, end }] of mine.entries()) {
    const put = theirs[index];
    whole += text.slice(at, start) + other.slice(put?.start, put?.end);
    at = end;
  }
  return whole + text.slice(at);
};

const stretchesOf = (path: string, text: string): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  let before = 0;
  let isOpen = false;
  for (const { tokens, end } of readStatements(loadTypeScript(), path, text)) {
    const moves = isMoved(tokens);
    if (moves) {
      const stop = end + besideAt(text.slice(end));
      const start = isOpen ? (stretches.pop()?.start ?? before) : before;
      stretches.push({ start, end: stop });
    }
    before = end;
    isOpen = moves;
  }
  return stretches;
};

/** `import a from`, `import {`, `export {`, `export *`, and those of types; no import for its effects alone. */
const isMoved = ([first, second, third]: readonly CodeToken[]): boolean => {
  if (first?.text === 'export')
    return /^[{*]$/.test((second?.text === 'type' ? third : second)?.text ?? '');
  return first?.text === 'import' && !/^["'(.]/.test(second?.text ?? '(') && third?.text !== '=';
};

/** How far the rest of a line goes where it is a remark or nothing. */
const besideAt = (rest: string): number => {
  const [line = ''] = rest.split(/[\r\n]/, 1);
  return /^[ \t]*(?:$|\/\/|\/\*[^*]*\*\/[ \t]*$)/.test(line) ? line.length : 0;
};
