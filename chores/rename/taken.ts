// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { Declined } from '../../src/chore/script.ts';
import type { TextEdit } from '../../src/code/edits.ts';
import { nodesOf, placeOf } from '../../src/code/nodes.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';

/** @throws Declined where a name means something in every module. */
export const refuseName = (compiler: Compiler, name: string): void => {
  const scanner = compiler.createScanner(compiler.ScriptTarget.Latest, true);
  scanner.setText(name);
  const isName =
    scanner.scan() === compiler.SyntaxKind.Identifier && scanner.getTokenEnd() === name.length;
  if (!isName || reserved.has(name)) {
    throw new Declined(`\`${name}\` is a reserved word or a keyword, which rules do not take`);
  }
  if (isPlatform(name)) {
    throw new Declined(`\`${name}\` is a global of the platform, which the new name would hide`);
  }
};

/** Whether a name means something everywhere, without an import. */
export const isPlatform = (name: string): boolean => name in globalThis || globals.has(name);

/** Identifiers to a scanner: strict code may not bind the first two, the others mean one thing. */
const reserved: ReadonlySet<string> = new Set([
  'arguments',
  'eval',
  'undefined',
  'NaN',
  'Infinity',
  'globalThis',
]);

/** Beside those of this process: of CommonJS, of browsers, and types of the language. */
const globals: ReadonlySet<string> = new Set(
  [
    'require module exports __dirname __filename',
    'window document self location history localStorage sessionStorage alert confirm prompt',
    'Element HTMLElement Node Document Window Image Option',
    'Partial Required Readonly Record Pick Omit Exclude Extract NonNullable Parameters ReturnType',
    'InstanceType Awaited PropertyKey',
  ].flatMap((line) => line.split(' ')),
);

/** @throws Declined where the new name is already used in a file that changes, or exported. */
export const refuseTaken = (
  compiler: Compiler,
  program: ts.Program,
  edits: ReadonlyMap<string, readonly TextEdit[]>,
  to: string,
): void => {
  const checker = program.getTypeChecker();
  for (const file of program.getSourceFiles()) {
    const module = checker.getSymbolAtLocation(file);
    // With what it hands on by `export *`.
    const exported = module ? checker.getExportsOfModule(module) : [];
    if (exported.some(({ name }) => name === to)) {
      throw new Declined(`${file.fileName} already exports \`${to}\``);
    }
    if (!edits.has(file.fileName)) continue;
    for (const node of nodesOf(compiler, file)) {
      if (!compiler.isIdentifier(node) || node.text !== to) continue;
      if (!isMember(compiler, node) && !compiler.isJSDoc(node.parent)) {
        throw new Declined(`${placeOf(file, node)}: \`${to}\` already stands for something else`);
      }
    }
  }
};

/** A name that is looked up in an object alone. */
const isMember = (compiler: Compiler, node: ts.Identifier): boolean => {
  const { parent } = node;
  if (compiler.isBindingElement(parent)) return parent.propertyName === node;
  return (
    (parent as { readonly name?: ts.Node }).name === node &&
    (compiler.isPropertyAccessExpression(parent) ||
      compiler.isPropertyAssignment(parent) ||
      compiler.isMethodDeclaration(parent) ||
      compiler.isAccessor(parent) ||
      compiler.isPropertyDeclaration(parent) ||
      compiler.isTypeElement(parent))
  );
};
