// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../../src/data/load-typescript.ts';

/** Whether a statement only takes names from a module, or hands them on: neighbours may be sorted and joined. */
export const isSorted = (compiler: Compiler, node: ts.Node): boolean =>
  (compiler.isImportDeclaration(node) && node.importClause !== undefined) ||
  compiler.isExportDeclaration(node);

/** The statements of a file; of neighbours that may be sorted, what each name is, in one order. */
export const sortedStatements = (
  compiler: Compiler,
  file: ts.SourceFile,
): readonly (ts.Node | string)[] => {
  const items: (ts.Node | string)[] = [];
  let run: string[] = [];
  let kind: ts.SyntaxKind | undefined;
  const flush = (): void => {
    items.push(...run.sort());
    run = [];
  };
  for (const statement of file.statements) {
    if (compiler.isEmptyStatement(statement)) continue;
    if (!isSorted(compiler, statement) || statement.kind !== kind) flush();
    kind = statement.kind;
    if (!isSorted(compiler, statement)) items.push(statement);
    else run.push(...namesIn(compiler, statement as ts.ImportDeclaration | ts.ExportDeclaration));
  }
  flush();
  return items;
};

/** Each name of the statement with all that says what it is. */
const namesIn = (
  compiler: Compiler,
  node: ts.ImportDeclaration | ts.ExportDeclaration,
): readonly string[] => {
  const from = node.moduleSpecifier as ts.StringLiteral | undefined;
  const isImport = compiler.isImportDeclaration(node);
  const clause = isImport ? node.importClause : node.exportClause;
  const type = isImport ? node.importClause?.phaseModifier : node.isTypeOnly;
  const around = [
    isImport,
    from?.text,
    node.attributes?.getText().replace(/\s+/g, '').replaceAll("'", '"').replace(/,\}$/, '}'),
    type,
    node.modifiers?.map((one) => one.getText()),
  ];
  const say = (...what: readonly unknown[]): string => JSON.stringify([...around, ...what]);
  const bindings = clause && compiler.isImportClause(clause) ? clause.namedBindings : clause;
  const said: string[] = clause ? [] : [say('all')];
  if (clause && compiler.isImportClause(clause) && clause.name)
    said.push(say('default', clause.name.text));
  if (bindings && (compiler.isNamedImports(bindings) || compiler.isNamedExports(bindings)))
    said.push(
      ...[...bindings.elements].map((one) =>
        say('name', (one.propertyName ?? one.name).text, one.name.text, one.isTypeOnly),
      ),
      ...(bindings.elements.length === 0 ? [say('nothing')] : []),
    );
  else if (
    bindings &&
    (compiler.isNamespaceImport(bindings) || compiler.isNamespaceExport(bindings))
  )
    said.push(say('all', bindings.name.text));
  return said;
};
