// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { parseSource } from '../../src/code/syntax.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { isSorted } from './judge-imports.ts';

/** Whether two scripts are the same, byte for byte, but for their imports and re-exports. */
export const sameOutside = (path: string, before: string, now: string): boolean => {
  const [was, is] = [outside(path, before), outside(path, now)];
  return was.length === is.length && was.every((text, at) => text === is[at]);
};

/** The texts from the end of the line on which imports end to the end of the statement before the next ones. */
const outside = (path: string, text: string): readonly string[] => {
  const compiler = loadTypeScript();
  const file = parseSource(compiler, path, text);
  const parts: string[] = [];
  let start = 0;
  let last: ts.Statement | undefined;
  for (const statement of file.statements) {
    const isImport = isSorted(compiler, statement);
    const wasImport = last !== undefined && isSorted(compiler, last);
    if (isImport && !wasImport) parts.push(text.slice(start, last?.end ?? 0));
    if (!isImport && wasImport) start = lineEnd(text, last?.end ?? 0);
    last = statement;
  }
  if (last && isSorted(compiler, last)) start = lineEnd(text, last.end);
  return [...parts, text.slice(start)];
};

/** A remark beside the last import goes where that one goes. */
const lineEnd = (text: string, at: number): number => {
  const end = /[\r\n]/.exec(text.slice(at))?.index;
  const rest = text.slice(at, end === undefined ? undefined : at + end);
  return /^[ \t;]*(?:\/\/.*|\/\*(?:(?!\*\/).)*\*\/[ \t]*)?$/.test(rest) ? at + rest.length : at;
};
