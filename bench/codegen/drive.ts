// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import { runLoop } from '../../src/agent/loop.ts';
import type { ModelAgent } from '../../src/agent/registry.ts';
import { createUnconfined } from '../../src/boundary/unconfined.ts';
import { createPathVerifier } from '../../src/boundary/verifier.ts';
import { openChores } from '../../src/chore/chores.ts';
import { readsOf, withReads } from '../../src/chore/unseen.ts';
import { createRulesEngine, loadSpecialist } from '../../src/engine/rules/engine.ts';
import { normaliseSpec, type SpecFile, specFileSchema } from '../../src/spec/schema.ts';
import { compileScope, isSetupFile } from '../../src/spec/scope.ts';
import { loadTools } from '../../src/tool/load-tools.ts';
import type { BaseTree } from '../../src/workspace/base-tree.ts';
import { blobOid } from '../../src/workspace/blob-oid.ts';
import { createOverlay } from '../../src/workspace/overlay.ts';
import { modelAgents } from '../model-agents.ts';

export type Files = Readonly<Record<string, string>>;

export type Driven = {
  readonly status: 'ok' | 'fail' | 'failure';
  readonly notes: string;
  readonly result?: unknown;
  readonly steps: number;
  /** New text of every changed file. */
  readonly changed: ReadonlyMap<string, string>;
};

/** A commit's tree held in memory. */
const memoryTree = (files: Readonly<Record<string, string | Uint8Array>>): BaseTree => {
  const blobs = new Map<string, Uint8Array>();
  const entries = new Map(
    Object.entries(files)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, text]) => {
        const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
        const oid = blobOid(bytes, 40);
        blobs.set(oid, bytes);
        return [path, { mode: '100644', oid, size: bytes.length }] as const;
      }),
  );
  return {
    repository: '',
    commit: '0'.repeat(40),
    entries,
    read: async (oid) => blobs.get(oid) ?? new Uint8Array(),
    close: async () => {},
  };
};

const openCodegen = async () => {
  const actions = join(import.meta.dirname, '../../actions');
  const name = 'codegen.qwen8b';
  const agent = (await modelAgents(actions, [name])).get(name) as ModelAgent;
  const specialist = await loadSpecialist(agent.folder, openChores());
  const tools = await loadTools(agent.manifest.tools);
  const engine = createRulesEngine(specialist);
  const { contextTokens } = await engine.probe();
  return { agent: agent.manifest, prompt: agent.prompt, engine, tools, contextTokens };
};

let opened: ReturnType<typeof openCodegen> | undefined;

/** Runs the codegen agent with its rules on files in memory, through the real loop and tools. */
export const drive = async (
  files: Parameters<typeof memoryTree>[0],
  file: SpecFile,
): Promise<Driven> => {
  opened ??= openCodegen();
  const { agent, ...rest } = await opened;
  const asked = normaliseSpec(specFileSchema.parse(file), 'task');
  const spec = withReads(asked, readsOf(asked, openChores()));
  const inScope = compileScope(spec.scope);
  const readable = compileScope([...spec.scope, ...spec.context]);
  const reach = {
    mayRead: (path: string) => readable(path) || isSetupFile(path),
    mayWrite: inScope,
  };
  const overlay = createOverlay(memoryTree(files), reach);
  const { signal } = new AbortController();
  const { outcome, metrics } = await runLoop({
    ...rest,
    agent,
    limits: { ...agent.limits, maxSteps: spec.limits.maxSteps ?? agent.limits.maxSteps },
    runtime: {},
    verifier: createPathVerifier(reach),
    context: { overlay, executor: createUnconfined(), signal, paths: spec.scope },
    input: { spec, unit: { id: 'task', kind: 'spec', paths: spec.scope }, inputs: {} },
    signal,
  });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const changed = new Map(
    overlay.changes().map(({ path }) => [path, decoder.decode(overlay.written(path))] as const),
  );
  const steps = metrics.steps ?? 0;
  return outcome.kind === 'final'
    ? {
        status: outcome.output.status,
        notes: outcome.output.notes,
        result: outcome.output.result,
        steps,
        changed,
      }
    : {
        status: 'failure',
        notes: `${outcome.failure.code}: ${outcome.failure.message}`,
        steps,
        changed,
      };
};
