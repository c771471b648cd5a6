// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../data/load-typescript.ts';
import { parseSource } from './syntax.ts';

/** A word or mark of code; `start` and `end` are UTF-16 offsets. */
export type CodeToken = { readonly text: string; readonly start: number; readonly end: number };

/** A statement at the top of a module, from its first token to its last. */
export type CodeStatement = {
  readonly kind: ts.SyntaxKind;
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly CodeToken[];
};

/** A module as its statements and their tokens, comments left out. @throws Declined where it does not parse. */
export const readStatements = (
  compiler: Compiler,
  path: string,
  text: string,
): readonly CodeStatement[] => {
  const file = parseSource(compiler, path, text);
  return file.statements.map((statement) => ({
    kind: statement.kind,
    start: statement.getStart(file),
    end: statement.getEnd(),
    tokens: [...tokensIn(compiler, file, statement)],
  }));
};

function* tokensIn(compiler: Compiler, file: ts.SourceFile, node: ts.Node): Generator<CodeToken> {
  const { FirstJSDocNode, LastJSDocNode } = compiler.SyntaxKind;
  if (node.kind >= FirstJSDocNode && node.kind <= LastJSDocNode) return;
  const children = node.getChildren(file);
  if (children.length > 0) for (const child of children) yield* tokensIn(compiler, file, child);
  else if (node.getEnd() > node.getStart(file)) {
    yield { text: node.getText(file), start: node.getStart(file), end: node.getEnd() };
  }
}
