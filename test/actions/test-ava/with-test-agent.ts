// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { run } from '../../../actions/test-ava/agent.ts';
import type { CodeResult } from '../../../src/agent/code-agent.ts';
import { type Failure, inputSchema } from '../../../src/agent/schema.ts';
import type { DependencyFinder } from '../../../src/boundary/dependencies.ts';
import type { Executor } from '../../../src/boundary/executor.ts';
import { shippedChores } from '../../../src/chore/chores.ts';
import { type Config, gateSchema } from '../../../src/config/schema.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import type { Overlay } from '../../../src/workspace/overlay.ts';
import { bubblewrap } from '../../boundary/with-bubblewrap.ts';
import { patchedOverlay } from '../../tool/patched-overlay.ts';

export const installed = join(import.meta.dirname, '../../../node_modules');
export const beside: DependencyFinder = async (folder) => [{ folder, source: installed }];

export type Row = {
  /** What is asked beside the change. */
  readonly acceptance?: readonly string[];
  readonly base: Readonly<Record<string, string>>;
  readonly patch: Readonly<Record<string, string | null>>;
  readonly scope?: readonly string[];
  readonly checks?: readonly string[];
  readonly timeout?: string;
  readonly dependencies?: DependencyFinder;
  readonly tests?: Config['tests'];
  /** In place of one made of `base` and `patch`. */
  readonly overlay?: Overlay;
};

export const runAgent = async (t: ExecutionContext, row: Row): Promise<CodeResult> => {
  const scope = row.scope ?? ['pkg/**'];
  const spec = specFileSchema.parse({
    title: 'Change',
    scope,
    acceptance: ['It is changed', ...(row.acceptance ?? [])],
    checks: row.checks ?? [],
  });
  return run({
    input: inputSchema.parse({
      spec: normaliseSpec(spec, 'change'),
      unit: { id: 'change', kind: 'spec', paths: scope },
      inputs: {},
      ...(row.timeout !== undefined && { with: { timeout: row.timeout } }),
    }),
    overlay: row.overlay ?? (await patchedOverlay(t, row.base, row.patch)),
    executor: bubblewrap as Executor,
    dependencies: row.dependencies ?? beside,
    workers: [],
    engines: new Set(),
    chores: shippedChores,
    gate: gateSchema.parse({}),
    ...(row.tests !== undefined && { tests: row.tests }),
    signal: new AbortController().signal,
  });
};

export type Expected = {
  readonly failure?: { readonly code: Failure['code']; readonly message: RegExp };
  readonly notes?: RegExp;
  readonly counts?: Readonly<Record<string, number>>;
  readonly packages?: readonly string[];
  readonly log?: RegExp;
};

/** Runs the agent on a row and compares what it says. */
export const comesTo = async (t: ExecutionContext, row: Row, expected: Expected): Promise<void> => {
  const { failure, notes, result, testsLog = '' } = await runAgent(t, row);
  const { packages, ...counts } = result as unknown as {
    packages: readonly { folder: string }[];
    passed: number;
  };
  t.is(failure?.code, expected.failure?.code, failure?.message);
  if (expected.failure) t.regex(failure?.message ?? '', expected.failure.message);
  if (expected.notes) t.regex(notes, expected.notes);
  if (expected.counts) t.like(counts, expected.counts);
  if (expected.packages)
    t.deepEqual(
      packages.map(({ folder }) => folder),
      [...expected.packages],
    );
  if (expected.log) t.regex(testsLog, expected.log);
  t.notRegex(testsLog, /pantheon-tree-/);
};
