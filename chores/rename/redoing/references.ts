// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { nodesOf } from '../../../src/code/nodes.ts';
import { declarationsOf } from '../../../src/code/syntax.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import { openService, type Sources } from './service.ts';

/** A reference as the compiler finds it, by file and place, with what is to be written there. */
export type NameReference = {
  readonly path: string;
  readonly start: number;
  /** What the new name is written as; `word` stands for it. */
  readonly written: 'word' | 'old: word' | 'word: old';
};

export type Referred = {
  readonly program: ts.Program;
  readonly references: readonly NameReference[];
  /** References that cannot be renamed, and why. */
  readonly findings: readonly string[];
};

/** Everything by which these files' declaration of a word is referred to, as the compiler sees it. */
export const findReferences = (
  compiler: Compiler,
  sources: Sources,
  homes: readonly string[],
  word: string,
): Referred => {
  const { service, program } = openService(compiler, sources);
  const checker = program.getTypeChecker();
  const places = new Map<string, Set<number>>();
  for (const home of homes) {
    const file = program.getSourceFile(home);
    for (const { name, node } of file ? declarationsOf(compiler, file) : []) {
      const label = (node as ts.NamedDeclaration).name;
      if (name !== word || !file || !label) continue;
      for (const one of service.getReferencesAtPosition(home, label.getStart(file)) ?? []) {
        places.set(one.fileName, (places.get(one.fileName) ?? new Set()).add(one.textSpan.start));
      }
    }
  }
  const references: NameReference[] = [];
  const findings: string[] = [];
  for (const [path, starts] of places) {
    const file = program.getSourceFile(path);
    if (!file) continue;
    for (const node of nodesOf(compiler, file)) {
      const start = node.getStart(file);
      const isText = compiler.isStringLiteralLike(node) && node.text === word;
      if (isText && (starts.has(start) || starts.has(start + 1))) {
        findings.push(`${path}: \`${word}\` is referred to by a text`);
      }
      if (!compiler.isIdentifier(node) || node.text !== word || !starts.has(start)) continue;
      const written = writtenAt(compiler, checker, node);
      if (written === 'by hand') {
        findings.push(`${path}: \`${word}\` is exported under this name by hand`);
      } else if (written !== 'other') references.push({ path, start, written });
    }
  }
  return { program, references, findings };
};

/** How a reference is written; `other`: it is a name that an import or a pattern chose. */
const writtenAt = (
  compiler: Compiler,
  checker: ts.TypeChecker,
  node: ts.Identifier,
): NameReference['written'] | 'other' | 'by hand' => {
  const { parent } = node;
  if (compiler.isImportSpecifier(parent)) {
    return parent.propertyName === undefined || parent.propertyName === node ? 'word' : 'other';
  }
  if (compiler.isExportSpecifier(parent)) {
    if (parent.propertyName && parent.name === node) return 'by hand';
    const local = checker.getExportSpecifierLocalTargetSymbol(parent);
    const from = parent.parent.parent.moduleSpecifier;
    return !from && local && isChosen(compiler, local) ? 'other' : 'word';
  }
  if (compiler.isShorthandPropertyAssignment(parent) && parent.name === node) {
    const value = checker.getShorthandAssignmentValueSymbol(parent);
    return value && isChosen(compiler, value) ? 'other' : 'old: word';
  }
  if (compiler.isBindingElement(parent) && parent.name === node) {
    return parent.propertyName ? 'other' : 'word: old';
  }
  const symbol = checker.getSymbolAtLocation(node);
  return symbol && isChosen(compiler, symbol) ? 'other' : 'word';
};

const isChosen = (compiler: Compiler, { declarations = [] }: ts.Symbol): boolean =>
  declarations.some(
    (one) =>
      (compiler.isImportSpecifier(one) && one.propertyName !== undefined) ||
      compiler.isImportClause(one) ||
      compiler.isNamespaceImport(one) ||
      compiler.isImportEqualsDeclaration(one) ||
      compiler.isBindingElement(one),
  );
