// SPDX-License-Identifier: GPL-3.0-only
import type { Judge, PatchView, Texts } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import { openModules, type TreeModules } from '../../src/code/patch-modules.ts';
import { isComponent, isSource } from '../../src/code/script-of.ts';
import { createCache } from '../../src/data/bounded-cache.ts';
import { digestOf } from '../../src/data/digest.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { carrying, takenByComponents } from './redoing/carrying.ts';
import { declaringModules, mayExport, withTypes } from './redoing/declaring.ts';
import { isFreeName } from './redoing/free-name.ts';
import { exportersIn } from './redoing/module-values.ts';
import { findReferences, type Referred } from './redoing/references.ts';
import { type RenameDone, renameIn } from './redoing/rename-in.ts';
import type { Sources } from './redoing/service.ts';
import { readSources } from './redoing/sources.ts';

type Args = {
  readonly from: string;
  readonly to: string;
  readonly files?: readonly string[];
};

const compiler = loadTypeScript();

/** More other files than this, in which the old name occurs, are not read. */
const mostOthers = 120;

/** Lets the compiler's language service find all references, and renames them; what comments say it copies. */
export const redo: Judge<Args> = function* (args, patch, texts) {
  const { from, to } = args;
  const repeated = patch.asked.filter(
    (one) => one.chore === 'rename' && one.args.from === from && one.args.to === to,
  );
  // Only the first of the sentences that ask for one rename does it; each may say where.
  if (repeated.findIndex((one) => one.args === args) > 0) return { findings: [] };
  const files = [args, ...repeated.map((one) => one.args as Args)].flatMap(
    (one) => one.files ?? [],
  );
  if (!isFreeName(compiler, to)) return { findings: [`nothing can be called \`${to}\` here`] };
  const modules = yield* openModules(compiler);
  const read = (path: string): Script<string | undefined> => modules.read(path, texts);
  const isExported = [...texts].some(
    ([path, text]) => isSource(path) && text !== undefined && mayExport(compiler, path, text, from),
  );
  const start = [
    ...[...texts.keys()].filter((path) => texts.get(path) !== undefined),
    ...(yield* othersWith(modules, texts, from, isExported)),
  ];
  const words = isExported ? [from, to] : [];
  const sources = yield* readSources(compiler, modules, read, start, words);
  const declaring = declaringModules(compiler, sources.texts, start, from, files);
  if (typeof declaring === 'string') return { findings: [declaring] };
  const { exporters } = settled(sources, declaring, from);
  const homes = withTypes(compiler, sources.texts, declaring, exporters, from);
  const more = yield* carrying(modules, exporters, from);
  const all = yield* readSources(compiler, modules, read, [...start, ...more.sources], words);
  const { referred, exporters: carriers } = settled(all, homes, from);
  const byComponents = yield* takenByComponents(compiler, modules, read, carriers, from, start);
  const done = finished(args, patch, texts, all, homes, referred, carriers);
  return { texts: done.texts, findings: [...more.findings, ...byComponents, ...done.findings] };
};

/** Files that the patch leaves and in which the word is. */
function* othersWith(
  modules: TreeModules,
  texts: Texts,
  word: string,
  isExported: boolean,
): Script<readonly string[]> {
  const paths = new Set<string>();
  for (const { path, text } of yield* modules.lines(word)) {
    // What is not exported is used in its own file only; another one may declare the same.
    const considered = isExported || /^[a-z]/u.test(text) ? text : '';
    const isWord = new Set(considered.match(/[\p{ID_Continue}$]+/gu)).has(word);
    const readable = isSource(path) || isComponent(path);
    if (readable && !texts.has(path) && (isWord || (isExported && text.length >= 300)))
      paths.add(path);
  }
  if (paths.size > mostOthers) {
    throw new Declined(
      `\`${word}\` occurs in ${paths.size} other files, too many to do this again`,
    );
  }
  return [...paths];
}

type Settled = { readonly referred: Referred; readonly exporters: ReadonlySet<string> };

/** A course of calls is gone through again for each answer, and the compiler is slow. */
const cache = createCache<string, Settled>(4);
const results = createCache<string, RenameDone>(8);

const keyOf = ({ texts, targets }: Sources, ...more: readonly string[]): string =>
  digestOf([[...texts].flat(), [...targets].flat(), [...more]]);

const settled = (sources: Sources, homes: readonly string[], word: string): Settled => {
  const key = keyOf(sources, word, ...homes);
  const cached = cache.get(key);
  if (cached) return cached;
  const referred = findReferences(compiler, sources, homes, word);
  const paths = exportersIn(compiler, referred.program, homes, word);
  const result = { referred, exporters: paths };
  cache.set(key, result);
  return result;
};

const finished = (
  args: Args,
  patch: PatchView,
  texts: Texts,
  sources: Sources,
  homes: readonly string[],
  referred: Referred,
  exporters: ReadonlySet<string>,
): RenameDone => {
  const patched = [...patch.patched].map(([path, text]) => `${path}\n${text}`);
  const key = keyOf(sources, args.from, args.to, ...patched, ...homes);
  const cached = results.get(key);
  if (cached) return cached;
  const result = renameIn(compiler, { args, patch, texts, sources, homes, referred, exporters });
  results.set(key, result);
  return result;
};
