// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { parseSource } from '../../src/code/syntax.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { insertStatement } from '../export/redo-insert.ts';
import type { Subject } from './redo-forms.ts';
import { boundBy, grownFrom } from './redo-imports.ts';

/** The statements that a file did not have. */
export const newIn = (
  compiler: Compiler,
  goal: ts.SourceFile,
  file: ts.SourceFile | undefined,
  subjects: ReadonlyMap<string, Subject>,
): readonly ts.Statement[] => {
  let next = 0;
  return goal.statements.filter((one) => {
    const old = file?.statements[next];
    const isGrown =
      compiler.isImportDeclaration(one) &&
      old !== undefined &&
      grownFrom(compiler, file, one, subjects)?.old === old;
    if (isGrown || old?.getText(file) === one.getText(goal)) next += 1;
    return old?.getText(file) !== one.getText(goal);
  });
};

/** The file with the new statements in it, those that follow one another at once. */
export const withNew = (
  compiler: Compiler,
  file: ts.SourceFile,
  goal: ts.SourceFile,
  fresh: readonly ts.Statement[],
): string => {
  let current = file;
  const { fileName } = file;
  for (let at = 0; at < fresh.length; ) {
    const first = fresh[at];
    if (!first) break;
    const index = goal.statements.indexOf(first);
    const old = compiler.isImportDeclaration(first) ? grownIn(compiler, current, first) : undefined;
    let last = first;
    at += 1;
    if (old) {
      const text =
        current.text.slice(0, old.getStart(current)) +
        first.getText(goal) +
        current.text.slice(old.getEnd());
      current = parseSource(compiler, fileName, text);
      continue;
    }
    for (
      let next = fresh[at];
      next && goal.statements.indexOf(next) === goal.statements.indexOf(last) + 1;
      next = fresh[at]
    ) {
      last = next;
      at += 1;
    }
    const lines = { start: first.getStart(goal), end: last.getEnd() };
    current = parseSource(compiler, fileName, insertStatement(current, index, goal, lines));
  }
  return current.text;
};

/** The import of the same module that has none but names of this one. */
const grownIn = (
  compiler: Compiler,
  file: ts.SourceFile,
  now: ts.ImportDeclaration,
): ts.ImportDeclaration | undefined => {
  const names = boundBy(compiler, now.importClause);
  return file.statements.filter(compiler.isImportDeclaration).find((old) => {
    const had = boundBy(compiler, old.importClause);
    const same =
      (old.moduleSpecifier as ts.StringLiteral).text ===
      (now.moduleSpecifier as ts.StringLiteral).text;
    return same && had.length > 0 && had.every((name) => names.includes(name));
  });
};
