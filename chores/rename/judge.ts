// SPDX-License-Identifier: GPL-3.0-only
import type { Judge, PatchView, Texts } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { openModules } from '../../src/code/patch-modules.ts';
import { isSource } from '../../src/code/script-of.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { readFilesWith } from './judging/files-with-word.ts';
import { areTypes, homeOf, withTypes } from './judging/homes.ts';
import { judgeOther, judgeSource, placeIn } from './judging/judge-file.ts';
import { wrongWith } from './judging/names.ts';
import { importersLeft, spreadOf } from './judging/spread.ts';
import { usesOf } from './judging/target-uses.ts';
import { type Renamed, takeBack, type WordChange } from './judging/words.ts';
import { openWorld } from './judging/world.ts';

type Args = Renamed & { readonly files?: readonly string[] };

/**
 * Takes the new name back word by word, and works out by scopes and imports of its own what both texts
 * mean: the changed words must be the uses of one declaration, on both sides, and none may be left.
 */
export const judge: Judge<Args> = function* (args, patch, texts) {
  const whole = wholeOf(args, patch.asked);
  if (!whole) return { findings: [] };
  const wrong = wrongWith(args.to);
  if (wrong !== undefined) return { findings: [`\`${args.to}\` ${wrong}`] };
  const taken = takeAllBack(args, patch, texts);
  if ('finding' in taken) return { findings: [taken.finding] };
  const { before, changes } = taken;
  const findings = yield* judgeUses(whole, texts, { before, changes });
  return { texts: before, findings };
};

/** What several sentences say about one rename, for the first of them; the others have nothing to add. */
const wholeOf = (args: Args, asked: PatchView['asked']): Args | undefined => {
  const all = asked.flatMap(({ chore, args: one }) => (chore === 'rename' ? [one as Args] : []));
  const same = all.filter(({ from, to }) => from === args.from && to === args.to);
  if (same.length > 1 && same[0] !== args) return undefined;
  return { ...args, files: [args, ...same].flatMap(({ files }) => files ?? []) };
};

type Taken = {
  /** The changed files with the old name. */
  readonly before: ReadonlyMap<string, string>;
  readonly changes: ReadonlyMap<string, readonly WordChange[]>;
};

const takeAllBack = (
  { from, to }: Args,
  { base, asked }: PatchView,
  texts: Texts,
): Taken | { readonly finding: string } => {
  const others = asked.flatMap(({ chore, args }): readonly Renamed[] => {
    const { from: old, to: next } = args;
    const other = chore === 'rename' && typeof old === 'string' && typeof next === 'string';
    return other && old !== from ? [{ from: old, to: next }] : [];
  });
  const before = new Map<string, string>();
  const changes = new Map<string, readonly WordChange[]>();
  for (const [path, text] of texts) {
    const old = base.get(path);
    if (text === undefined || old === undefined) continue;
    const taken = takeBack(old, text, { from, to }, others);
    if ('strayAt' in taken) {
      return { finding: `${placeIn(path, text, taken.strayAt)}: more than the name is changed` };
    }
    before.set(path, taken.text);
    if (taken.changes.length > 0) changes.set(path, taken.changes);
  }
  return { before, changes };
};

function* judgeUses(
  { from, to, files: within }: Args,
  texts: Texts,
  { before, changes }: Taken,
): Script<readonly string[]> {
  const compiler = loadTypeScript();
  const modules = yield* openModules(compiler);
  const readOld = (path: string): Script<string | undefined> =>
    modules.read(path, before.has(path) ? before : texts);
  const readNow = (path: string): Script<string | undefined> => modules.read(path, texts);
  const { files, paths } = yield* readFilesWith(
    compiler,
    modules,
    from,
    [...before.keys()],
    readOld,
  );
  const meant = homeOf(compiler, files, from, within, (path) => changes.has(path));
  if ('finding' in meant) return [`\`${from}\`: ${meant.finding}`];

  const side = { modules, changed: [...before.keys()] };
  const oldSide = { ...side, word: from, read: readOld };
  const alone = openWorld(compiler, { ...oldSide, homes: new Set([meant.home]) });
  const homes = yield* withTypes(compiler, meant.home, files, modules.files, alone);
  const old = openWorld(compiler, { ...oldSide, homes });
  const isType = areTypes(compiler, homes, files);
  const reading = { compiler, modules, read: readOld, world: old, isType };
  const { exporters, sources, findings: spread } = yield* spreadOf(reading, [...files.keys()]);
  const findings = [...spread];
  const all = new Set([...files.keys(), ...sources]);
  const now = openWorld(compiler, { ...side, word: to, read: readNow, homes });
  for (const path of exporters.paths) {
    if ((yield* now.exportsTarget(path)) !== true)
      findings.push(`${path}: \`${to}\` is not exported`);
  }
  const uses = yield* usesOf(old, homes, { ...exporters, isType }, all);
  // What cannot be followed by the new name is no use, and then its place is missing here.
  const inNew = yield* usesOf(now, homes, { ...exporters, isType }, before.keys());
  return [
    ...findings,
    ...(yield* importersLeft(reading, exporters.paths, paths)),
    ...uses.findings,
    ...[...new Set([...all, ...changes.keys()])].flatMap((path) => {
      const judged = {
        path,
        text: before.get(path) ?? '',
        from,
        to,
        changes: changes.get(path) ?? [],
      };
      if (!isSource(path)) return judgeOther(judged);
      const [oldPlaces, nowPlaces] = [uses.byFile.get(path), inNew.byFile.get(path)];
      if (!before.has(path)) {
        return oldPlaces && oldPlaces.size > 0 ? [`${path}: \`${from}\` is still used`] : [];
      }
      const sides = {
        old: oldPlaces ?? new Map(),
        now: nowPlaces ?? new Map(),
        file: files.get(path),
      };
      return judgeSource(compiler, judged, sides);
    }),
  ];
}
