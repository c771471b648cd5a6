// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import type { Script } from '../../src/chore/script.ts';
import { followRelative, type ReadText } from '../../src/code/relative-modules.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { reach } from '../export/redo-reach.ts';
import type { Subject } from './redo-forms.ts';

/** A test file as the patch has it, and as it was. */
export type Writing = {
  readonly compiler: Compiler;
  readonly after: ReadText;
  readonly source: string;
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly goal: ts.SourceFile;
  readonly file: ts.SourceFile | undefined;
  readonly fresh: readonly ts.Statement[];
};

/** The names that an import binds. */
export const boundBy = (
  compiler: Compiler,
  clause: ts.ImportClause | undefined,
): readonly string[] => {
  const bound = clause?.namedBindings;
  const named =
    bound && compiler.isNamedImports(bound) ? bound.elements.map(({ name }) => name.text) : [];
  return [...(clause?.name ? [clause.name.text] : []), ...named];
};

/** A name must be what the module under test exports by it. */
export function* wrongBinding(
  { compiler, after, source, goal }: Writing,
  name: string,
): Script<string | undefined> {
  const declaration = goal.statements
    .filter(compiler.isImportDeclaration)
    .find(({ importClause }) => boundBy(compiler, importClause).includes(name));
  if (!declaration) return `${name} is not imported`;
  const { text } = declaration.moduleSpecifier as ts.StringLiteral;
  const target = yield* followRelative(after, goal.fileName, text);
  const outside = declaration.importClause?.name?.text === name ? 'default' : name;
  const found = target && (yield* reach(compiler, after, target, outside));
  return found && (found.origins.includes(source) || target === source)
    ? undefined
    : `${name} does not come from ${source}`;
}

/** What is wrong with an import of the module under test. */
export function* wrongImport(
  { compiler, after, source, subjects, goal, file }: Writing,
  one: ts.ImportDeclaration,
): Script<string | undefined> {
  const { importClause: clause, moduleSpecifier: from } = one;
  const specifier = (from as ts.StringLiteral).text;
  const bound = clause?.namedBindings;
  if (!clause || clause.isTypeOnly || one.attributes || (bound && !compiler.isNamedImports(bound)))
    return 'it imports more than names';
  const target = yield* followRelative(after, goal.fileName, specifier);
  const isPlain = posix.normalize(specifier) === specifier.replace(/^\.\//u, '');
  if (
    target === undefined ||
    !isPlain ||
    specifier.endsWith('/') ||
    from.getText(goal).includes('\\')
  )
    return `${specifier.slice(0, 80)} is not in the tree`;
  const kept = new Set(grownFrom(compiler, file, one, subjects)?.kept ?? []);
  const wanted = [
    ...(clause.name ? [{ name: clause.name.text, outside: 'default' }] : []),
    ...(bound?.elements ?? []).map(({ name, propertyName, isTypeOnly }) => ({
      name: name.text,
      outside: propertyName || isTypeOnly ? '' : name.text,
    })),
  ];
  for (const { name, outside } of wanted.filter((item) => !kept.has(item.name))) {
    if (!subjects.has(name) || outside === '') return `${name} is imported, which nobody asks for`;
    const found = yield* reach(compiler, after, target, outside);
    if (!found || found.onlyType || found.declaredAs !== name) return `${target} has no ${name}`;
    if (target !== source && !found.origins.includes(source))
      return `${name} is not that of ${source}`;
  }
  return undefined;
}

/** The import that has grown into this one, and the names it had. */
export const grownFrom = (
  compiler: Compiler,
  file: ts.SourceFile | undefined,
  now: ts.ImportDeclaration,
  subjects: ReadonlyMap<string, Subject>,
): { readonly old: ts.ImportDeclaration; readonly kept: readonly string[] } | undefined => {
  const specifierOf = ({ moduleSpecifier }: ts.ImportDeclaration): string =>
    (moduleSpecifier as ts.StringLiteral).text;
  const textsOf = ({ importClause }: ts.ImportDeclaration): readonly string[] => {
    const bound = importClause?.namedBindings;
    const elements =
      bound && compiler.isNamedImports(bound) ? bound.elements.map((one) => one.getText()) : [];
    return [...(importClause?.name ? [importClause.name.text] : []), ...elements];
  };
  for (const old of file?.statements.filter(compiler.isImportDeclaration) ?? []) {
    const kept = textsOf(old);
    const rest = textsOf(now).filter((text) => kept.includes(text) || !subjects.has(text));
    if (specifierOf(old) === specifierOf(now) && kept.length > 0 && rest.join() === kept.join())
      return { old, kept };
  }
  return undefined;
};
