// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { Declined, type Script } from '../../src/chore/script.ts';
import { resolveIn } from '../../src/code/modules.ts';
import type { ModuleTarget } from '../../src/code/resolver.ts';
import { isSource } from '../../src/code/script-of.ts';
import { parseSource } from '../../src/code/syntax.ts';
import { tooMany, type WorkingTree } from '../../src/code/working-tree.ts';
import { type Compiler, loadTypeScript } from '../../src/data/load-typescript.ts';
import { memoiseByObject } from '../../src/data/memoise.ts';

/** More files than this are not read for one rename. */
const maxFiles = 150;

/** Sources that were read, and where their specifiers lead. */
export type Around = {
  readonly texts: ReadonlyMap<string, string>;
  readonly targets: ReadonlyMap<string, ModuleTarget>;
  readonly target: (from: string, specifier: string) => ModuleTarget;
};

/**
 * The texts of these files and of the modules between them. Where these are all files that have a
 * name in them, what else can hand it on is a module with `export *`.
 */
export function* readAround(
  compiler: Compiler,
  tree: WorkingTree,
  start: readonly string[],
): Script<Around> {
  const listed = new Set(yield* tree.files());
  const texts = new Map<string, string>();
  const targets = new Map<string, ModuleTarget>();
  const pending = [...new Set(start)].filter((path) => isSource(path) && listed.has(path));
  const stars = new Set(
    ((yield* tree.lines('export *')) ?? tooMany('export *')).map(({ path }) => path),
  );
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if (texts.has(path)) continue;
    if (texts.size >= maxFiles) {
      throw new Declined(
        `more than ${maxFiles} files would have to be read, too many for rules; name a folder as the scope`,
      );
    }
    const text = yield* tree.read(path);
    texts.set(path, text);
    const file = parseSource(compiler, path, text);
    for (const specifier of specifiersIn(file)) {
      const target = yield* resolveIn(compiler, tree, path, specifier);
      targets.set(keyOf(path, specifier), target);
      if (typeof target === 'object' && stars.has(target.path)) pending.push(target.path);
    }
  }
  return {
    texts,
    targets,
    target: (from, specifier) => targets.get(keyOf(from, specifier)) ?? 'unknown',
  };
}

const keyOf = (from: string, specifier: string): string => `${from}\n${specifier}`;

/** Calls by which tests put something else in a module's place: `vi.mock('./x', ...)`. */
const handMade =
  /\b[\w$.]*(?:mock|replace|proxyquire)[\w$.]*\(\s*(?:import\(\s*)?(['"])([^'"\n]+)\1/giu;

/** Also those in comments, by which JavaScript names types; once a file, however often it is asked. */
const specifiersIn = memoiseByObject((file: ts.SourceFile): ReadonlySet<string> => {
  const compiler = loadTypeScript();
  const { text } = file;
  const { importedFiles, ambientExternalModules } = compiler.preProcessFile(text, true, true);
  const written = text.matchAll(/(?:\bimport\(\s*|@import\b[^'"\n]*)(['"])([^'"\n]+)\1/gu);
  const replaced = text.matchAll(handMade);
  // Which leaves out `export * as`.
  const exported = file.statements.flatMap((one) =>
    compiler.isExportDeclaration(one) &&
    one.moduleSpecifier &&
    compiler.isStringLiteral(one.moduleSpecifier)
      ? [one.moduleSpecifier.text]
      : [],
  );
  return new Set([
    ...exported,
    ...importedFiles.map(({ fileName }) => fileName),
    ...(ambientExternalModules ?? []),
    ...[...written, ...replaced].map(([, , specifier = '']) => specifier),
  ]);
});
