// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { nodesOf } from '../../../src/code/nodes.ts';
import { parseSource } from '../../../src/code/syntax.ts';
import { createCache } from '../../../src/data/bounded-cache.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import { importsOf, type ModuleFacts, type NameLink, readFacts } from './module-facts.ts';
import { type Form, type Linked, readModuleUses, type Whole } from './module-uses.ts';
import { isLink, readScopes, type Scopes } from './scopes.ts';

/** A use of a word as a name in scope. */
export type Lexical = {
  readonly at: number;
  readonly form: Form;
  /** Whether it stands for what the top of the file declares or imports, for a name within, or for none. */
  readonly scope: 'top' | 'inner' | 'none';
  readonly inComment: boolean;
};

/** All that one file says about a word. */
export type FileUses = {
  readonly facts: ModuleFacts;
  readonly lexical: readonly Lexical[];
  readonly linked: readonly Linked[];
  readonly wholes: readonly Whole[];
  /** Where the word is a name that is no use: a member, a key, a label, a documented parameter. */
  readonly others: ReadonlySet<number>;
  /** The kinds of declaration at the top of the file that have this name. */
  readonly declared: readonly ts.Node[];
  /** Modules that are added to in `declare module`, with this word declared in them. */
  readonly augmented: readonly Augmented[];
};

type Augmented = {
  readonly at: number;
  readonly specifier: string;
  /** Outside of a module the block declares another module of that name. */
  readonly adds: boolean;
};

const cache = createCache<string, FileUses>(1200);

/** Reads a file once for a word. @throws Declined where it does not parse */
export const usesInFile = (
  compiler: Compiler,
  path: string,
  text: string,
  word: string,
): FileUses => {
  const key = `${path}\n${word}\n${text}`;
  const uses = cache.get(key) ?? read(compiler, path, text, word);
  cache.set(key, uses);
  return uses;
};

const read = (compiler: Compiler, path: string, text: string, word: string): FileUses => {
  const file = parseSource(compiler, path, text);
  const nodes = [...nodesOf(compiler, file)];
  const scopes = readScopes(compiler, file, nodes);
  const facts = readFacts(compiler, file);
  const lexical: Lexical[] = [];
  const linked: Linked[] = [];
  const others = new Set<number>();
  const augmented: Augmented[] = [];
  const adds = compiler.isExternalModule(file);
  for (const node of nodes) {
    if (!isWord(compiler, node, word)) continue;
    const at = node.getStart(file);
    const link = linkOf(compiler, node);
    if (link)
      linked.push({ ...link, at, via: [], form: isName(compiler, node) ? 'plain' : 'string' });
    const use = compiler.isIdentifier(node) ? lexicalOf(compiler, file, scopes, node) : undefined;
    if (use) lexical.push({ ...use, at });
    if (!link && !use && compiler.isIdentifier(node)) others.add(at);
    const specifier = use?.scope === 'inner' ? augmentedBy(compiler, node) : undefined;
    if (specifier !== undefined) augmented.push({ at, specifier, adds });
  }
  const { members, wholes } = readModuleUses({ compiler, file, nodes, scopes, word });
  linked.push(...members);
  for (const { at } of members) others.delete(at);
  return {
    facts,
    lexical,
    linked,
    wholes,
    others,
    augmented,
    declared: scopes.top(word).map(({ declaration }) => declaration),
  };
};

const isName = (compiler: Compiler, node: ts.Node): boolean => compiler.isIdentifier(node);

const isWord = (
  compiler: Compiler,
  node: ts.Node,
  word: string,
): node is ts.Identifier | ts.StringLiteral =>
  (compiler.isIdentifier(node) || compiler.isStringLiteral(node)) && node.text === word;

/** The name of another module that stands here: in an import, an export or a type. */
const linkOf = (
  compiler: Compiler,
  node: ts.Identifier | ts.StringLiteral,
): NameLink | undefined => {
  const { parent } = node;
  if (compiler.isImportSpecifier(parent) && (parent.propertyName ?? parent.name) === node) {
    const { parent: holder } = parent.parent.parent;
    return importsOf(compiler, holder as ts.ImportDeclaration | ts.JSDocImportTag).get(
      parent.name.text,
    );
  }
  if (compiler.isExportSpecifier(parent) && (parent.propertyName ?? parent.name) === node) {
    const { moduleSpecifier: from } = parent.parent.parent;
    return from && compiler.isStringLiteral(from)
      ? { specifier: from.text, name: node.text }
      : undefined;
  }
  const type = compiler.isQualifiedName(parent) ? outermost(compiler, parent, node) : parent;
  if (type && compiler.isImportTypeNode(type) && type.qualifier) {
    const { argument } = type;
    const literal = compiler.isLiteralTypeNode(argument) ? argument.literal : undefined;
    if (literal && compiler.isStringLiteral(literal)) {
      return { specifier: literal.text, name: node.text };
    }
  }
  return undefined;
};

/** Of `a.b.c` the node around, if the name is the first of it. */
const outermost = (
  compiler: Compiler,
  start: ts.QualifiedName,
  first: ts.Node,
): ts.Node | undefined => {
  let node: ts.Node = start;
  if (start.left !== first) return undefined;
  while (compiler.isQualifiedName(node)) node = node.parent;
  return node;
};

const lexicalOf = (
  compiler: Compiler,
  file: ts.SourceFile,
  scopes: Scopes,
  node: ts.Identifier,
): Omit<Lexical, 'at'> | undefined => {
  const { parent } = node;
  const inComment = compiler.findAncestor(node, compiler.isJSDoc) !== undefined;
  const binding = scopes.declaredBy(node);
  if (binding) {
    // `{ name }` of a module's names is the module's name as well, and that one is looked at there.
    return { form: 'plain', scope: binding.scope === file ? 'top' : 'inner', inComment };
  }
  if (!refers(compiler, node)) return undefined;
  const meant = scopes.resolve(node);
  const scope =
    meant.length === 0 ? 'none' : meant.some((one) => one.scope === file) ? 'top' : 'inner';
  const form = compiler.isShorthandPropertyAssignment(parent) ? 'value' : 'plain';
  return { form, scope, inComment };
};

/** Whether a name that declares nothing is looked up in the scopes around it. */
const refers = (compiler: Compiler, node: ts.Identifier): boolean => {
  const { parent } = node;
  if (compiler.isShorthandPropertyAssignment(parent)) return true;
  if (compiler.isExportSpecifier(parent)) {
    return !parent.parent.parent.moduleSpecifier && (parent.propertyName ?? parent.name) === node;
  }
  if (compiler.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (compiler.isQualifiedName(parent)) {
    const whole = outermost(compiler, parent, node);
    return whole !== undefined && !compiler.isImportTypeNode(whole);
  }
  if (compiler.isJsxOpeningLikeElement(parent) || compiler.isJsxClosingElement(parent)) {
    return !/^[a-z]/u.test(node.text);
  }
  if (compiler.isJSDocNameReference(parent) || isLink(compiler, parent)) return true;
  if (compiler.isTypePredicateNode(parent)) return true;
  if (compiler.isBindingElement(parent)) return parent.propertyName !== node;
  const named = parent as { readonly name?: ts.Node; readonly label?: ts.Node };
  return !(
    named.name === node ||
    named.label === node ||
    compiler.isImportSpecifier(parent) ||
    compiler.isImportTypeNode(parent) ||
    compiler.isJsxNamespacedName(parent) ||
    compiler.isJSDocMemberName(parent) ||
    (parent as { readonly tagName?: ts.Node }).tagName === node
  );
};

/** The module that a `declare module '...'` around a declaration adds to. */
const augmentedBy = (compiler: Compiler, node: ts.Node): string | undefined => {
  const block = compiler.findAncestor(
    node,
    (one): one is ts.ModuleDeclaration =>
      compiler.isModuleDeclaration(one) && compiler.isStringLiteral(one.name),
  );
  return block?.name.text;
};
