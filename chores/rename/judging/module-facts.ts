// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../../../src/data/load-typescript.ts';

/** A name of another module; `*` for the module as a whole. */
export type NameLink = { readonly specifier: string; readonly name: string };

/** What a module exports, and what it takes into its top scope from others. */
export type ModuleFacts = {
  readonly isModule: boolean;
  /** By the exported name: the local name, or the other module's. */
  readonly exports: ReadonlyMap<string, { readonly local: string } | NameLink>;
  readonly stars: readonly string[];
  readonly imports: ReadonlyMap<string, NameLink>;
};

/** Reads the import and export statements of a file. */
export const readFacts = (compiler: Compiler, file: ts.SourceFile): ModuleFacts => {
  const exports = new Map<string, { readonly local: string } | NameLink>();
  const imports = new Map<string, NameLink>();
  const stars: string[] = [];
  for (const statement of file.statements) {
    if (compiler.isImportDeclaration(statement)) {
      for (const [local, link] of importsOf(compiler, statement)) imports.set(local, link);
    } else if (compiler.isImportEqualsDeclaration(statement)) {
      const specifier = requiredBy(compiler, statement);
      if (specifier !== undefined) imports.set(statement.name.text, { specifier, name: '*' });
    } else if (compiler.isExportDeclaration(statement)) {
      const specifier = textOf(compiler, statement.moduleSpecifier);
      const clause = statement.exportClause;
      if (!clause) {
        if (specifier !== undefined) stars.push(specifier);
      } else if (compiler.isNamespaceExport(clause)) {
        if (specifier !== undefined) exports.set(clause.name.text, { specifier, name: '*' });
      } else {
        for (const { name, propertyName } of clause.elements) {
          const inner = (propertyName ?? name).text;
          exports.set(
            name.text,
            specifier === undefined ? { local: inner } : { specifier, name: inner },
          );
        }
      }
    } else if (compiler.isExportAssignment(statement)) {
      const { expression } = statement;
      if (compiler.isIdentifier(expression)) exports.set('default', { local: expression.text });
    } else {
      for (const [name, local] of declaredExports(compiler, statement))
        exports.set(name, { local });
    }
  }
  return { isModule: compiler.isExternalModule(file), exports, stars, imports };
};

/** The names an import statement binds, or a JSDoc comment's `@import`. */
export const importsOf = (
  compiler: Compiler,
  {
    importClause: clause,
    moduleSpecifier,
  }: Pick<ts.ImportDeclaration, 'importClause' | 'moduleSpecifier'>,
): ReadonlyMap<string, NameLink> => {
  const links = new Map<string, NameLink>();
  const specifier = textOf(compiler, moduleSpecifier);
  if (!clause || specifier === undefined) return links;
  if (clause.name) links.set(clause.name.text, { specifier, name: 'default' });
  const bound = clause.namedBindings;
  if (bound && compiler.isNamespaceImport(bound))
    links.set(bound.name.text, { specifier, name: '*' });
  else if (bound) {
    for (const { name, propertyName } of bound.elements) {
      links.set(name.text, { specifier, name: (propertyName ?? name).text });
    }
  }
  return links;
};

/** The specifier of `import x = require('...')`. */
export const requiredBy = (
  compiler: Compiler,
  { moduleReference }: ts.ImportEqualsDeclaration,
): string | undefined =>
  compiler.isExternalModuleReference(moduleReference)
    ? textOf(compiler, moduleReference.expression)
    : undefined;

/** The text of a node that is a string and nothing else. */
export const textOf = (compiler: Compiler, node: ts.Node | undefined): string | undefined =>
  node && compiler.isStringLiteralLike(node) ? node.text : undefined;

function* declaredExports(
  compiler: Compiler,
  statement: ts.Statement,
): Generator<readonly [string, string]> {
  const kinds = compiler.canHaveModifiers(statement)
    ? (compiler.getModifiers(statement) ?? []).map(({ kind }) => kind)
    : [];
  if (!kinds.includes(compiler.SyntaxKind.ExportKeyword)) return;
  if (compiler.isVariableStatement(statement)) {
    for (const { name } of statement.declarationList.declarations) {
      for (const one of boundBy(compiler, name)) yield [one, one];
    }
    return;
  }
  const { name } = statement as { readonly name?: ts.Node };
  if (!name || !compiler.isIdentifier(name)) return;
  const isDefault = kinds.includes(compiler.SyntaxKind.DefaultKeyword);
  yield [isDefault ? 'default' : name.text, name.text];
}

function* boundBy(compiler: Compiler, name: ts.BindingName): Generator<string> {
  if (compiler.isIdentifier(name)) yield name.text;
  else {
    for (const one of name.elements) {
      if (compiler.isBindingElement(one)) yield* boundBy(compiler, one.name);
    }
  }
}
