// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { discoverAgents, isModelAgent, openAgent } from '../agent/registry.ts';
import type { Failure } from '../agent/schema.ts';
import type { Chores } from '../chore/chores.ts';
import type { OwnChores } from '../chore/own-chores.ts';
import { bindRuntime } from '../config/bind-runtime.ts';
import { installationFolder } from '../data/installation.ts';
import { loadFlow } from '../flow/load-flow.ts';
import type { Spec } from '../spec/schema.ts';
import { createOverlay, readOnly } from '../workspace/overlay.ts';
import { flowChooser } from './decide/choose-flow.ts';
import type { CommittedFiles } from './open/read-commit.ts';

const refuse = async (): Promise<never> => {
  throw new Error('a plan executes nothing');
};

/** By day no code of a repository is run: what it would say of a spec, the night asks. */
const onlyWords: OwnChores = { load: async () => undefined };

/**
 * Why the night's plan would stop a spec, by day: no engine is opened, and nothing of the repository is
 * loaded but its words. `undefined` where it would not, or where an agent of the repository works.
 */
export const planAhead = async (
  spec: Spec,
  files: CommittedFiles,
  chores: Chores,
  signal: AbortSignal,
): Promise<Failure | undefined> => {
  const { base, config } = files;
  const name = flowChooser(chores, await files.flowNames(), config.flow)(spec);
  const flow = loadFlow(await files.flowSource(name));
  const agents = await discoverAgents([join(installationFolder, 'actions')]);
  const manifests = flow.nodes.flatMap(({ agent }) => agents.get(agent)?.manifest ?? []);
  const workers = manifests.filter(({ role }) => role === 'work');
  const entry = agents.get(flow.nodes.find(({ id }) => id === flow.entry)?.agent ?? '');
  if (!entry || workers.length === 0) return undefined;
  const planner = await openAgent(entry);
  if (isModelAgent(planner)) return undefined;
  const played = flow.nodes.filter(({ agent }) => agents.get(agent)?.manifest.kind === 'model');
  const { failure } = await planner.run({
    input: { spec, unit: { id: '_spec', kind: 'spec', paths: [] }, inputs: {} },
    overlay: createOverlay(base, readOnly),
    executor: { run: refuse, withTree: refuse },
    dependencies: async () => [],
    workers,
    engines: new Set(
      played.map((node) => bindRuntime(config, undefined, flow.nodes, node).runtime.engine),
    ),
    gate: config.gate,
    chores: async () => ({ ...chores, own: onlyWords }),
    ahead: true,
    signal,
  });
  return failure;
};
