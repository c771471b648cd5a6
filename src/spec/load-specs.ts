// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mistake, mistakesError } from '../data/file-mistakes.ts';
import { didYouMean } from '../data/nearest.ts';
import { type PlacedDocument, parsePlaced } from '../data/read-document.ts';
import { decodeSource, readSource, type Source } from '../data/read-source.ts';
import { UserError } from '../data/user-error.ts';
import { idSchema, normaliseSpec, type Spec, specFileSchema } from './schema.ts';
import { refuseSecretText, refuseSecretValues } from './secret-in-spec.ts';

/** A spec file's text, or its bytes where they come from a git blob. */
export type SpecSource = Source | { readonly name: string; readonly bytes: Uint8Array };

/** The specs of a folder. `ignored` names the files that are not specs. */
export type SpecFiles = {
  readonly specs: readonly Spec[];
  /** The name of the file of each spec, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly ignored: readonly string[];
  /** One per bad file; its message holds a line per mistake. */
  readonly mistakes: readonly UserError[];
};

type Named = PlacedDocument<Spec> & { readonly name: string };

/** @throws UserError with file, line and column of every mistake. */
export const loadSpecFile = (source: Source): Spec => parseSpec(source).data;

const parseSpec = (source: Source): Named => {
  refuseSecretText(source);
  const document = parsePlaced(source, specFileSchema);
  refuseSecretValues(document);
  const { data, placeOf } = document;
  const id = data.id ?? idFromName(source.name);
  if (!idSchema.safeParse(id).success) {
    throw new UserError('no id can be made from the file name. Write one, such as `id: my-chore`', {
      place: { file: source.name },
    });
  }
  return { name: source.name, data: normaliseSpec(data, id), placeOf };
};

/** `specs/Größe prüfen.yaml` becomes `grosse-prufen`. */
const idFromName = (name: string): string =>
  (name.split('/').at(-1) ?? '')
    .replace(/\.(?:ya?ml|json)$/i, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 80);

/**
 * Reads the specs of a folder (not of its subfolders), or those given.
 * @throws UserError with a line per mistake in any of them.
 */
export const loadSpecs = async (
  from: string | readonly SpecSource[],
  otherIds: ReadonlySet<string> = new Set(),
): Promise<Pick<SpecFiles, 'specs' | 'ignored'>> => {
  const { specs, ignored, mistakes } = await collectSpecs(from, otherIds);
  if (mistakes.length > 0) {
    throw new UserError(mistakes.map(({ message }) => message).join('\n'), {
      cause: mistakes.length === 1 ? mistakes[0] : new AggregateError(mistakes),
    });
  }
  return { specs, ignored };
};

/**
 * As `loadSpecs`, but a bad file costs only itself. `known` holds ids of specs that live elsewhere
 * (issues, earlier nights) and that `dependsOn` may name, `flows` those a spec may ask for.
 * @throws UserError when the folder itself cannot be read.
 */
export const collectSpecs = async (
  from: string | readonly SpecSource[],
  otherIds: ReadonlySet<string> = new Set(),
  flows?: ReadonlySet<string>,
): Promise<SpecFiles> => {
  const sources = typeof from === 'string' ? await folderSources(from) : from.map(fromMemory);
  const candidates = sources.filter(({ name }) => isSpecName(name));
  const ignored = sources
    .map(({ name }) => name)
    .filter((name) => !isSpecName(name) && !isQuiet(name));
  const parsed: Named[] = [];
  const mistakes: UserError[] = [];
  for (const { read } of candidates) {
    try {
      parsed.push(parseSpec(await read()));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      mistakes.push(error);
    }
  }
  const good = parsed.filter((spec) => {
    const fault =
      duplicateFault(spec, parsed) ??
      flowFault(spec, flows) ??
      dependencyFault(spec, parsed, otherIds);
    if (fault) mistakes.push(fault);
    return !fault;
  });
  const names = new Map(good.map(({ data, name }) => [data.id, name]));
  return { specs: good.map(({ data }) => data), names, ignored, mistakes };
};

type Lazy = { readonly name: string; readonly read: () => Source | Promise<Source> };

const fromMemory = (source: SpecSource): Lazy => ({
  name: source.name,
  read: () => ('text' in source ? source : decodeSource(source.bytes, source.name)),
});

const folderSources = async (folder: string): Promise<readonly Lazy[]> => {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    const message =
      cause.code === 'ENOENT'
        ? 'does not exist. Give the folder with the specs'
        : cause.code === 'ENOTDIR'
          ? 'is not a folder. Give the folder with the specs'
          : `cannot be read (${cause.code}). Check its permissions`;
    throw new UserError(message, { place: { file: folder }, cause });
  });
  return names.sort().map((name) => {
    const path = join(folder, name);
    return { name: path, read: () => readSource(path) };
  });
};

const baseOf = (name: string): string => name.split('/').at(-1) ?? '';

const specEnding = /\.(?:ya?ml|json)$/i;

const isHidden = (name: string): boolean => baseOf(name).startsWith('.');

const isSpecName = (name: string): boolean =>
  specEnding.test(name) && !isHidden(name) && !isQuiet(name);

/** Files that belong beside specs and need no message; a hidden spec may have been meant as one. */
const isQuiet = (name: string): boolean => {
  const base = baseOf(name);
  if (base === 'README.md' || base === 'schema.json') return true;
  return isHidden(name) && !specEnding.test(name);
};

const duplicateFault = (spec: Named, all: readonly Named[]): UserError | undefined => {
  const first = all.find(({ data }) => data.id === spec.data.id);
  if (!first || first === spec) return undefined;
  return new UserError(
    `id: "${spec.data.id}" is already the id of ${first.name}. Give one of the two another id`,
    { place: spec.placeOf(['id']) },
  );
};

const flowFault = (
  { data: { flow }, placeOf }: Named,
  flows: ReadonlySet<string> | undefined,
): UserError | undefined => {
  if (flow === undefined || !flows || flows.has(flow)) return undefined;
  const message = `there is no flow "${flow}"${didYouMean(flow, flows)}. The flows are: ${[...flows].join(', ')}`;
  return mistakesError([{ path: ['flow'], message }], placeOf);
};

const dependencyFault = (
  spec: Named,
  all: readonly Named[],
  otherIds: ReadonlySet<string>,
): UserError | undefined => {
  const byId = new Map(all.map(({ data }) => [data.id, data]));
  const faults = spec.data.dependsOn.flatMap((id, index): readonly Mistake[] => {
    const path = ['dependsOn', index];
    if (!byId.has(id) && !otherIds.has(id)) {
      const ids = [...byId.keys(), ...otherIds].filter((other) => other !== spec.data.id);
      return [
        { path, message: `unknown spec "${id}"${didYouMean(id, ids)}. Name an id that exists` },
      ];
    }
    const way = wayBack(byId, id, spec.data.id);
    if (!way) return [];
    const cycle = [spec.data.id, ...way].join(' -> ');
    return [{ path, message: `is part of a cycle: ${cycle}. None of these could ever start` }];
  });
  return faults.length > 0 ? mistakesError(faults, spec.placeOf) : undefined;
};

/** The shortest chain of `dependsOn` from one spec to another, both ends included. */
const wayBack = (
  byId: ReadonlyMap<string, Spec>,
  from: string,
  to: string,
): readonly string[] | undefined => {
  const seen = new Set([from]);
  let trails: readonly (readonly string[])[] = [[from]];
  while (trails.length > 0) {
    const there = trails.find((trail) => trail.at(-1) === to);
    if (there) return there;
    trails = trails.flatMap((trail) =>
      (byId.get(trail.at(-1) ?? '')?.dependsOn ?? [])
        .filter((id) => !seen.has(id) && seen.add(id))
        .map((id) => [...trail, id]),
    );
  }
  return undefined;
};
