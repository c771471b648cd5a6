// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { ApprovedSpecs, Forge } from '../../forge/forge.ts';
import { nameIssues } from '../../forge/intake/source-name.ts';
import { collectSpecs, type SpecFiles, type SpecSource } from '../../spec/load-specs.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { listBaseFolder } from '../open/base-files.ts';
import { hasIssues } from '../open/open-forge.ts';
import { flowNames } from '../open/open-setup.ts';

/** The specs there are, and which of them were written in an issue. */
export type Queue = SpecFiles & {
  /** Number of the issue by the spec's id. */
  readonly issues: ReadonlyMap<string, number>;
  readonly notices: readonly string[];
};

type QueueSources = {
  readonly base: BaseTree;
  /** A folder of spec files; by default `specs/` of the base commit. */
  readonly specs?: string | undefined;
  readonly forge: Forge;
};

type QueueFacts = {
  /** Ids of specs that `dependsOn` may name beside those that are found. */
  readonly pastSpecs: ReadonlySet<string>;
  readonly protected: readonly string[];
};

/**
 * Reads the files of a folder or else those of `specs/` in the base commit, and beside them the
 * approved issues. An id that a file has is not an issue's: the mistake names both.
 */
export const readQueue = async (
  { base, specs, forge }: QueueSources,
  facts: QueueFacts,
): Promise<Queue> => {
  const flows = await flowNames(base);
  if (specs !== undefined) {
    return {
      ...(await collectSpecs(specs, facts.pastSpecs, flows)),
      issues: new Map(),
      notices: [],
    };
  }
  const files = await baseSources(base);
  const approved = hasIssues(forge)
    ? await forge.approved({ protected: facts.protected, flows })
    : nothing;
  const sources = [...files, ...approved.specs.map(({ source }) => source)];
  const found = await collectSpecs(sources, facts.pastSpecs, flows);
  return {
    ...found,
    mistakes: found.mistakes.map(renamed),
    issues: await issuesOf(approved, files),
    notices: approved.notices,
  };
};

/** The files of `specs/` in the base commit by the ids of their specs; one that is no spec has none. */
export const specFileIds = async (base: BaseTree): Promise<ReadonlyMap<string, string>> => {
  const ids = new Map<string, string>();
  for (const source of await baseSources(base)) {
    const [spec] = (await collectSpecs([source])).specs;
    if (spec && !ids.has(spec.id)) ids.set(spec.id, source.name);
  }
  return ids;
};

const nothing: ApprovedSpecs = { specs: [], notices: [] };

const baseSources = (base: BaseTree): Promise<readonly SpecSource[]> =>
  Promise.all(
    listBaseFolder(base, 'specs').map(async (name) => ({
      name,
      bytes: await base.read(base.entries.get(name)?.oid ?? ''),
    })),
  );

/** A file's spec goes before an issue's of the same id, and an older issue's before a younger one's. */
const issuesOf = async (
  { specs }: ApprovedSpecs,
  files: readonly SpecSource[],
): Promise<ReadonlyMap<string, number>> => {
  if (specs.length === 0) return new Map();
  const fileIds = new Set((await collectSpecs(files)).specs.map(({ id }) => id));
  const younger = [...specs].reverse();
  return new Map(younger.flatMap(({ id, issue }) => (fileIds.has(id) ? [] : [[id, issue]])));
};

const renamed = (mistake: UserError): UserError => {
  const message = nameIssues(mistake.message);
  return message === mistake.message ? mistake : new UserError(message, { cause: mistake });
};
