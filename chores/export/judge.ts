// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Judge, PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import {
  findSaid,
  followRelative,
  mayDeclare,
  type ReadText,
} from '../../src/code/relative-modules.ts';
import { isDeclaration, isSource } from '../../src/code/script-of.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { loadedThings } from './judge-effects.ts';
import { type Look, openLook, type Step, type Trail, trail } from './judge-trace.ts';
import { withoutNames, withoutTypes, withoutWord } from './judge-undo.ts';

type Args = {
  readonly names: readonly string[];
  readonly from?: string;
  readonly index?: string;
};

/** Both stages of a patch, as this chore found them and as it left them. */
type Stages = { readonly patch: PatchView; readonly base: Look; readonly now: Look };

/** Follows each name from the index to what declares it, and takes out the words that made the way. */
export const judge: Judge<Args> = function* ({ names, from, index }, patch, texts) {
  const left = new Map(texts);
  const stages = openStages(patch, left);
  const findings: string[] = [];
  const added = new Map<string, Step[]>();
  for (const name of names) {
    const steps = yield* judgeName(stages, name, from, index);
    if (typeof steps === 'string') findings.push(steps);
    else for (const step of steps) added.set(step.path, [...(added.get(step.path) ?? []), step]);
  }
  if (findings.length > 0) return { findings };
  for (const [path, steps] of added) {
    for (const problem of yield* takeOut(stages, left, path, steps)) findings.push(problem);
  }
  return { texts: left, findings };
};

const openStages = (patch: PatchView, left: ReadonlyMap<string, string | undefined>): Stages => {
  const compiler = loadTypeScript();
  const renames = patch.asked.filter(({ chore }) => chore === 'rename').map(({ args }) => args);
  const readBase: ReadText = function* (path) {
    const text = yield* patch.read(path, 'base');
    if (text === undefined || !patch.base.has(path)) return text;
    return renames.reduce<string>((all, { from, to }) => renamed(all, `${from}`, `${to}`), text);
  };
  const readNow: ReadText = function* (path) {
    return left.has(path) ? left.get(path) : yield* patch.read(path);
  };
  return { patch, base: openLook(compiler, readBase), now: openLook(compiler, readNow) };
};

/** Word by word, which is near enough to tell what was there before. */
const renamed = (text: string, from: string, to: string): string =>
  text.replace(/[\p{ID_Continue}$]+/gu, (word) => (word === from ? to : word));

/** The places where a name is handed on that were not there before; a line where something is wrong. */
function* judgeName(
  stages: Stages,
  name: string,
  from: string | undefined,
  index: string | undefined,
): Script<readonly Step[] | string> {
  const { patch, base, now } = stages;
  const source = from === undefined ? undefined : yield* findSaid(patch, from);
  if (from !== undefined && source === undefined) return `there is no one file ${from}`;
  const place = yield* placeOf(stages, name, source, index);
  if (place === undefined || !isSource(place)) return `no module is there to export \`${name}\``;
  const way = yield* trail(now, place, name);
  if (typeof way === 'string') return `\`${name}\` is not exported from ${place}: ${way}`;
  if (way.kind === 'value' && way.asType) return `${place}: \`${name}\` is a value, not a type`;
  const wrong = yield* wrongOrigin(stages, name, place, source, way);
  if (wrong !== undefined) return wrong;
  const before = yield* trail(base, place, name);
  const added: Step[] = [];
  for (const step of way.steps) {
    const old = yield* base(step.path);
    const fresh = step.handed.filter(
      ({ name, form, module }) =>
        !old?.handed.some((one) => one.name === name && one.form === form && one.module === module),
    );
    if (fresh.length > 0) added.push({ path: step.path, handed: fresh });
  }
  if (added.length === 0) return yield* typesBeside(stages, place, name, way, []);
  if (typeof before !== 'string') return `${place}: \`${name}\` was exported before`;
  const between = added.find(({ path }) => path !== place && path !== way.origin);
  if (between) return `${between.path}: no sentence asks for an export here`;
  const meeting = yield* meets(stages, name, way.origin, added);
  if (meeting !== undefined) return meeting;
  return (
    (yield* wrongForm(stages, name, place, way, added)) ??
    (yield* typesBeside(stages, place, name, way, added))
  );
}

/** The index that is named, else the nearest one above what declares the name. */
function* placeOf(
  stages: Stages,
  name: string,
  source: string | undefined,
  index: string | undefined,
): Script<string | undefined> {
  if (index !== undefined) return yield* findSaid(stages.patch, index);
  const module = source ?? (yield* declarers(stages, name))[0];
  if (module === undefined) return undefined;
  for (let folder = posix.dirname(module); ; folder = posix.dirname(folder)) {
    for (const ending of ['ts', 'mts', 'js', 'mjs', 'tsx']) {
      const path = posix.join(folder, `index.${ending}`);
      if (path !== module && (yield* stages.now(path))) return path;
    }
    if (folder === '.') return undefined;
  }
}

/** The modules that declared a name before, those that exported it if there are any. */
function* declarers({ patch, base }: Stages, name: string): Script<readonly string[]> {
  const all: string[] = [];
  const open: string[] = [];
  for (const path of yield* mayDeclare(patch, name)) {
    const module = yield* base(path);
    if (!module?.named.some((one) => one.name === name)) continue;
    all.push(path);
    if (module.handed.some((one) => one.local === name && one.module === undefined))
      open.push(path);
  }
  return open.length > 0 ? open : all;
}

function* wrongOrigin(
  stages: Stages,
  name: string,
  place: string,
  source: string | undefined,
  { origin, steps }: Trail,
): Script<string | undefined> {
  if (source !== undefined) {
    return steps.some(({ path }) => path === source && path !== place) || origin === source
      ? undefined
      : `${place}: \`${name}\` is not that of ${source}`;
  }
  if ((yield* stages.now(place))?.named.some((one) => one.name === name)) {
    return origin === place ? undefined : `${place}: it declares another \`${name}\` itself`;
  }
  const all = yield* declarers(stages, name);
  return all.length === 0 || (all.length === 1 && all[0] === origin)
    ? undefined
    : `${place}: \`${name}\` of ${origin} may not be the one that is meant (${all.join(', ')})`;
}

const mostStars = 20;

/** Where a name meets another by `export *`, so that neither is left. */
function* meets(
  { patch, now }: Stages,
  name: string,
  origin: string,
  added: readonly Step[],
): Script<string | undefined> {
  const givers = new Set(added.map(({ path }) => path));
  const read: ReadText = function* (path) {
    return (yield* now(path))?.text;
  };
  for (const path of (yield* patch.containing('export *')).filter(isSource).slice(0, mostStars)) {
    const module = yield* now(path);
    if (!module || module.handed.some((one) => one.name === name)) continue;
    const stars: string[] = [];
    for (const star of module.stars) stars.push((yield* followRelative(read, path, star)) ?? '');
    if (!stars.some((star) => givers.has(star))) continue;
    for (const star of stars) {
      const other = yield* trail(now, star, name);
      if (typeof other === 'string' || other.origin === origin) continue;
      return `${path}: \`${name}\` of ${other.origin} and of ${origin} meet by \`export *\``;
    }
  }
  return undefined;
}

function* wrongForm(
  stages: Stages,
  name: string,
  place: string,
  { steps, origin, originName, kind }: Trail,
  added: readonly Step[],
): Script<string | undefined> {
  const scripted = (path: string): boolean => !/\.[cm]?tsx?$/u.test(path);
  for (const { path, handed } of added) {
    for (const { form, local, type, name: given } of handed) {
      if (given !== name) return `${path}: no sentence asks to export \`${given}\``;
      if (form === 'declaration') {
        const module = yield* stages.now(path);
        const count = handed.filter((one) => one.form === 'declaration').length;
        if (module?.named.filter((one) => one.name === name).length === count) continue;
        return `${path}: not every declaration of \`${name}\` is exported`;
      }
      if (local !== name && !(local === 'default' && originName === name)) {
        return `${path}: \`${local}\` is exported by the name \`${name}\``;
      }
      if (kind === 'type' && (!type || scripted(path))) {
        return `${path}: \`${name}\` is a type and must be exported as one`;
      }
    }
  }
  const own = yield* stages.now(place);
  if (/\bmodule\.exports\b|\bexports\.\w/u.test(own?.text ?? ''))
    return `${place} is a CommonJS module`;
  if (kind === 'type' || !added.some(({ path }) => path === place)) return undefined;
  const run = yield* loadedThings(stages.base, place, [...steps.map(({ path }) => path), origin]);
  return run && `${place}: to import it would run ${run}`;
}

/** Types written by hand beside a script must have the name too, and may get it. */
function* typesBeside(
  { base, now }: Stages,
  place: string,
  name: string,
  { origin, kind }: Trail,
  added: readonly Step[],
): Script<readonly Step[] | string> {
  const more: Step[] = [];
  for (const path of new Set([place, ...added.map((step) => step.path)])) {
    const types = path.replace(/\.([cm]?)jsx?$/u, '.d.$1ts');
    if (types === path || !isDeclaration(types) || !(yield* now(types))) continue;
    const way = yield* trail(now, types, name);
    if (typeof way === 'string') return `${types}: the types of ${path} lack \`${name}\``;
    if (way.kind !== kind || (way.kind === 'value' && way.asType)) {
      return `${types}: \`${name}\` is not a ${kind} here`;
    }
    if (typeof (yield* trail(base, types, name)) !== 'string') continue;
    if (way.origin !== types && way.origin !== origin) {
      return `${types}: \`${name}\` is not that of ${origin}`;
    }
    const [step] = way.steps;
    if (step) more.push({ path: types, handed: step.handed });
  }
  return [...added, ...more];
}

/** What is wrong with how the words were put in. */
function* takeOut(
  { base, now }: Stages,
  left: Map<string, string | undefined>,
  path: string,
  steps: readonly Step[],
): Script<readonly string[]> {
  const handed = steps.flatMap((step) => step.handed);
  const inLists = handed.filter(({ form }) => form === 'list');
  const names = inLists.map(({ name }) => name);
  const words = new Set(
    handed.filter(({ form }) => form === 'declaration').map(({ name }) => name),
  );
  for (;;) {
    const [module, old] = [yield* now(path), yield* base(path)];
    if (!module || !old) return [`${path}: there is no such file`];
    const list = module.handed.find((one) => one.form === 'list' && names.includes(one.name));
    const word = module.handed.find((one) => one.form === 'declaration' && words.has(one.name));
    if (!list && !word) return [];
    const result = list
      ? withoutNames(module, old, list.statement, names)
      : isDeclaration(path)
        ? withoutTypes(module, old, word)
        : withoutWord(
            module,
            module.handed.filter((one) => one.form === 'declaration' && one.name === word?.name),
          );
    if ('problem' in result) return [`${path}: ${result.problem}`];
    if (result.text === module.text) return [`${path}: the export is not written plainly`];
    left.set(path, result.text);
  }
}
