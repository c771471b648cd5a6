// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { Declined, type Script } from '../../src/chore/script.ts';
import { isSource } from '../../src/code/script-of.ts';
import { parseSource } from '../../src/code/syntax.ts';
import { type SearchLine, tooMany, type WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';

/** Who imports from a module: `whole` says who may take any of its names. */
export type Importers = {
  readonly whole?: string;
  /** By name, the file that imports it. */
  readonly names: ReadonlyMap<string, string>;
};

/** A module's name in specifiers: that of its file up to the first dot. */
export const stemOf = (path: string): string => posix.basename(path).replace(/\..*$/, '');

/**
 * Who may import from a module. Every specifier of it ends in its file's name, so that files that do not
 * say that as a path cannot; a file that says it in any other way than to import names may take them all.
 */
export function* whoImports(
  compiler: Compiler,
  tree: WorkingTree,
  path: string,
): Script<Importers> {
  const stem = stemOf(path);
  const names = new Map<string, string>();
  if (stem === 'index' || stem === '')
    return { names, whole: 'is in an index, which others import by its folder' };
  const hits = yield* mentions(tree, stem);
  for (const other of new Set(hits.map((hit) => hit.path))) {
    if (other === path) continue;
    const place = hits.find((hit) => hit.path === other);
    const whole = `may be taken by ${other}:${place?.line ?? 1}, which names its file`;
    if (!isSource(other)) return { names, whole };
    const read = namesFrom(compiler, other, yield* tree.read(other), stem);
    if (read === undefined) return { names, whole };
    for (const name of read) names.set(name, other);
  }
  const manifest = yield* manifestOver(tree, path, stem);
  return { names, ...(manifest !== undefined && { whole: `is handed on by ${manifest}` }) };
}

/** The package.json around a module that names its file, or that of its own package, which lets others import any. */
function* manifestOver(tree: WorkingTree, path: string, stem: string): Script<string | undefined> {
  const names = new RegExp(`["/]${literal(stem)}\\.[cm]?[jt]sx?"`, 'u');
  const around = (yield* tree.files())
    .filter((file) => /(?:^|\/)package\.json$/.test(file) && path.startsWith(file.slice(0, -12)))
    .toSorted((a, b) => b.length - a.length);
  for (const [index, file] of around.entries()) {
    const text = yield* tree.read(file);
    if (names.test(text) || (index === 0 && /"\.\/[^"]*\*/u.test(text))) return file;
  }
  return undefined;
}

/** Prose, lock files, and the queue of specs, which name files and load none. */
const onlySpeaks =
  /\.(?:md|markdown|txt)$|(?:^|\/)\S*lock\S*$|(?:^|\/)specs\/[^/]+\.(?:ya?ml|json)$/i;

/** Lines that say the file's name at the end of a path, in any kind of file but prose. */
function* mentions(tree: WorkingTree, stem: string): Script<readonly SearchLine[]> {
  const bare = ((yield* tree.lines('baseUrl')) ?? []).length > 0;
  const hits: SearchLine[] = [];
  for (const text of [`/${stem}`, ...(bare ? [`'${stem}'`, `"${stem}"`] : [])])
    hits.push(...((yield* tree.lines(text)) ?? tooMany(text)));
  const path = pathTo(stem);
  return hits.filter((hit) => !onlySpeaks.test(hit.path) && path.test(hit.text));
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Its name behind a slash, or alone in quotes; with or without an ending. */
const pathTo = (stem: string): RegExp =>
  new RegExp(`(?:/${literal(stem)}(?![\\w$-])|(['"])${literal(stem)}\\1)`, 'u');

/** The names that a source imports from modules so called; `undefined` where it may take any. */
const namesFrom = (
  compiler: Compiler,
  path: string,
  text: string,
  stem: string,
): readonly string[] | undefined => {
  const file = parseSource(compiler, path, text);
  const names: string[] = [];
  let rest = text;
  for (const statement of file.statements.toReversed()) {
    const isImport = compiler.isImportDeclaration(statement);
    if (!isImport && !compiler.isExportDeclaration(statement)) continue;
    const specifier = statement.moduleSpecifier;
    if (!specifier || !compiler.isStringLiteral(specifier)) continue;
    if (stemOf(specifier.text) !== stem) continue;
    const bound = isImport ? statement.importClause?.namedBindings : statement.exportClause;
    const isStar = isImport ? bound && compiler.isNamespaceImport(bound) : !bound;
    if (isStar || (bound && compiler.isNamespaceExport(bound))) return undefined;
    if (bound && (compiler.isNamedImports(bound) || compiler.isNamedExports(bound)))
      names.push(...bound.elements.map((one) => (one.propertyName ?? one.name).text));
    rest = rest.slice(0, specifier.getStart(file)) + rest.slice(specifier.end);
  }
  return loadOf(stem).test(rest) ? undefined : names;
};

/** As `pathTo`, but a word alone in quotes, such as a test's title, is a module only where one is loaded. */
const loadOf = (stem: string): RegExp =>
  new RegExp(
    `/${literal(stem)}(?![\\w$-])|\\b(?:from|import|import\\(|require\\()\\s*(['"])${literal(stem)}\\1`,
    'u',
  );

const loaders = ['import(', 'require(', 'import.meta.glob', 'require.context'];

/** Where modules are loaded whose names are worked out as the code runs: these can be any. */
export function* looseLoads(tree: WorkingTree): Script<readonly string[]> {
  const places: string[] = [];
  for (const call of loaders) {
    const hits = yield* tree.lines(call);
    if (!hits) throw new Declined(`"${call}" occurs in more places than rules can look at`);
    for (const { path, line, text } of hits) {
      if (!/\.(?:md|markdown|txt)$/i.test(path) && isLoose(text)) places.push(`${path}:${line}`);
    }
  }
  return places;
}

const isLoose = (line: string): boolean =>
  /\bimport\.meta\.glob|\brequire\.context/.test(line) ||
  [...line.matchAll(/\b(?:import|require)\((?!\s*(?:'[^'\n]*'|"[^"\n]*"|`[^`$\n]*`)\s*[,)])/g)]
    .length > 0;
