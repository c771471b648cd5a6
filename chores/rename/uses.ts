// SPDX-License-Identifier: GPL-3.0-only

import type ts from 'typescript';
import { Declined } from '../../src/chore/script.ts';
import type { TextEdit } from '../../src/code/edits.ts';
import { nodesOf, placeOf } from '../../src/code/nodes.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import type { Around } from './around.ts';
import { isPlatform } from './taken.ts';
import { isOneOf, refuseHalf, targetsOf } from './targets.ts';

/** What a name's occurrence in the tree turned out to be. */
type Use = { readonly edit: TextEdit } | 'other' | { readonly unsure: string };

export type Uses = {
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
  /** Occurrences that would be uses only if a module object came there by a way not seen. */
  readonly unsure: readonly string[];
  /** The modules that export the symbols under their name, by `export *` too. */
  readonly exporters: ReadonlySet<string>;
};

type Facts = {
  readonly compiler: Compiler;
  readonly program: ts.Program;
  readonly target: Around['target'];
  readonly from: string;
  readonly to: string;
};

/**
 * Finds every use of the symbols that a module declares as `from`, across a program's files.
 * @throws Declined where an occurrence can be neither taken nor left.
 */
export const findUses = (facts: Facts, home: ts.SourceFile): Uses => {
  const { compiler, program, from } = facts;
  const { declarations, exporters } = targetsOf(facts, home);
  const judge = judgeWith(facts, declarations, exporters.size > 0);
  const edits = new Map<string, readonly TextEdit[]>();
  const unsure: string[] = [];
  for (const file of program.getSourceFiles()) {
    const byStart = new Map<number, TextEdit>();
    for (const node of nodesOf(compiler, file)) {
      if (!isOccurrence(compiler, node, from)) continue;
      const use = judge(node, file);
      if (use === 'other') continue;
      if ('edit' in use) byStart.set(use.edit.start, use.edit);
      else unsure.push(use.unsure);
    }
    if (byStart.size > 0) edits.set(file.fileName, [...byStart.values()]);
  }
  refuseHalf(compiler, program, edits, from);
  return { edits, unsure, exporters };
};

const isOccurrence = (
  compiler: Compiler,
  node: ts.Node,
  name: string,
): node is ts.Identifier | ts.StringLiteralLike =>
  compiler.isIdentifier(node)
    ? node.text === name
    : compiler.isStringLiteralLike(node) &&
      node.text === name &&
      (compiler.isElementAccessExpression(node.parent) ||
        compiler.isLiteralTypeNode(node.parent) ||
        compiler.isBindingElement(node.parent) ||
        isInSpecifier(compiler, node));

const isInSpecifier = (compiler: Compiler, { parent }: ts.Node): boolean =>
  compiler.isImportSpecifier(parent) || compiler.isExportSpecifier(parent);

const judgeWith = (
  { compiler, program, target: targetOf, from, to }: Facts,
  declarations: ReadonlySet<ts.Node>,
  exported: boolean,
) => {
  const checker = program.getTypeChecker();
  const isTarget = (symbol: ts.Symbol | undefined): boolean =>
    symbol !== undefined && isOneOf(compiler, checker, symbol, declarations);
  /** A local name that stands for the target only because an import chose it. */
  const isChosen = (symbol: ts.Symbol): boolean =>
    (symbol.declarations ?? []).some(
      (one) =>
        (compiler.isImportSpecifier(one) && one.propertyName !== undefined) ||
        compiler.isImportClause(one) ||
        compiler.isNamespaceImport(one) ||
        compiler.isImportEqualsDeclaration(one),
    );
  const take = (node: ts.Node, file: ts.SourceFile, text = to): Use => ({
    edit: { start: node.getStart(file), end: node.getEnd(), text },
  });

  return (node: ts.Identifier | ts.StringLiteralLike, file: ts.SourceFile): Use => {
    const { parent } = node;
    const unsure = (): Use => ({ unsure: placeOf(file, node) });
    const refuse = (why: string): never => {
      throw new Declined(`${placeOf(file, node)}: ${why}`);
    };
    if (compiler.isStringLiteralLike(node)) {
      return isTarget(checker.getSymbolAtLocation(node)) || isInSpecifier(compiler, node)
        ? refuse(`\`${from}\` is used through a string`)
        : compiler.isElementAccessExpression(parent)
          ? unsure()
          : 'other';
    }
    if (compiler.isShorthandPropertyAssignment(parent) && parent.name === node) {
      const value = checker.getShorthandAssignmentValueSymbol(parent);
      return value && isTarget(value) && !isChosen(value)
        ? take(node, file, `${from}: ${to}`)
        : 'other';
    }
    if (compiler.isBindingElement(parent) && compiler.isObjectBindingPattern(parent.parent)) {
      const property = parent.propertyName ?? parent.name;
      if (property === node) {
        const type = checker.getTypeAtLocation(parent.parent);
        const member = type.getProperty(from);
        if (isTarget(member)) {
          return parent.propertyName ? take(node, file) : take(node, file, `${to}: ${from}`);
        }
        return member || !(type.flags & compiler.TypeFlags.Any) ? 'other' : unsure();
      }
    }
    if (compiler.isImportSpecifier(parent) || compiler.isExportSpecifier(parent)) {
      return judgeSpecifier(parent, node, file, refuse);
    }
    const symbol = checker.getSymbolAtLocation(node);
    if (symbol && isTarget(symbol) && !isChosen(symbol)) {
      if (isTag(node) && /^[a-z]/u.test(to)) {
        refuse(
          `a tag that begins with a small letter, \`<${to}>\`, would be an element of the platform`,
        );
      }
      return take(node, file);
    }
    if (symbol) {
      const module = moduleAround(node);
      if (module === undefined || !mayBeOurs(file, module)) return 'other';
      return refuse(`cannot tell which \`${from}\` of "${module}" this adds to`);
    }
    if (compiler.isPropertyAccessExpression(parent) && parent.name === node) {
      const type = checker.getTypeAtLocation(parent.expression);
      return type.flags & compiler.TypeFlags.Any && !isGlobal(parent.expression)
        ? unsure()
        : 'other';
    }
    if (compiler.isQualifiedName(parent) || compiler.isImportTypeNode(parent)) return unsure();
    if (exported && isUsed(node) && !isPlatform(from)) {
      return refuse(`\`${from}\` is used without an import, so what brings it here cannot be told`);
    }
    return 'other';
  };

  function isUsed(node: ts.Identifier): boolean {
    const { parent } = node;
    return (
      isTag(node) ||
      ((compiler.isCallExpression(parent) || compiler.isNewExpression(parent)) &&
        parent.expression === node) ||
      compiler.isTypeReferenceNode(parent) ||
      (compiler.isPropertyAccessExpression(parent) && parent.expression === node)
    );
  }

  function isTag({ parent }: ts.Node): boolean {
    return (
      compiler.isJsxOpeningElement(parent) ||
      compiler.isJsxClosingElement(parent) ||
      compiler.isJsxSelfClosingElement(parent)
    );
  }

  /** The module that a `declare module "..."` around a declaration speaks of. */
  function moduleAround(node: ts.Node): string | undefined {
    const block = compiler.findAncestor(
      node,
      (one): one is ts.ModuleDeclaration =>
        compiler.isModuleDeclaration(one) && compiler.isStringLiteral(one.name),
    );
    return block?.name.text;
  }

  function mayBeOurs(file: ts.SourceFile, module: string): boolean {
    const leads = targetOf(file.fileName, module);
    // Elsewhere than in a module the block declares one anew and adds to none.
    return (
      exported &&
      (leads === 'unknown' || (typeof leads === 'object' && !compiler.isExternalModule(file)))
    );
  }

  function isGlobal(expression: ts.Expression): boolean {
    return compiler.isIdentifier(expression) && !checker.getSymbolAtLocation(expression);
  }

  function judgeSpecifier(
    specifier: ts.ImportSpecifier | ts.ExportSpecifier,
    node: ts.Identifier,
    file: ts.SourceFile,
    refuse: (why: string) => never,
  ): Use {
    const local = compiler.isExportSpecifier(specifier)
      ? checker.getExportSpecifierLocalTargetSymbol(specifier)
      : checker.getSymbolAtLocation(specifier.name);
    const module = moduleOf(specifier);
    const target = isTarget(local);
    const original = (specifier.propertyName ?? specifier.name) === node;
    if (original) {
      if (target && !(module === undefined && local && isChosen(local))) return take(node, file);
      const resolved = local && !isUnresolved(local);
      if (resolved || !exported || module === undefined) return 'other';
      const leads = targetOf(file.fileName, module);
      if (leads === 'foreign' || leads === 'other') return 'other';
      return refuse(`cannot tell which \`${from}\` comes from "${module}"`);
    }
    return target && compiler.isExportSpecifier(specifier)
      ? refuse(`\`${from}\` is exported under this name by hand`)
      : 'other';
  }

  function moduleOf(specifier: ts.ImportSpecifier | ts.ExportSpecifier): string | undefined {
    const literal = compiler.isImportSpecifier(specifier)
      ? compiler.findAncestor(specifier, compiler.isImportDeclaration)?.moduleSpecifier
      : specifier.parent.parent.moduleSpecifier;
    return literal && compiler.isStringLiteral(literal) ? literal.text : undefined;
  }

  function isUnresolved(symbol: ts.Symbol): boolean {
    if (!(symbol.flags & compiler.SymbolFlags.Alias)) return false;
    const real = checker.getAliasedSymbol(symbol);
    return real.declarations === undefined || real.declarations.length === 0;
  }
};
