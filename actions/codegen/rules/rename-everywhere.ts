// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import type { ChoreIntent } from '../../../src/chore/intent-kinds.ts';
import { digestOf } from '../../../src/data/digest.ts';
import type { TextEdit } from './edits.ts';
import { findOne } from './find.ts';
import { createProgram, nodesOf } from './program.ts';
import { findUses, placeOf, type Uses } from './rename-uses.ts';
import {
  type Compiler,
  declarationsOf,
  isRelative,
  isSource,
  parseSource,
  resolveModule,
} from './syntax.ts';
import { Declined, type Script } from './tool-script.ts';
import type { WorkingTree } from './working-tree.ts';

type Intent = Extract<ChoreIntent, { kind: 'rename' }>;

/** More files than this are not read for one rename. */
const maxFiles = 150;

/** Ways in which a module's exports can travel without their names being written. */
const carriers = ['* as', 'import(', 'require('] as const;

/** Renames a module's top-level name and every use of it, or changes nothing. */
export function* renameEverywhere(
  compiler: Compiler,
  tree: WorkingTree,
  intent: Intent,
): Script<string> {
  const { from, to } = intent;
  if (!isFreeName(compiler, to)) throw new Declined(`\`${to}\` is a reserved word`);
  const { path, declared } = yield* findOne(compiler, tree, from, intent.files);
  if (declared.some((one) => one.exported === 'default')) {
    throw new Declined(
      `\`${from}\` is the default export of ${path}; its importers choose the name`,
    );
  }
  const first = yield* readAround(compiler, tree, [
    ...(yield* tree.containing(from)),
    ...(yield* tree.containing(to)),
  ]);
  let uses = usesIn(compiler, first, path, intent);
  if (uses.unsure.length > 0) {
    const more: string[] = [];
    for (const carrier of carriers) more.push(...(yield* tree.containing(carrier)));
    const all = yield* readAround(compiler, tree, [...first.keys(), ...more]);
    uses = usesIn(compiler, all, path, intent);
    const leak = leakIn(compiler, all);
    if (uses.unsure[0] !== undefined && leak !== undefined) {
      throw new Declined(`${uses.unsure[0]}: cannot tell what \`${from}\` is here, since ${leak}`);
    }
  }
  const paths = [...uses.edits.keys()].sort();
  const outside = paths.find((one) => !tree.mayWrite(one));
  if (outside) throw new Declined(`\`${from}\` is used in ${outside}, which is outside the scope`);
  for (const one of paths) yield* tree.edit(one, uses.edits.get(one) ?? []);
  const count = [...uses.edits.values()].reduce((sum, edits) => sum + edits.length, 0);
  return `rename: ${from} to ${to}, ${count} places in ${paths.length} files`;
}

const isFreeName = (compiler: Compiler, name: string): boolean => {
  const scanner = compiler.createScanner(compiler.ScriptTarget.Latest, true);
  scanner.setText(name);
  const isName =
    scanner.scan() === compiler.SyntaxKind.Identifier && scanner.getTokenEnd() === name.length;
  return isName && !takenNames.has(name);
};

/** Identifiers to a scanner: strict code may not bind the first two, the others mean one thing. */
const takenNames: ReadonlySet<string> = new Set([
  'arguments',
  'eval',
  'undefined',
  'NaN',
  'Infinity',
  'globalThis',
]);

/** The texts of these files and of the modules between them. */
function* readAround(
  compiler: Compiler,
  tree: WorkingTree,
  start: readonly string[],
): Script<ReadonlyMap<string, string>> {
  const listed = new Set(yield* tree.files());
  const texts = new Map<string, string>();
  const pending = [...new Set(start)].filter((path) => isSource(path) && listed.has(path));
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if (texts.has(path)) continue;
    if (texts.size >= maxFiles)
      throw new Declined(`more than ${maxFiles} files would have to be read`);
    const text = yield* tree.read(path);
    texts.set(path, text);
    const file = parseSource(compiler, path, text);
    for (const { fileName: specifier } of compiler.preProcessFile(text, true, true).importedFiles) {
      const target = isRelative(specifier) ? resolveModule(path, specifier, listed) : undefined;
      if (target && !texts.has(target) && passesOn(compiler, file, specifier)) pending.push(target);
    }
  }
  return texts;
}

/** Whether a statement brings in names without a list, or a list that needs its module to resolve. */
const passesOn = (compiler: Compiler, file: ts.SourceFile, specifier: string): boolean =>
  file.statements.some(
    (statement) =>
      (compiler.isExportDeclaration(statement) || compiler.isImportDeclaration(statement)) &&
      statement.moduleSpecifier !== undefined &&
      compiler.isStringLiteral(statement.moduleSpecifier) &&
      statement.moduleSpecifier.text === specifier,
  );

let lastUses: { readonly key: string; readonly uses: Uses } | undefined;

const usesIn = (
  compiler: Compiler,
  texts: ReadonlyMap<string, string>,
  path: string,
  { from, to }: Intent,
): Uses => {
  const key = digestOf([path, from, to, [...texts]]);
  if (lastUses?.key === key) return lastUses.uses;
  const program = createProgram(compiler, texts);
  const home = program.getSourceFile(path);
  if (!home) throw new Declined(`${path} cannot be read`);
  if (!compiler.isExternalModule(home)) throw new Declined(`${path} is not a module`);
  const declarations = new Set<ts.Node>(
    declarationsOf(compiler, home)
      .filter(({ name }) => name === from)
      .map(({ node }) => node),
  );
  const uses = findUses(compiler, program, declarations, { from, to });
  refuseTaken(compiler, program, uses.edits, to);
  lastUses = { key, uses };
  return uses;
};

/** @throws Declined where the new name is already used in a file that changes, or exported. */
const refuseTaken = (
  compiler: Compiler,
  program: ts.Program,
  edits: ReadonlyMap<string, readonly TextEdit[]>,
  to: string,
): void => {
  for (const file of program.getSourceFiles()) {
    const exported = declarationsOf(compiler, file).find(
      (one) => one.name === to && one.exported === 'named',
    );
    if (exported) throw new Declined(`${file.fileName} already exports \`${to}\``);
    if (!edits.has(file.fileName)) continue;
    for (const node of nodesOf(compiler, file)) {
      if (!compiler.isIdentifier(node) || node.text !== to) continue;
      const { parent } = node;
      const member = compiler.isPropertyAccessExpression(parent) && parent.name === node;
      const label = compiler.isPropertyAssignment(parent) && parent.name === node;
      if (!member && !label && !compiler.isJSDoc(parent)) {
        throw new Declined(`${placeOf(file, node)}: \`${to}\` already means for something else`);
      }
    }
  }
};

/** A place where a module's exports go as one value that the checker does not follow. */
const leakIn = (compiler: Compiler, texts: ReadonlyMap<string, string>): string | undefined => {
  const paths = new Set(texts.keys());
  for (const [path, text] of texts) {
    const file = parseSource(compiler, path, text);
    for (const node of nodesOf(compiler, file)) {
      const loaded =
        compiler.isCallExpression(node) &&
        (node.expression.kind === compiler.SyntaxKind.ImportKeyword ||
          (compiler.isIdentifier(node.expression) && node.expression.text === 'require'));
      const argument = loaded ? node.arguments[0] : undefined;
      if (
        loaded &&
        !(argument && compiler.isStringLiteralLike(argument) && isPackage(argument.text))
      ) {
        return `${placeOf(file, node)} loads a module at run time`;
      }
      if (!compiler.isNamespaceImport(node) || !isLocalModule(compiler, node, path, paths))
        continue;
      const { text: name } = node.name;
      for (const use of nodesOf(compiler, file)) {
        const free = compiler.isIdentifier(use) && use.text === name && use !== node.name;
        if (free && !isPlainAccess(compiler, use)) {
          return `${placeOf(file, use)} passes a module on as a value`;
        }
      }
    }
  }
  return undefined;
};

const isPackage = (specifier: string): boolean => /^(?:node:|[a-z][\w.-]*$)/u.test(specifier);

const isLocalModule = (
  compiler: Compiler,
  node: ts.NamespaceImport,
  path: string,
  paths: ReadonlySet<string>,
): boolean => {
  const { moduleSpecifier } = compiler.findAncestor(node, compiler.isImportDeclaration) ?? {};
  if (!moduleSpecifier || !compiler.isStringLiteral(moduleSpecifier)) return true;
  const specifier = moduleSpecifier.text;
  return isRelative(specifier)
    ? resolveModule(path, specifier, paths) !== undefined || !posix.extname(specifier)
    : /^[#~@/]/u.test(specifier);
};

const isPlainAccess = (compiler: Compiler, use: ts.Identifier): boolean => {
  const { parent } = use;
  return (
    (compiler.isPropertyAccessExpression(parent) && parent.expression === use) ||
    (compiler.isQualifiedName(parent) && parent.left === use) ||
    (compiler.isPropertyAccessExpression(parent) && parent.name === use) ||
    (compiler.isPropertyAssignment(parent) && parent.name === use)
  );
};
