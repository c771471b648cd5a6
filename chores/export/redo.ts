// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Judge, PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { findSaid, type ReadText } from '../../src/code/relative-modules.ts';
import { isSource } from '../../src/code/script-of.ts';
import { parseSource } from '../../src/code/syntax.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { addExports, type Editing, isListed, wrongElement } from './redo-edits.ts';
import { nearestIndex, objection, ownersOf } from './redo-objections.ts';
import { reach } from './redo-reach.ts';

type Args = {
  readonly names: readonly string[];
  readonly from?: string;
  readonly index?: string;
};

/** Exports the names again, as and where the patch does, and lets the compiler say what came of it. */
export const redo: Judge<Args> = function* ({ names, from, index }, patch, texts) {
  const compiler = loadTypeScript();
  const done = new Map(texts);
  const before: ReadText = function* (path) {
    return done.has(path) ? done.get(path) : yield* patch.read(path, 'base');
  };
  const after: ReadText = function* (path) {
    return yield* patch.read(path, 'patched');
  };
  const open = function* (read: ReadText, path: string): Script<ts.SourceFile | undefined> {
    const text = isSource(path) ? yield* read(path) : undefined;
    return text === undefined ? undefined : parseSource(compiler, path, text);
  };
  const asked = new Set(
    patch.asked.flatMap(({ chore, args }) =>
      chore === 'export' ? (args as unknown as Args).names : [],
    ),
  );
  const findings: string[] = [];
  const source = from === undefined ? undefined : yield* findSaid(patch, from);
  if (from !== undefined && source === undefined) return { findings: [`${from} is not one file`] };
  for (const name of names) {
    const owners = yield* ownersOf(compiler, patch, before, name);
    const said = index === undefined ? undefined : yield* findSaid(patch, index);
    const first = source ?? owners[0];
    const place =
      index !== undefined
        ? said
        : first === undefined
          ? undefined
          : yield* nearestIndex(after, first);
    const old = place === undefined ? undefined : yield* open(before, place);
    const now = place === undefined ? undefined : yield* open(after, place);
    if (place === undefined || !old || !now) {
      findings.push(`there is no module that \`${name}\` can be exported from`);
      continue;
    }
    const result = yield* reach(compiler, after, place, name);
    const had = yield* reach(compiler, before, place, name);
    const olds = formerNames(patch, name);
    const base = yield* open((path) => patch.read(path, 'base'), place);
    const wasListed = base && olds.some((one) => isListed(compiler, base, one));
    const problem = result
      ? ((yield* objection(
          { compiler, patch, before, after },
          { name, place, source, owners },
          result,
          had,
        )) ?? (wasListed ? undefined : wrongElement({ compiler, goal: now }, name, result)))
      : `${place} does not export \`${name}\``;
    if (!result || problem !== undefined) {
      findings.push(problem ?? '');
      continue;
    }
    if (had && !had.onlyType === !result.onlyType) continue;
    const [origin = place] = result.origins;
    for (const path of new Set([place, origin].flatMap((one) => [one, typesOf(one)]))) {
      const [file, goal] = [yield* open(before, path), yield* open(after, path)];
      if (!file || !goal) continue;
      const editing: Editing = { compiler, file, goal, asked };
      const edited = addExports(
        editing,
        name,
        path === place || path === origin ? result : undefined,
      );
      if ('problem' in edited) findings.push(`${path}: ${edited.problem}`);
      else if (edited.text !== file.text) done.set(path, edited.text);
    }
  }
  return { texts: done, findings };
};

/** A name and what it was called before other sentences renamed it. */
const formerNames = ({ asked }: PatchView, name: string): readonly string[] => [
  name,
  ...asked.flatMap(({ chore, args }) =>
    chore === 'rename' && args.to === name ? [String(args.from)] : [],
  ),
];

/** Where the types of a script are written by hand. */
const typesOf = (path: string): string => path.replace(/\.([cm]?)jsx?$/u, '.d.$1ts');
