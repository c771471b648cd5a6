// SPDX-License-Identifier: GPL-3.0-only
import { digestOf } from '../../data/digest.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import { type Spec, specDigest } from '../../spec/schema.ts';
import { isSetupFile, selectPaths } from '../../spec/scope.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';

/**
 * Digest of everything a spec's outcome depends on: its text, the files it may read, the agents and
 * runtimes of its flow, the rules, and the gate's settings. What ended red with it would end red again.
 */
export const fingerprint = (facts: {
  readonly spec: Spec;
  /** What its chores read beside its scope and context. */
  readonly reads?: readonly string[];
  readonly base: BaseTree;
  /** All paths of the base, sorted by code unit. */
  readonly paths: readonly string[];
  /** Agent and runtime digests of the flow's nodes, the rules, and the gate's settings. */
  readonly setup: unknown;
}): string => {
  const { spec, reads = [], base, paths, setup } = facts;
  const inReach = selectPaths(paths, [...spec.scope, ...reads, ...spec.context]);
  const files = [...new Set([...inReach, ...setupFiles(paths)])].map((path) => [
    path,
    base.entries.get(path)?.oid,
  ]);
  return digestOf({ spec: specDigest(spec), files, machinery: setup });
};

/** Once for all specs of a night. */
const setupFiles = memoiseByObject((paths: readonly string[]) => paths.filter(isSetupFile));
