// SPDX-License-Identifier: GPL-3.0-only
import type { Script } from '../../../src/chore/script.ts';
import type { Form } from './module-uses.ts';
import type { FileUses } from './uses-in-file.ts';
import type { World } from './world.ts';

/** Where the renamed thing is used in a file, and how each use is written with the new name. */
export type UsePlaces = ReadonlyMap<number, Form>;

export type TargetUses = {
  readonly byFile: ReadonlyMap<string, UsePlaces>;
  /** What cannot be followed. */
  readonly findings: readonly string[];
};

type Exporters = {
  readonly paths: ReadonlySet<string>;
  readonly spaces: ReadonlySet<string>;
  /** They export it as a type, which goes nowhere with their values. */
  readonly isType: boolean;
};

/** The uses of the renamed thing in some files of one side. */
export function* usesOf(
  world: World,
  homes: ReadonlySet<string>,
  exporters: Exporters,
  paths: Iterable<string>,
): Script<TargetUses> {
  const byFile = new Map<string, UsePlaces>();
  const findings: string[] = [];
  for (const path of paths) {
    const file = yield* world.uses(path);
    if (!file) continue;
    const places = new Map<number, Form>();
    if (exporters.paths.size > 0) {
      findings.push(...(yield* addLinked(world, path, file, places)));
      if (!exporters.isType) findings.push(...(yield* wholesIn(world, path, file, exporters)));
    }
    findings.push(...addLexical(path, file, homes.has(path), world.word, places));
    byFile.set(path, places);
  }
  return { byFile, findings };
}

/** What is taken from other modules by name. */
function* addLinked(
  world: World,
  path: string,
  { linked, augmented }: FileUses,
  places: Map<number, Form>,
): Script<readonly string[]> {
  const findings: string[] = [];
  for (const { at, form, ...link } of linked) {
    const target = yield* world.isTarget(path, link);
    if (target === false) continue;
    if (target === 'unknown') {
      findings.push(`${path}: cannot tell which \`${link.name}\` comes from "${link.specifier}"`);
    } else if (form === 'string') {
      findings.push(`${path}: \`${link.name}\` is used through a string`);
    } else places.set(at, form);
  }
  for (const { at, specifier, adds } of augmented) {
    const target = yield* world.isTarget(path, { specifier, via: [], name: world.word });
    if (target === false) continue;
    if (target === true && adds) places.set(at, 'plain');
    else findings.push(`${path}: \`${world.word}\` is declared once more for "${specifier}"`);
  }
  return findings;
}

/** What is looked up in scopes: in a home all that the top declares, elsewhere what an import brings. */
const addLexical = (
  path: string,
  { lexical, linked }: FileUses,
  isHome: boolean,
  word: string,
  places: Map<number, Form>,
): readonly string[] => {
  const tops = lexical.filter(({ scope }) => scope === 'top');
  const imports = new Set(linked.filter(({ form }) => form === 'plain').map(({ at }) => at));
  const imported = tops.filter(({ at }) => places.has(at) && imports.has(at));
  if (!isHome && imported.length === 0) return [];
  if (isHome && imported.length > 0) return [`${path}: \`${word}\` is imported and declared`];
  for (const { at, form } of tops) if (places.get(at) === undefined) places.set(at, form);
  return [];
};

function* wholesIn(
  world: World,
  path: string,
  { wholes }: FileUses,
  { spaces }: Exporters,
): Script<readonly string[]> {
  const findings: string[] = [];
  for (const { specifier, via } of wholes) {
    const [first] = via;
    if (first !== undefined && !spaces.has(first)) continue;
    if ((yield* world.isTarget(path, { specifier, via, name: world.word })) !== true) continue;
    findings.push(
      `${path}: "${specifier}" is passed on as a whole, so \`${world.word}\` may be read there`,
    );
  }
  return findings;
}
