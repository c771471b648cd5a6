// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Script } from '../../../src/chore/script.ts';
import { readModule } from '../../../src/code/module-names.ts';
import type { TreeModules } from '../../../src/code/patch-modules.ts';
import { isComponent, isSource } from '../../../src/code/script-of.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';

/** Sources that have to be read as well, and what cannot be done. */
export type Carrying = {
  readonly sources: ReadonlySet<string>;
  readonly findings: readonly string[];
};

/** Files that hand on everything that these modules export, or take one of them as a value. */
export function* carrying(
  modules: TreeModules,
  exporters: ReadonlySet<string>,
  word: string,
): Script<Carrying> {
  const sources = new Set<string>();
  const findings: string[] = [];
  if (exporters.size === 0) return { sources, findings };
  const modulesOnTheWay = new Set(exporters);
  const bearers = new Set((yield* modules.lines(word)).map(({ path }) => path));
  const stars = (yield* modules.lines('export *')).filter(({ path }) => isSource(path));
  for (let size = 0; size !== modulesOnTheWay.size; ) {
    size = modulesOnTheWay.size;
    for (const { path, text } of stars) {
      const leads = yield* namedOn(modules, path, text);
      if (!leads.some((one) => one !== 'unknown' && modulesOnTheWay.has(one))) continue;
      modulesOnTheWay.add(path);
      sources.add(path);
      const [, space] = /\*\s*as\s+([\w$]+)/u.exec(text) ?? [];
      if (space === undefined) continue;
      for (const line of yield* modules.lines(space))
        if (isSource(line.path)) sources.add(line.path);
    }
  }
  for (const way of ['* as ', 'import(', 'require(', 'import.meta.glob', 'require.context']) {
    for (const { path, text, line } of yield* modules.lines(way)) {
      if (!isSource(path) && !isComponent(path)) continue;
      const leads = yield* namedOn(modules, path, text);
      const ours = leads.some((one) => modulesOnTheWay.has(one));
      // Components that do not say the word have nothing to give by it.
      const silent = [...text.matchAll(/["'](\.{1,2}\/[^"']+)["']/gu)]
        .map(([, said = '']) => posix.join(posix.dirname(path), said))
        .every((one) => isComponent(one) && !bearers.has(one));
      if (!isSource(path) && silent && /["']\./u.test(text)) continue;
      const open = leads.length === 0 && /[(\s]$|[`{$(]/u.test(text);
      // A member that is named at once is all that is taken.
      const [, member] =
        /\bimport\(\s*["'][^"']+["']\s*\)\.([\p{ID_Continue}$]+)/u.exec(text) ?? [];
      if (!isSource(path) && member !== undefined && ![word, 'then'].includes(member)) continue;
      if (isSource(path) ? ours || open : ours || leads.includes('unknown')) {
        if (isSource(path)) sources.add(path);
        else
          findings.push(
            `${path}:${line}: the module is taken as a whole in a file of another kind`,
          );
      }
    }
  }
  return { sources, findings };
}

/** Where the texts between quotes lead that stand on a line, `unknown` among them. */
function* namedOn(modules: TreeModules, path: string, line: string): Script<readonly string[]> {
  const leads: string[] = [];
  for (const [, , specifier = ''] of line.matchAll(
    /(?:\bfrom\s*|\b(?:import|require)\(\s*)(["'`])([^"'`$]+)\1(?!\s*\+)/gu,
  )) {
    const target = yield* modules.resolve(path, specifier);
    leads.push(typeof target === 'object' ? target.path : target);
  }
  return leads;
}

/** Imports of the word in files of markup, from one of these modules or from nobody knows where. */
export function* takenByComponents(
  compiler: Compiler,
  modules: TreeModules,
  read: (path: string) => Script<string | undefined>,
  exporters: ReadonlySet<string>,
  word: string,
  paths: readonly string[],
): Script<readonly string[]> {
  const findings: string[] = [];
  if (exporters.size === 0) return findings;
  for (const path of paths) {
    const text = isComponent(path) ? yield* read(path) : undefined;
    if (text === undefined) continue;
    for (const one of readModule(compiler, path, text).wanted) {
      if (one.name !== word || one.star) continue;
      const target = yield* modules.resolve(path, one.specifier);
      const free = typeof target === 'object' ? !exporters.has(target.path) : target !== 'unknown';
      if (!free)
        findings.push(`${path}:${one.line}: \`${word}\` is imported where it cannot be renamed`);
    }
  }
  return findings;
}
