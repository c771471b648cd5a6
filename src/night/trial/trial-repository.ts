// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { type BaseTree, openBaseTree } from '../../workspace/base-tree.ts';
import { git } from '../../workspace/git.ts';
import { createScratchRepository, scratchEnvironment } from '../../workspace/scratch-repository.ts';
import { rulesFolder } from '../open/own-rules.ts';

/** What a trial works on, and by which files. */
export type TrialTree = {
  /** A folder of the repository, which is only read. */
  readonly repository: string;
  /** The commit whose flows, agents, chores, tools and rules count. */
  readonly head: string;
  /** The commit that is worked on, or a folder of files. */
  readonly on: { readonly commit: string } | { readonly folder: string };
  readonly config: Config;
  /** The text of `registry.yaml`. */
  readonly registry: string;
  /** ISO 8601: the same tree and date make the same commit. */
  readonly date: string;
};

const author = { name: 'Pantheon trial', mail: 'trial@localhost' } as const;

/** Where the files lie that a trial takes from the commit of today; settings and registry are its own. */
const runByToday = (config: Config): readonly string[] =>
  [
    ...['models.lock', 'flows', rulesFolder(config) ?? []].flat(),
    ...[...config.agents, ...config.chores, ...config.tools],
  ].map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));

/**
 * Makes a bare repository in `folder` with one commit: the files that were worked on then, run by what is
 * committed today. Nothing is written into the repository itself. Returns the commit.
 */
export const makeTrialRepository = async (tree: TrialTree, folder: string): Promise<string> => {
  mkdirSync(folder, { recursive: true });
  await createScratchRepository(tree.repository, folder);
  const env = {
    ...scratchEnvironment,
    GIT_INDEX_FILE: join(folder, 'trial-index'),
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.mail,
    GIT_AUTHOR_DATE: tree.date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.mail,
    GIT_COMMITTER_DATE: tree.date,
  };
  const run = async (args: readonly string[], stdin?: string): Promise<string> => {
    const { stdout } = await git(folder, args, { env, ...(stdin !== undefined && { stdin }) });
    return stdout.toString('utf8').trim();
  };
  if ('commit' in tree.on) await run(['read-tree', tree.on.commit]);
  else {
    const place = { GIT_DIR: folder, GIT_WORK_TREE: tree.on.folder };
    await git(tree.on.folder, ['add', '--all', '--force', '.'], { env: { ...env, ...place } });
  }
  const [before, today] = await Promise.all([
    openBaseTree(folder, await run(['write-tree'])),
    openBaseTree(tree.repository, tree.head),
  ]);
  try {
    const [settings, registry] = [
      await run(['hash-object', '-w', '--stdin'], `${JSON.stringify(tree.config, null, 2)}\n`),
      await run(['hash-object', '-w', '--stdin'], tree.registry),
    ];
    const isRunBy = below(runByToday(tree.config));
    const lines = [
      ...pathsIn(before, isRunBy).map((path) => `0 ${'0'.repeat(today.commit.length)}\t${path}`),
      ...pathsIn(today, isRunBy).map((path) => {
        const entry = today.entries.get(path);
        return `${entry?.mode} ${entry?.oid}\t${path}`;
      }),
      `100644 ${settings}\tpantheon.yaml`,
      `100644 ${registry}\tregistry.yaml`,
    ];
    await run(['update-index', '-z', '--index-info'], lines.map((line) => `${line}\0`).join(''));
  } finally {
    await Promise.all([before.close(), today.close()]);
  }
  const parent = 'commit' in tree.on ? ['-p', tree.on.commit] : [];
  const commit = await run([
    ...['commit-tree', await run(['write-tree']), ...parent],
    ...['-m', 'What a trial works on'],
  ]);
  await run(['update-ref', 'refs/heads/trial', commit]);
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/trial\n');
  return commit;
};

const below =
  (places: readonly string[]) =>
  (path: string): boolean =>
    places.some((place) => path === place || path.startsWith(`${place}/`));

const pathsIn = ({ entries }: BaseTree, isWanted: (path: string) => boolean): readonly string[] =>
  [...entries.keys()].filter(isWanted);

/** The oids of what a trial is run by beside settings and registry, as committed: what judges, in short. */
export const codeOf = async ({
  repository,
  head,
  config,
}: Pick<TrialTree, 'repository' | 'head' | 'config'>): Promise<readonly string[]> => {
  const today = await openBaseTree(repository, head);
  try {
    const isRunBy = below(runByToday(config));
    return pathsIn(today, isRunBy).map((path) => `${today.entries.get(path)?.oid} ${path}`);
  } finally {
    await today.close();
  }
};
