// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { configName } from '../../config/config-mistake.ts';
import { loadConfig } from '../../config/load-config.ts';
import { installationFolder } from '../../data/installation.ts';
import { makeOnce } from '../../data/make-once.ts';
import { once } from '../../data/memoise.ts';
import { readSource, type Source } from '../../data/read-source.ts';
import { UserError } from '../../data/user-error.ts';
import type { SpecSource } from '../../spec/load-specs.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { listBaseFolder, readBaseFile } from './base-files.ts';
import { type SetupFiles, setupFiles } from './setup-files.ts';

/** What a commit says that a night runs by. Whoever asks, each file is read and parsed once. */
export type CommittedFiles = SetupFiles & {
  readonly flowNames: () => Promise<ReadonlySet<string>>;
  /** `flows/<name>.yaml` of the commit, else the shipped one. @throws UserError when neither is there. */
  readonly flowSource: (name: string) => Promise<Source>;
  /** The files of `specs/`. */
  readonly specs: () => Promise<readonly SpecSource[]>;
};

/** Reads the settings of a commit, and the rest when it is asked for. @throws UserError for a mistake in pantheon.yaml. */
export const readCommit = async (base: BaseTree): Promise<CommittedFiles> => {
  const config = loadConfig(await readBaseFile(base, configName));
  const flows = new Map<string, Promise<Source>>();
  return {
    ...setupFiles(base, config),
    flowNames: once(() => flowNames(base)),
    flowSource: (name) => makeOnce(flows, name, () => readFlow(base, name)),
    specs: once(() => readSpecs(base)),
  };
};

/** The flows there are, by name: those of the commit and the shipped ones. */
export const flowNames = async (base: BaseTree): Promise<ReadonlySet<string>> => {
  const shipped = await readdir(join(installationFolder, 'flows'));
  const committed = listBaseFolder(base, 'flows').map((path) => basename(path));
  const files = [...committed, ...shipped].filter((name) => name.endsWith('.yaml'));
  return new Set(files.map((name) => basename(name, '.yaml')).sort());
};

const readFlow = async (base: BaseTree, name: string): Promise<Source> => {
  const file = `flows/${name}.yaml`;
  const committed = await readBaseFile(base, file);
  if (committed) return committed;
  return readSource(join(installationFolder, file), file).catch((cause) => {
    throw new UserError(
      `there is no flow "${name}": neither ${file} in the commit nor a shipped one`,
      { cause },
    );
  });
};

/** The sources of these flows by name, sorted. @throws UserError for one that is nowhere. */
export const flowSources = async (
  { flowSource }: Pick<CommittedFiles, 'flowSource'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, Source>> => {
  const sources = new Map<string, Source>();
  for (const name of [...new Set(names)].sort()) sources.set(name, await flowSource(name));
  return sources;
};

const readSpecs = (base: BaseTree): Promise<readonly SpecSource[]> =>
  Promise.all(
    listBaseFolder(base, 'specs').map(async (name) => ({
      name,
      bytes: await base.read(base.entries.get(name)?.oid ?? ''),
    })),
  );
