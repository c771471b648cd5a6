// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { coveredBy, type PatchView } from '../chore/patch.ts';
import type { Script } from '../chore/script.ts';
import { isDeclaration, isSource } from './script-of.ts';
import { isRelative, isTest } from './syntax.ts';

/** Reads a file as it is at some stage of a patch; `undefined` where there is none. */
export type ReadText = (path: string) => Script<string | undefined>;

const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** The source that a relative specifier leads to, as TypeScript and bundlers look for it. */
export function* followRelative(
  read: ReadText,
  from: string,
  specifier: string,
): Script<string | undefined> {
  if (!isRelative(specifier)) return undefined;
  const target = posix.join(posix.dirname(from), specifier);
  if (target.startsWith('..')) return undefined;
  for (const path of candidates(target)) {
    if ((yield* read(path)) !== undefined) return path;
  }
  return undefined;
}

const candidates = (target: string): readonly string[] => {
  const [, stem, kind, x] = /^(.*)\.([cm]?)js(x?)$/u.exec(target) ?? [];
  if (stem !== undefined) {
    return [target, `${stem}.${kind}ts${x}`, ...(kind || x ? [] : [`${stem}.tsx`])];
  }
  if (isSource(target)) return [target];
  const plain = target.replace(/\/$/u, '');
  const inside = endings.map((ending) => posix.join(plain, `index${ending}`));
  return target.endsWith('/') || plain === '.'
    ? inside
    : [...endings.map((ending) => `${plain}${ending}`), ...inside];
};

/** The path that a sentence means: exact, or the only one that ends in it. */
export function* findSaid(patch: PatchView, said: string): Script<string | undefined> {
  if ((yield* patch.read(said)) !== undefined) return said;
  const [only, ...others] = (yield* patch.files()).filter((path) => path.endsWith(`/${said}`));
  return others.length === 0 ? only : undefined;
}

const keywords = [
  'function',
  'function*',
  'const',
  'let',
  'var',
  'class',
  'interface',
  'type',
  'enum',
];

/**
 * Sources in which something may be declared by this name: of those that globs name, else no tests and no
 * files of types.
 */
export function* mayDeclare(
  patch: PatchView,
  name: string,
  files: readonly string[] = [],
): Script<readonly string[]> {
  const isMeant =
    files.length > 0 ? coveredBy(files) : (path: string) => !isTest(path) && !isDeclaration(path);
  const paths = new Set<string>();
  for (const keyword of keywords) {
    for (const path of yield* patch.containing(`${keyword} ${name}`)) {
      if (isSource(path) && isMeant(path)) paths.add(path);
    }
  }
  return [...paths].sort();
}
