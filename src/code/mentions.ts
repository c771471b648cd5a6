// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { Declined, type Script } from '../chore/script.ts';
import { isSource } from '../code/script-of.ts';
import type { Compiler } from '../data/load-typescript.ts';
import { isSetupFile } from '../spec/scope.ts';
import { nodesOf } from './nodes.ts';
import { isTest, parseSource } from './syntax.ts';
import { type CodePlace, type WorkingTree, wordOf } from './working-tree.ts';

/** So many places are named; of more it is said how many. */
const shown = 20;

/** Places as `path:line`, the first of them. */
export const namePlaces = (places: readonly CodePlace[]): readonly string[] => [
  ...places.slice(0, shown).map(({ path, line }) => `${path}:${line}`),
  ...(places.length > shown ? [`${places.length - shown} more`] : []),
];

/** Where the old names of renames still stand: in comments, texts and documents. */
export function* mentionsOf(
  tree: WorkingTree,
  names: readonly string[],
): Script<readonly CodePlace[]> {
  const places: CodePlace[] = [];
  for (const name of names) places.push(...(yield* tree.places(name)));
  return places;
}

/**
 * Looks for texts by which code or a tool can find a renamed thing: a string that is the name or a
 * path to it, or a value of a configuration. Tests run, so theirs are left.
 * @throws Declined where there is one
 */
export function* refuseLookups(
  compiler: Compiler,
  tree: WorkingTree,
  names: readonly string[],
): Script<void> {
  for (const name of names) {
    const places = yield* tree.places(name);
    const lookups: CodePlace[] = [];
    for (const path of new Set(places.map((place) => place.path))) {
      if (isSetupFile(path) || isTest(path)) continue;
      if (isSource(path)) {
        lookups.push(...stringsIn(compiler, path, yield* tree.read(path), name));
      } else if (
        /\.(?:json[c5]?|ya?ml|toml)$/u.test(path) &&
        !/\block\b/u.test(posix.basename(path))
      ) {
        lookups.push(...places.filter((place) => place.path === path));
      }
    }
    if (lookups.length > 0) {
      throw new Declined(
        `\`${name}\` is in a text at ${namePlaces(lookups).join(', ')}: whether behaviour stays the same cannot be told`,
      );
    }
  }
}

const stringsIn = (
  compiler: Compiler,
  path: string,
  text: string,
  name: string,
): readonly CodePlace[] => {
  const file = parseSource(compiler, path, text);
  const word = wordOf(name);
  const places: CodePlace[] = [];
  for (const node of nodesOf(compiler, file)) {
    if (!compiler.isStringLiteralLike(node) && !compiler.isTemplateLiteralToken(node)) continue;
    if (!word.test(node.text) || /\s/u.test(node.text) || compiler.isImportDeclaration(node.parent))
      continue;
    places.push({ path, line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1 });
  }
  return places;
};
