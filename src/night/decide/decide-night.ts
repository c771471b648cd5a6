// SPDX-License-Identifier: GPL-3.0-only
import { shippedRulesDigest } from '../../boundary/rules/shipped.ts';
import { readsOf } from '../../chore/unseen.ts';
import type { Config } from '../../config/schema.ts';
import { UserError } from '../../data/user-error.ts';
import { loadFlows } from '../../flow/load-flow.ts';
import { type ForgeSnapshot, takenBranches } from '../../forge/snapshot.ts';
import type { SpecFiles } from '../../spec/load-specs.ts';
import type { Spec } from '../../spec/schema.ts';
import { selectPaths } from '../../spec/scope.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import type { BoundFlow } from '../open/open-flow.ts';
import { committedChores, openSetup, type Setup } from '../open/open-setup.ts';
import { ownRulePaths } from '../open/own-rules.ts';
import { type CommittedFiles, flowSources } from '../open/read-commit.ts';
import { adaptersOf, checkRoutes, flowFor, standInOf } from '../open/stand-ins.ts';
import type { MeasuredSeconds } from '../record/measured-seconds.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import { readOutcomes } from '../record/outcomes.ts';
import type { Relays } from '../record/relays.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { type ChooseFlow, flowChooser } from './choose-flow.ts';
import { openCommitDates } from './commit-dates.ts';
import { decideSpec } from './decide-spec.ts';
import { estimateNight } from './estimate-night.ts';
import { expectedSeconds } from './expected-seconds.ts';
import { fingerprint } from './fingerprint.ts';
import { outcomeParts, runtimeDigests } from './outcome-parts.ts';
import { readQueue } from './read-queue.ts';
import { waitForRoom } from './wait-for-room.ts';

export type DecideNightOptions = {
  /** Of the night. */
  readonly id: string;
  readonly commit: CommittedFiles;
  readonly branch: string | undefined;
  /** A folder of spec files; by default `specs/` of the base commit. */
  readonly specs?: string | undefined;
  readonly profile?: string | undefined;
  readonly retry?: string | undefined;
  /** Only specs of this flow. */
  readonly flow?: string | undefined;
  /** Only these specs, by id. */
  readonly only?: readonly string[] | undefined;
  readonly example: boolean;
  readonly startedAt: string;
  readonly state: StateFolder;
  readonly forge: ForgeSnapshot;
  /** By whom commits are, as `commitSettings` found out. */
  readonly commitSettings: Config['commit'];
  readonly relays?: Relays;
  /** What specs took in earlier nights, where this one is dealt to shards or a model works. */
  readonly measured?: MeasuredSeconds | undefined;
  /** Over how many shards its jobs may be spread. */
  readonly shards?: number | undefined;
};

export type NightDecision = {
  readonly night: Omit<Night, 'id' | 'notices' | 'mistakes'>;
  readonly setup: Setup;
  /** Spec files that could not be read, one error each. */
  readonly mistakes: readonly UserError[];
  /** Files beside the specs that are none. */
  readonly ignored: readonly string[];
  /** Why an issue that bears the approving label is not worked, a line each. */
  readonly notices: readonly string[];
};

/** Decides everything a night runs by. @throws UserError when nothing of it can be worked. */
export const decideNight = async (options: DecideNightOptions): Promise<NightDecision> => {
  const { commit, state, forge } = options;
  const { base, config } = commit;
  const { pulls, ticks } = forge;
  const outcomes = await readOutcomes(state.outcomes);
  const all = await readQueue(options);
  for (const id of options.retry === undefined ? [] : [options.retry])
    checkKnown('--retry', id, all);
  for (const id of options.only ?? []) checkKnown('--only', id, all);
  const chores = await (await committedChores(commit, state.code))();
  checkRoutes(await commit.registry(), chores);
  const flowOf = flowChooser(chores, await commit.flowNames(), config.flow);
  const files = { ...all, specs: all.specs.filter((spec) => isWanted(spec, options, flowOf)) };
  const flows = await flowSources(commit, files.specs.map(flowOf));
  const setup = await openSetup(commit, {
    profile: options.profile,
    flows: loadFlows(flows),
    codeFolder: state.code,
    ...(options.relays && { relays: options.relays }),
  });
  const paths = [...base.entries.keys()].sort();
  const tools = oidsIn(base, config.tools);
  const rules = {
    shipped: await shippedRulesDigest(),
    own: oidsOf(base, ownRulePaths(base, config)),
  };
  const dates = openCommitDates(base, chores);
  const decide = async (spec: Spec): Promise<DecidedSpec> => {
    const flow = flowOf(spec);
    const opened = setup.flows.get(flow) as BoundFlow;
    const standIn = standInOf(options.id, spec, opened, chores);
    const bound = flowFor(opened, standIn);
    const inScope = () => selectPaths(paths, spec.scope);
    const unitsOf = ({ agents }: BoundFlow) =>
      [...agents.values()].some(({ agent }) => agent.manifest.unit === 'file')
        ? inScope().length
        : 1;
    const parts = { ...outcomeParts(bound, config), tools, rules };
    const reads = readsOf(spec, chores);
    const print = fingerprint({ spec, reads, base, paths, setup: parts });
    const retry = options.retry === spec.id;
    const issue = all.issues.get(spec.id);
    const decided = decideSpec(
      spec,
      { flow, fingerprint: print, retry },
      { pulls, outcomes, ticks },
    );
    return {
      ...decided,
      ...(reads.length > 0 && { reads: [...reads] }),
      ...(issue !== undefined && { issue }),
      ...(decided.skip === undefined && standIn),
      ...(decided.skip === undefined && (await dates(spec, inScope()))),
      ...((options.shards ?? 1) > 1 &&
        options.measured && {
          seconds: expectedSeconds({ ...decided, units: unitsOf(bound) }, options.measured),
        }),
    };
  };
  const decided = await Promise.all(files.specs.map(decide));
  const worked = decided.filter(({ skip }) => skip === undefined);
  const taken = takenBranches(
    forge,
    worked.map(({ branch }) => branch),
  );
  const specs = decided.map((one) =>
    one.skip === undefined && taken.has(one.branch)
      ? {
          ...one,
          skip: `its branch ${one.branch} is there already; rename or delete it`,
          skipCode: 'queue.branch-taken' as const,
        }
      : one,
  );
  const byPriority = specs.toSorted((a, b) => b.spec.priority - a.spec.priority);
  const bound = [...setup.flows];
  const runtimes = Object.fromEntries(bound.flatMap(([name, flow]) => runtimeDigests(name, flow)));
  const sizes = specs.flatMap(({ spec, skip, digest, flow }) => {
    if (skip !== undefined) return [];
    const inScope = selectPaths(paths, spec.scope);
    const bytes = inScope.reduce((all, path) => all + (base.entries.get(path)?.size ?? 0), 0);
    return [{ digest, flow, files: inScope.length, bytes }];
  });
  const expected = estimateNight(sizes, setup.flows, runtimes, options.measured);
  const adapters = Object.fromEntries(bound.flatMap(([name, flow]) => adaptersOf(name, flow)));
  const night: NightDecision['night'] = {
    version: 1,
    startedAt: options.startedAt,
    example: options.example,
    base: {
      commit: base.commit,
      ...(options.branch !== undefined && { branch: options.branch }),
    },
    profile: setup.profile,
    config: { ...config, commit: options.commitSettings },
    flows: Object.fromEntries(bound.map(([name, { definition }]) => [name, definition])),
    specs: [...waitForRoom(byPriority, pulls, config.gate.maxOpen)],
    ...(options.only && { only: [...options.only] }),
    agents: Object.fromEntries(bound.flatMap(([, flow]) => agentsOf(flow))),
    runtimes,
    ...(expected && { expected }),
    ...(Object.keys(adapters).length > 0 && { adapters }),
    ...(all.refused.length > 0 && { refused: [...all.refused] }),
  };
  const { mistakes, ignored, notices } = files;
  return { night, setup, mistakes, ignored, notices };
};

const checkKnown = (option: string, id: string, { specs }: SpecFiles): void => {
  if (specs.some((spec) => spec.id === id)) return;
  const ids = specs.map((spec) => spec.id).join(', ') || 'none';
  throw new UserError(`${option}: there is no spec "${id}"; there are ${ids}`);
};

const isWanted = (
  spec: Spec,
  { flow, only }: Pick<DecideNightOptions, 'flow' | 'only'>,
  flowOf: ChooseFlow,
): boolean =>
  (flow === undefined || flowOf(spec) === flow) && (only === undefined || only.includes(spec.id));

/** A user's tools are code of agents whose own files only name them. */
const oidsIn = (base: BaseTree, folders: readonly string[]): readonly string[] =>
  oidsOf(
    base,
    [...base.entries.keys()].filter((path) =>
      folders.some((folder) => path.startsWith(`${folder}/`)),
    ),
  );

const oidsOf = ({ entries }: BaseTree, paths: readonly string[]): readonly string[] =>
  paths.map((path) => `${entries.get(path)?.oid} ${path}`);

const agentsOf = ({ agents }: BoundFlow): readonly (readonly [string, Night['agents'][string]])[] =>
  [...agents.values()].map(
    ({ agent: { manifest, manifestDigest, digest } }) =>
      [manifest.name, { digest, manifest, manifestDigest }] as const,
  );
