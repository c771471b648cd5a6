// SPDX-License-Identifier: GPL-3.0-only
import { type Judge, readOthers } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import { isDeclaration, isSource } from '../../src/code/script-of.ts';
import { isTest, parseSource } from '../../src/code/syntax.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { selectPaths } from '../../src/spec/scope.ts';
import { type Evidence, openEvidence } from './evidence.ts';
import { exportWords } from './export-words.ts';

type Args = { readonly names?: readonly string[]; readonly files?: readonly string[] };

/** Takes off every `export` that may go, in the changed modules and, where they are few, in all that are meant. */
export const redo: Judge<Args> = function* ({ names, files }, patch, texts) {
  const globs = files?.length ? files : ['**'];
  const isMeant = (path: string): boolean =>
    isSource(path) &&
    !isDeclaration(path) &&
    !isTest(path) &&
    selectPaths([path], globs).length > 0;
  const meant = new Map<string, string>();
  for (const path of patch.paths.filter(isMeant)) {
    const text = texts.get(path);
    if (text !== undefined) meant.set(path, text);
  }
  const seen = new Set(patch.paths);
  for (const [path, text] of yield* readOthers(patch, isMeant)) meant.set(path, text);
  const evidence = yield* openEvidence(patch);
  const done = new Map<string, string>();
  const findings: string[] = [];
  for (const [path, text] of meant) {
    try {
      const bare = yield* without(evidence, path, text, names);
      if (bare !== text || seen.has(path)) done.set(path, bare);
    } catch (error) {
      if (!(error instanceof Declined) || seen.has(path)) throw error;
    }
  }
  const still = names?.filter((name) =>
    [...meant].some(([path, text]) => {
      const now = done.get(path) ?? text;
      return exportWords(path, now).some((word) => word.names.includes(name));
    }),
  );
  if (still && still.length > 0) findings.push(`\`${still.join('`, `')}\` must stay exported`);
  return { texts: done, findings };
};

/** A module's text without the words that may go. */
function* without(
  evidence: Evidence,
  path: string,
  text: string,
  only: readonly string[] | undefined,
): Script<string> {
  const words = exportWords(path, text);
  let free = new Set<string>();
  for (const name of new Set(words.flatMap((word) => word.names)))
    if ((only?.includes(name) ?? true) && (yield* evidence.isFree(path, name))) free.add(name);
  for (;;) {
    const bound = words.filter((word) => !word.names.every((name) => free.has(name)));
    const fewer = new Set(
      [...free].filter((name) => !bound.some((word) => word.names.includes(name))),
    );
    if (fewer.size === free.size) break;
    free = fewer;
  }
  let bare = text;
  for (const word of words.toReversed())
    if (word.names.every((name) => free.has(name)))
      bare = bare.slice(0, word.start) + bare.slice(word.end);
  const compiler = loadTypeScript();
  return compiler.isExternalModule(parseSource(compiler, path, bare)) ? bare : text;
}
