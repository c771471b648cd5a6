// SPDX-License-Identifier: GPL-3.0-only

import { posix } from 'node:path';
import type ts from 'typescript';
import type { Script } from '../chore/script.ts';
import { isSource } from '../code/script-of.ts';
import type { Compiler } from '../data/load-typescript.ts';
import { importEnding, parseSource } from './syntax.ts';
import type { WorkingTree } from './working-tree.ts';

/** So many other files are looked at for how they write relative imports. */
const maxWitnesses = 3;

/**
 * How a new relative import in `file` should end: as its own imports do, else as those of its
 * neighbours, else as the nearest tsconfig.json wants; files that Node runs as they are need `.ts`.
 */
export function* findEnding(
  compiler: Compiler,
  tree: WorkingTree,
  file: ts.SourceFile,
  target: string,
): Script<string> {
  const fileEnding = importEnding(compiler, file);
  if (fileEnding !== undefined) return fileEnding;
  const files = yield* tree.files();
  const folder = posix.dirname(file.fileName);
  const others = [target, ...files.filter((path) => path !== file.fileName && isSource(path))]
    .filter((path) => path !== file.fileName)
    .sort((a, b) => Number(posix.dirname(b) === folder) - Number(posix.dirname(a) === folder));
  for (const path of [...new Set(others)].slice(0, maxWitnesses)) {
    const ending = importEnding(compiler, parseSource(compiler, path, yield* tree.read(path)));
    if (ending !== undefined) return ending;
  }
  const config = files
    .filter((path) => posix.basename(path) === 'tsconfig.json')
    .filter((path) => file.fileName.startsWith(posix.dirname(path).replace(/^\.$/u, '')))
    .sort((a, b) => b.length - a.length)[0];
  const settings = config === undefined ? '' : yield* tree.read(config);
  if (/"moduleResolution":\s*"(?:bundler|node|node10)"/iu.test(settings)) return '';
  if (
    /"module":\s*"node/iu.test(settings) &&
    !/ImportingTsExtensions|rewriteRelative/u.test(settings)
  ) {
    return '.js';
  }
  return /\.[cm]?jsx?$/u.test(target) ? '.js' : '.ts';
}
