// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { discoverAgents } from '../agent/registry.ts';
import type { Failure, Output, Unit } from '../agent/schema.ts';
import { findExecutor } from '../boundary/find-executor.ts';
import type { OpenChores } from '../chore/chores.ts';
import { readsOf } from '../chore/unseen.ts';
import { installationFolder } from '../data/installation.ts';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { UserError } from '../data/user-error.ts';
import type { Flow } from '../flow/schema.ts';
import { loadSpecFile } from '../spec/load-specs.ts';
import { type Spec, type SpecFile, specDigest } from '../spec/schema.ts';
import { selectPaths } from '../spec/scope.ts';
import { type BaseTree, openBaseTree } from '../workspace/base-tree.ts';
import { createOverlay, unrestricted, writeFiles } from '../workspace/overlay.ts';
import { applyPatch, stampedPatch } from '../workspace/patch.ts';
import { resolveRepository } from '../workspace/repository.ts';
import { openCommitDates } from './decide/commit-dates.ts';
import { createOpener, type RunnableFlow } from './open/open-flow.ts';
import { committedRules, openCode } from './open/open-setup.ts';
import { readCommit } from './open/read-commit.ts';
import { refuseFaults } from './open/unusable-runtime.ts';
import type { DecidedSpec, Night } from './record/night-schemas.ts';
import { stateFolder } from './record/state-folder.ts';
import { openSession, unrecorded, unwatched } from './run/open-session.ts';
import { noticesOf, planSpec, planUnit, runPlan } from './run/run-plan.ts';
import { endOf, type NodeEnd } from './run/run-step.ts';
import { runUnit } from './run/run-unit.ts';
import type { Session } from './run/session.ts';

export type LoadOptions = {
  /** A folder of the repository to work on; default the current one. */
  readonly repository?: string;
  readonly profile?: string;
  readonly signal?: AbortSignal;
};

/** The joined patch of all units of a spec. */
export type JoinedWork = Omit<Output, Stamped> & {
  readonly [Key in Stamped]: NonNullable<Output[Key]>;
};

type Stamped = 'diff' | 'stats' | 'changes' | 'patchDigest';

/** A working agent outside a night, for code and for trying things out. */
export type LoadedAgent = {
  readonly name: string;
  /**
   * Plans and works a spec on the checked-out commit and returns the patch; nothing is written.
   * @throws AgentFailure when the plan or a unit fails, UserError for a spec that is none.
   */
  readonly run: (spec: SpecFile) => Promise<JoinedWork>;
};

/** The plan or the agent could not finish; `failure` is what `error.json` would say. */
export class AgentFailure extends Error {
  override readonly name = 'AgentFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.message}`);
    this.failure = failure;
  }
}

/** Loads a working agent by name. @throws UserError when there is none of that name. */
export const loadAgent = async (name: string, options: LoadOptions = {}): Promise<LoadedAgent> => {
  const agents = await discoverAgents([join(installationFolder, 'actions')]);
  const role = agents.get(name)?.manifest.role;
  if (role !== 'work') {
    throw new UserError(
      role === undefined
        ? `there is no agent "${name}"; there are ${[...agents.keys()].join(', ')}`
        : `"${name}" has role ${role}; only a working agent can be run alone`,
    );
  }
  return {
    name,
    run: async (file) =>
      workAlone(name, loadSpecFile({ name: 'spec.json', text: JSON.stringify(file) }), options),
  };
};

const planner = 'plan.validate';

/** The shortest flow there is: plan and work. */
const flowFor = (name: string): Flow => ({
  name: 'alone',
  entry: planner,
  nodes: [
    { id: planner, agent: planner, inputs: ['root'] },
    { id: name, agent: name, inputs: [planner] },
  ],
  output: planner,
});

/** How one unit ended; its output has the patch. */
export type UnitEnd =
  | { readonly unit: Unit; readonly output: Output }
  | { readonly unit: Unit; readonly failure: Failure };

export type AloneOptions = LoadOptions & {
  /** The commit to work on; default the one that is checked out. */
  readonly commit?: string;
  /** Told what the plan has to say. */
  readonly onNotice?: (notice: string) => void;
  /** Told of each unit as it ends; then one that fails does not stop the others. */
  readonly onUnit?: (end: UnitEnd) => void;
};

/** Plans and works a spec with one agent. @throws AgentFailure when the plan, or unwatched a unit, fails. */
export const workAlone = async (
  name: string,
  spec: Spec,
  options: AloneOptions,
): Promise<JoinedWork> => {
  const repository = await resolveRepository(options.repository ?? '.');
  const base = await openBaseTree(repository.root, options.commit ?? repository.head);
  const folder = await makeTemporaryFolder('agent');
  const commit = await readCommit(base);
  const { config } = commit;
  const state = stateFolder(repository.gitDir);
  const { chores, hands } = await openCode(commit, state.code);
  const profile = options.profile ?? config.profile;
  const agents = await discoverAgents([join(installationFolder, 'actions')]);
  const rules = committedRules(commit);
  const opener = createOpener({ config, profile, agents, toolFolders: [], chores, hands });
  try {
    const flows = new Map([['alone', await opener.flow(flowFor(name))]]);
    const decided = await decideAlone(spec, base, chores);
    const findings = await opener.findings();
    refuseFaults(findings.faults);
    const { executor } = await findExecutor({ allowUnconfined: false });
    const session = await openSession({
      night: aloneNight(decided, base.commit, { config, profile }),
      folder,
      repository: repository.root,
      base,
      setup: {
        config,
        profile,
        flows,
        chores,
        rules,
        findings,
        engines: opener.engines,
        close: opener.close,
      },
      state,
      executor,
      journal: unrecorded,
      terms: async () => undefined,
      watch: unwatched,
      signal: options.signal ?? new AbortController().signal,
    });
    return await workUnits(session, decided, name, options);
  } finally {
    await Promise.all([opener.close(), rules.close(), base.close()]);
    await rm(folder, { recursive: true, force: true });
  }
};

const decideAlone = async (
  spec: Spec,
  base: BaseTree,
  chores: OpenChores,
): Promise<DecidedSpec> => {
  const paths = selectPaths([...base.entries.keys()].sort(), spec.scope);
  const offered = await chores();
  return {
    spec,
    digest: specDigest(spec),
    flow: 'alone',
    branch: '',
    fingerprint: '',
    reads: [...readsOf(spec, offered)],
    ...(await openCommitDates(base, offered)(spec, paths)),
  };
};

const aloneNight = (
  decided: DecidedSpec,
  commit: string,
  setup: Pick<Night, 'config' | 'profile'>,
): Night => ({
  version: 1,
  id: 'alone',
  startedAt: new Date().toISOString(),
  example: false,
  base: { commit },
  ...setup,
  flows: {},
  specs: [decided],
  agents: {},
  runtimes: {},
  notices: [],
  mistakes: [],
});

const workUnits = async (
  session: Session,
  decided: DecidedSpec,
  name: string,
  { onUnit, onNotice }: Pick<AloneOptions, 'onUnit' | 'onNotice'>,
): Promise<JoinedWork> => {
  const flow = session.flows.get('alone') as RunnableFlow;
  const { spec } = decided;
  const plan = finished(await runPlan(session, flow, decided));
  const joined = createOverlay(session.base, unrestricted);
  const notes: string[] = [];
  let result: Output['result'] = {};
  for (const notice of noticesOf(plan)) onNotice?.(notice);
  const planned = planSpec(session, flow, decided, plan);
  for (const unit of planned.units) {
    await runUnit(planUnit(planned, unit));
    const bundle = session.traces.read({ spec: spec.id, unit: unit.id, node: name });
    if (!bundle) throw new Error(`the unit ${unit.id} left no bundle`);
    const end = endOf(bundle);
    if (onUnit && end.status === 'failed') {
      onUnit({ unit, failure: end.failure });
      continue;
    }
    const { output } = finished(end);
    onUnit?.({ unit, output });
    const { diff = '', changes = [] } = output;
    const overlay = await applyPatch(session.base, unrestricted, diff, changes);
    writeFiles(
      joined,
      changes.map(({ path }) => [path, overlay.written(path)]),
    );
    notes.push(output.notes);
    result = output.result;
  }
  const patch = await stampedPatch(joined);
  return { status: 'ok', notes: notes.join('\n'), metrics: {}, result, ...patch };
};

const finished = (end: NodeEnd): Extract<NodeEnd, { readonly status: 'ok' }> => {
  if (end.status === 'ok') return end;
  throw new AgentFailure(
    end.status === 'failed' ? end.failure : { code: 'defect', message: end.reason },
  );
};
