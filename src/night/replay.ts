// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { inputSchema } from '../agent/schema.ts';
import { findExecutor } from '../boundary/find-executor.ts';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { UserError } from '../data/user-error.ts';
import type { FlowNode } from '../flow/schema.ts';
import type { GateTerms } from '../review/schema.ts';
import type { Bundle } from '../trace/bundle.ts';
import { compareOutputs, type FileDifference } from '../trace/compare-outputs.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { composeHidden, hiddenRequest } from './exam/hidden-patch.ts';
import { hostOf } from './exam/hidden-units.ts';
import { gateRequest } from './gate/run-gate.ts';
import type { BoundAgent, NodeRequest } from './open/bound-agent.ts';
import type { RunnableFlow } from './open/open-flow.ts';
import { openSetup } from './open/open-setup.ts';
import { setupFiles } from './open/setup-files.ts';
import { flowFor } from './open/stand-ins.ts';
import { refuseFaults } from './open/unusable-runtime.ts';
import { readNight } from './record/night-folder.ts';
import type { DecidedSpec, Night } from './record/night-schemas.ts';
import type { StateFolder } from './record/state-folder.ts';
import { openSession, unrecorded, unwatched } from './run/open-session.ts';
import { planRequest, planSpec, planUnit, specUnit } from './run/run-plan.ts';
import { recordedEnd, runGuarded, type StepPlan } from './run/run-step.ts';
import { recordedBefore, requestOf } from './run/run-unit.ts';
import type { Session } from './run/session.ts';

export type ReplayOptions = {
  readonly repository: string;
  readonly state: StateFolder;
  /** `traces/<night>`. */
  readonly folder: string;
  readonly bundle: Bundle;
  readonly signal: AbortSignal;
};

export type Replayed = {
  readonly differences: readonly FileDifference[];
  /** Why the two may differ: what is not as it was that night. */
  readonly changed: readonly string[];
};

/**
 * Runs a node again from its bundle and those of the nodes before it, on the night's base commit,
 * and compares. Nothing is written to the night, the repository or a forge.
 */
export const replay = async (options: ReplayOptions): Promise<Replayed> => {
  const { bundle, folder, repository, state } = options;
  const { spec: specId, node: nodeId } = bundle.address;
  const night = await readNight(folder, 'Replay it with the version that wrote it');
  const decided = night.specs.find(({ spec }) => spec.id === specId);
  if (!decided) throw new UserError(`night ${night.id} had no spec "${specId}"`);
  const base = await openBaseTree(repository, night.base.commit);
  const scratch = await makeTemporaryFolder('replay');
  const setup = await openSetup(setupFiles(base, night.config), {
    profile: night.profile,
    flows: () => new Map(Object.entries(night.flows)),
    codeFolder: state.code,
    node: nodeId,
  });
  try {
    refuseFaults(setup.findings.faults);
    const open = setup.flows.get(decided.flow);
    const node = open?.order.find(({ id }) => id === nodeId);
    if (!open || !node) throw new UserError(`the flow "${decided.flow}" has no node "${nodeId}"`);
    const { executor } = await findExecutor({ allowUnconfined: night.example });
    const session = await openSession({
      night: withWorked(night, decided),
      folder,
      repository,
      base,
      setup,
      state,
      executor,
      journal: unrecorded,
      terms: async () => recordedTerms(bundle),
      watch: unwatched,
      signal: options.signal,
    });
    const flow = flowFor(session.flows.get(decided.flow) as RunnableFlow, decided);
    // What the gate proposes again goes to a folder of its own.
    const asked = await requestFor({ ...session, folder: scratch }, flow, decided, node, bundle);
    const { files } = await runGuarded(asked, options.signal);
    return {
      differences: compareOutputs(bundle.files, files),
      changed: changedSince(night, bundle, asked.agent),
    };
  } finally {
    await Promise.all([setup.close(), base.close()]);
    await rm(scratch, { recursive: true, force: true });
  }
};

/** The night, of which a spec is worked; the others are what its hidden patches look like. */
const withWorked = (night: Night, decided: DecidedSpec): Night => ({
  ...night,
  specs: night.specs.map((one) => (one === decided ? { ...one, skip: undefined } : one)),
});

const requestFor = async (
  session: Session,
  flow: RunnableFlow,
  decided: DecidedSpec,
  node: FlowNode,
  bundle: Bundle,
): Promise<Pick<StepPlan, 'agent' | 'request'>> => {
  const { entry, output } = flow.definition;
  if (node.id === entry) return made(planRequest(session, flow, decided));
  const plan = recordedEnd(session, { spec: decided.spec.id, unit: specUnit.id, node: entry });
  if (plan?.status !== 'ok') throw new UserError('the plan of that spec left no bundle');
  const planned = planSpec(session, flow, decided, plan);
  if (node.id === output) return made(gateRequest(planned));
  const host = hostOf(bundle.address.unit);
  const unit = planned.units.find(({ id }) => id === (host ?? bundle.address.unit));
  if (!unit) throw new UserError(`the plan has no unit "${bundle.address.unit}"`);
  const of = planUnit(planned, unit);
  const agent = flow.agents.get(node.id) as BoundAgent;
  const before = recordedBefore(of, node);
  return {
    agent,
    request: async () =>
      host === undefined
        ? requestOf(of, node, before, new Map())
        : hiddenRequest(of, node, before, new Map(), await composeHidden(of, before)),
  };
};

const made = (request: Omit<NodeRequest, 'signal'>): Pick<StepPlan, 'agent' | 'request'> => ({
  agent: request.agent,
  request: async () => request,
});

/** What the gate knew that night stands in its input; other nodes know nothing of it. */
const recordedTerms = ({ files }: Bundle): GateTerms => {
  const input = inputSchema.partial().safeParse(JSON.parse(files['input.json'] ?? '{}'));
  return input.data?.with?.terms as unknown as GateTerms;
};

const changedSince = (
  night: Night,
  bundle: Bundle,
  { agent, ...bound }: BoundAgent,
): readonly string[] => [
  ...(night.agents[agent.manifest.name]?.digest === agent.digest
    ? []
    : [`the agent ${agent.manifest.name} has changed since`]),
  ...('runtime' in bound && bound.runtime.digest !== bundle.facts.runtime
    ? ['its runtime has changed since']
    : []),
];
