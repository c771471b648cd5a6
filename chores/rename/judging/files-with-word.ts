// SPDX-License-Identifier: GPL-3.0-only
import { Declined, type Script } from '../../../src/chore/script.ts';
import type { TreeModules } from '../../../src/code/patch-modules.ts';
import { isComponent, isSource } from '../../../src/code/script-of.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import type { FilesRead } from './homes.ts';
import { type FileUses, usesInFile } from './uses-in-file.ts';

/** More files than this, in which the old name still is, are not read. */
const mostLeft = 120;

/** What the sources with the old name say about it, and all paths where it is. */
export function* readFilesWith(
  compiler: Compiler,
  modules: TreeModules,
  word: string,
  patched: readonly string[],
  read: (path: string) => Script<string | undefined>,
): Script<{ readonly files: FilesRead; readonly paths: readonly string[] }> {
  const files = new Map<string, FileUses>();
  const add = function* (path: string): Script<void> {
    const text = isSource(path) ? yield* read(path) : undefined;
    if (text !== undefined) files.set(path, usesInFile(compiler, path, text, word));
  };
  for (const path of patched) yield* add(path);
  const exported = [...files.values()].some((one) => handsOut(one, word));
  const name = word.replaceAll('$', '\\$');
  const use = new RegExp(`(?<![\\p{ID_Continue}$])${name}(?![\\p{ID_Continue}$])`, 'u');
  // Of what no other file can import those alone matter that declare the same name.
  const line = exported ? use : new RegExp(`^\\w[\\w\\s*]*\\s${name}(?![\\p{ID_Continue}$])`, 'u');
  const lines = (yield* modules.lines(word)).filter(
    ({ path }) => !patched.includes(path) && (isSource(path) || isComponent(path)),
  );
  const left = lines.filter(
    ({ text }) => line.test(text) || (use.test(text) && text.length >= 300),
  );
  const paths = [...new Set(left.map(({ path }) => path))];
  if (paths.length > mostLeft) {
    throw new Declined(
      `\`${word}\` is still in ${paths.length} other files, more than can be looked at`,
    );
  }
  for (const path of paths) yield* add(path);
  return { files, paths: [...patched, ...paths] };
}

const handsOut = ({ facts }: FileUses, word: string): boolean =>
  [...facts.exports.values()].some((one) => ('local' in one ? one.local : one.name) === word);
