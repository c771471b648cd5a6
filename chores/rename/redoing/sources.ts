// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { Declined, type Script } from '../../../src/chore/script.ts';
import type { TreeModules } from '../../../src/code/patch-modules.ts';
import type { ModuleTarget } from '../../../src/code/resolver.ts';
import { isSource } from '../../../src/code/script-of.ts';
import { parseSource } from '../../../src/code/syntax.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import type { Sources } from './service.ts';

/** More files than this are not read to do one rename again. */
const mostFiles = 300;

/** Reads files and the modules through which the first word can come to them; without words these alone. */
export function* readSources(
  compiler: Compiler,
  modules: TreeModules,
  read: (path: string) => Script<string | undefined>,
  start: Iterable<string>,
  words: readonly string[],
): Script<Sources> {
  const [word] = words;
  const texts = new Map<string, string>();
  const targets = new Map<string, ModuleTarget>();
  const first = new Set(start);
  // What has no word and no module as a name can hand neither on.
  const bearing = new Set(first);
  for (const text of word === undefined ? [] : [...words, 'export *', '* as ']) {
    for (const { path } of yield* modules.lines(text)) bearing.add(path);
  }
  // A set grows while it is walked.
  const pending = new Set([...first].filter(isSource));
  for (const path of pending) {
    if (texts.size >= mostFiles) {
      throw new Declined(`more than ${mostFiles} files would have to be read to do this again`);
    }
    const text = yield* read(path);
    if (text === undefined) continue;
    texts.set(path, text);
    if (word === undefined) continue;
    const file = parseSource(compiler, path, text);
    const idle = first.has(path) ? withoutWord(compiler, file, word) : undefined;
    const handing = handedOn(compiler, file);
    for (const specifier of specifiersOf(compiler, file)) {
      const target = yield* modules.resolve(path, specifier);
      targets.set(`${path}\n${specifier}`, target);
      const follows = idle
        ? !idle.has(specifier) || handing.has(specifier)
        : handing.has(specifier);
      if (typeof target !== 'object' || !follows) continue;
      if (bearing.has(target.path) || !handing.has(specifier)) pending.add(target.path);
    }
  }
  return {
    texts,
    targets,
    target: (from, specifier) => targets.get(`${from}\n${specifier}`) ?? 'unknown',
  };
}

/** The modules of which a file takes names alone, and neither the word nor something that has it. */
const withoutWord = (
  compiler: Compiler,
  { statements, text }: ts.SourceFile,
  word: string,
): ReadonlySet<string> => {
  const owners = new Set(
    [...text.matchAll(/([\p{ID_Continue}$]+)\s*\??\.\s*([\p{ID_Continue}$]+)/gu)].flatMap(
      ([, owner = '', member]) => (member === word ? [owner] : []),
    ),
  );
  const idle = new Set<string>();
  const needed = new Set<string>();
  for (const one of statements) {
    if (!compiler.isImportDeclaration(one) || !compiler.isStringLiteral(one.moduleSpecifier)) {
      continue;
    }
    const bound = one.importClause?.namedBindings;
    const names = [
      ...(one.importClause?.name ? [one.importClause] : []),
      ...(bound && compiler.isNamedImports(bound) ? bound.elements : []),
    ];
    const takes =
      (bound !== undefined && compiler.isNamespaceImport(bound)) ||
      names.some((name) => {
        const imported = compiler.isImportSpecifier(name)
          ? (name.propertyName ?? name.name)
          : undefined;
        return imported?.text === word || (name.name && owners.has(name.name.text));
      });
    (takes ? needed : idle).add(one.moduleSpecifier.text);
  }
  for (const specifier of needed) idle.delete(specifier);
  return idle;
};

/** All that a file names modules by, in comments too. */
const specifiersOf = (
  compiler: Compiler,
  { text, statements }: ts.SourceFile,
): ReadonlySet<string> => {
  // `preProcessFile` does not see `export * as name from`.
  const stated = statements.flatMap((one) =>
    compiler.isExportDeclaration(one) &&
    one.moduleSpecifier &&
    compiler.isStringLiteral(one.moduleSpecifier)
      ? [one.moduleSpecifier.text]
      : [],
  );
  const { importedFiles, ambientExternalModules = [] } = compiler.preProcessFile(text, true, true);
  const called = text.matchAll(
    /(?:\b[\w$.]+\(\s*(?:import\(\s*)?|@import\b[^'"\n]*)(['"])([^'"\n]+)\1/gu,
  );
  return new Set([
    ...stated,
    ...importedFiles.map(({ fileName }) => fileName),
    ...(ambientExternalModules ?? []),
    ...[...called].map(([, , specifier = '']) => specifier),
  ]);
};

/** The modules whose names a file exports again. */
const handedOn = (compiler: Compiler, { statements }: ts.SourceFile): ReadonlySet<string> => {
  const lists = statements.some((one) => compiler.isExportDeclaration(one) && !one.moduleSpecifier);
  return new Set(
    statements.flatMap((one) => {
      const from =
        compiler.isExportDeclaration(one) || (lists && compiler.isImportDeclaration(one))
          ? one.moduleSpecifier
          : undefined;
      return from && compiler.isStringLiteral(from) ? [from.text] : [];
    }),
  );
};
