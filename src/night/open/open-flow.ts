// SPDX-License-Identifier: GPL-3.0-only
import {
  type Agent,
  type AgentEntry,
  isModelAgent,
  type ModelAgent,
  openAgent,
} from '../../agent/registry.ts';
import type { BoundRuntime } from '../../agent/runtime.ts';
import type { AgentManifest } from '../../agent/schema.ts';
import type { OpenChores } from '../../chore/chores.ts';
import { bindRuntime } from '../../config/bind-runtime.ts';
import type { Config, Runtime } from '../../config/schema.ts';
import { canonicalJson } from '../../data/digest.ts';
import { makeOnce } from '../../data/make-once.ts';
import { UserError } from '../../data/user-error.ts';
import type { ChosenAdapters } from '../../engine/models/adapter-name.ts';
import type { ModelStore } from '../../engine/models/model-files.ts';
import type { Registry } from '../../engine/models/registry.ts';
import { ancestors, flowOrder } from '../../flow/graph.ts';
import type { Flow, FlowNode } from '../../flow/schema.ts';
import type { GateTerms } from '../../review/schema.ts';
import type { Tool } from '../../tool/tool.ts';
import type { Hands } from '../hand/hands.ts';
import type { Relays } from '../record/relays.ts';
import type { BoundAdapters } from './bind-adapters.ts';
import type { BoundAgent } from './bound-agent.ts';
import type { Engines, OpenEngine } from './open-engines.ts';

/** A flow ready to run: its nodes in order, each with its agent. Everything goes by node id. */
export type RunnableFlow = {
  readonly definition: Flow;
  readonly order: readonly FlowNode[];
  /** What must have run before a node. */
  readonly before: ReadonlyMap<string, ReadonlySet<string>>;
  readonly manifests: ReadonlyMap<string, AgentManifest>;
  /** Who plays the nodes that run in this process. */
  readonly agents: ReadonlyMap<string, BoundAgent>;
  /** What the names of adapters stand for, by node, where the registry has them. */
  readonly adapters: ReadonlyMap<string, ChosenAdapters>;
  /** Who works some of the specs in the place of a node's champion. */
  readonly standIns: StandIns | undefined;
  readonly workers: readonly AgentManifest[];
  /** The engines that play its models. */
  readonly engines: ReadonlySet<Runtime['engine']>;
  /** Absent in a process that runs no gate and was not told them. */
  readonly terms: GateTerms | undefined;
};

/** The candidate that works a share of a night's specs, and the versions that routes name. */
export type StandIns = {
  readonly node: string;
  /** By the names of their adapters. */
  readonly agents: ReadonlyMap<string, BoundAgent>;
  readonly canary: ChosenAdapters['canary'];
  readonly routes: NonNullable<ChosenAdapters['routes']>;
};

/** A flow whose reviewers have not been judged yet. */
export type BoundFlow = Omit<RunnableFlow, 'terms'>;

/** Where agents, tools and settings come from. */
export type OpenerOptions = {
  readonly config: Config;
  readonly profile: string;
  readonly agents: ReadonlyMap<string, AgentEntry>;
  readonly toolFolders: readonly string[];
  readonly chores: OpenChores;
  /** What runs the code of the repository. */
  readonly hands: Hands;
  readonly models?: () => Promise<ModelStore>;
  readonly registry?: () => Promise<Registry>;
  readonly relays?: Relays;
};

export type Opener = {
  /**
   * Opens the agents of the nodes that will run here: all of them, or those that are named.
   * @throws UserError when an agent, tool or setting is missing or wrong; an engine is a finding.
   */
  readonly flow: (flow: Flow, nodes?: ReadonlySet<string>) => Promise<BoundFlow>;
  /** The engines that were opened, each once. */
  readonly engines: () => Promise<readonly OpenEngine[]>;
  /** What is wrong with engines that cannot be used, and what is worth a look. */
  readonly findings: () => Promise<EngineFindings>;
  readonly close: () => Promise<void>;
};

export type EngineFindings = {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
};

/** Why a flow cannot be worked: an engine of one of its nodes cannot be used. */
export const engineFaultOf = ({ agents }: Pick<BoundFlow, 'agents'>): string | undefined =>
  [...agents.values()]
    .map((agent) => ('runtime' in agent ? agent.runtime.fault : undefined))
    .find((fault) => fault !== undefined);

const openEngines = async ({ models, chores, relays, hands }: OpenerOptions): Promise<Engines> => {
  const { createEngines } = await import('./open-engines.ts');
  const { openRules } = hands;
  return createEngines(chores, await models?.(), { openRules, ...(relays && { relays }) });
};

type BoundNode = {
  readonly bound: BoundAgent;
  readonly chosen?: ChosenAdapters;
  readonly standIns?: StandIns;
};

/** Opens each agent and each engine once, however many nodes and flows use them. */
export const createOpener = (options: OpenerOptions): Opener => {
  const agents = new Map<string, Promise<Agent>>();
  const runtimes = new Map<string, Promise<BoundRuntime>>();
  // A process whose node runs code never loads them.
  let engines: Promise<Engines> | undefined;

  const entryOf = (name: string): AgentEntry => {
    const entry = options.agents.get(name);
    if (!entry) throw new UserError(`there is no agent "${name}"`);
    return entry;
  };
  const agentOf = (name: string): Promise<Agent> =>
    makeOnce(agents, name, async () => openAgent(entryOf(name), options.hands.openRun));
  const runtimeOf = (
    settings: Runtime,
    agent: ModelAgent,
    tools: readonly Tool[],
    setting: string,
  ): Promise<BoundRuntime> =>
    makeOnce(runtimes, `${agent.folder}\n${canonicalJson(settings)}`, async () => {
      engines ??= openEngines(options);
      return (await engines).bind(settings, agent, tools, setting);
    });

  const adaptersOf = async (
    settings: Runtime,
    setting: string,
    agent: ModelAgent,
  ): Promise<BoundAdapters> => {
    const { adapter } = settings;
    const registry = adapter === undefined ? undefined : await options.registry?.();
    if (adapter === undefined || !registry) return { settings, others: new Map() };
    const { bindAdapters } = await import('./bind-adapters.ts');
    const models = await options.models?.();
    return bindAdapters({ ...settings, adapter }, setting, agent, { registry, models });
  };

  const bind = async (flow: Flow, node: FlowNode): Promise<BoundNode> => {
    const agent = await agentOf(node.agent);
    if (!isModelAgent(agent)) return { bound: { agent } };
    const { runtime: asked, setting } = bindRuntime(
      options.config,
      options.profile,
      flow.nodes,
      node,
    );
    const adapters = await adaptersOf(asked, setting, agent);
    const { loadTools } = await import('../../tool/load-tools.ts');
    const tools = await loadTools(
      agent.manifest.tools,
      options.toolFolders,
      options.hands.openTool(agent.folder),
    );
    const runtime = await runtimeOf(adapters.settings, agent, tools, setting);
    const { chosen, others } = adapters;
    const bound = { agent, runtime, tools };
    if (!chosen || others.size === 0) return { bound, ...(chosen && { chosen }) };
    const agents = new Map<string, BoundAgent>();
    for (const [name, settings] of others) {
      agents.set(name, { ...bound, runtime: await runtimeOf(settings, agent, tools, setting) });
    }
    const { canary, routes = [] } = chosen;
    return { bound, chosen, standIns: { node: node.id, agents, canary, routes } };
  };

  const enginesOf = (order: readonly FlowNode[], { nodes }: Flow): ReadonlySet<Runtime['engine']> =>
    new Set(
      order
        .filter(({ agent }) => entryOf(agent).manifest.kind === 'model')
        .map((node) => bindRuntime(options.config, options.profile, nodes, node).runtime.engine),
    );

  return {
    flow: async (flow, nodes) => {
      const order = flowOrder(flow);
      const manifests = new Map(order.map(({ id, agent }) => [id, entryOf(agent).manifest]));
      const bound = new Map<string, BoundNode>();
      for (const node of order) {
        if (nodes?.has(node.id) ?? true) bound.set(node.id, await bind(flow, node));
      }
      const entries = [...bound];
      return {
        definition: flow,
        order,
        before: new Map(order.map(({ id }) => [id, ancestors(flow.nodes, id)])),
        manifests,
        agents: new Map(entries.map(([id, one]) => [id, one.bound])),
        adapters: new Map(entries.flatMap(([id, { chosen }]) => (chosen ? [[id, chosen]] : []))),
        standIns: entries.flatMap(([, { standIns }]) => standIns ?? [])[0],
        engines: enginesOf(order, flow),
        workers: [...manifests.values()].filter(({ role }) => role === 'work'),
      };
    },
    engines: async () => (await engines)?.all() ?? [],
    findings: async () => {
      const open = await engines;
      return { faults: open?.faults() ?? [], warnings: open?.warnings() ?? [] };
    },
    close: async () => {
      await Promise.allSettled(runtimes.values());
      await (await engines)?.close();
      await options.hands.close();
    },
  };
};

/**
 * A flow can only promise two yeses when it plans, works, tests, reviews twice and ends in a
 * gate. @throws UserError saying what it lacks.
 */
export const checkRoles = ({ definition: flow, manifests }: BoundFlow): void => {
  const roleOf = (id: string) => manifests.get(id)?.role;
  const counts = Map.groupBy(flow.nodes, ({ id }) => roleOf(id));
  const fault =
    roleOf(flow.entry) !== 'plan'
      ? `its entry "${flow.entry}" does not plan`
      : roleOf(flow.output) !== 'gate'
        ? `its output "${flow.output}" is not a gate`
        : counts.get('work')?.length !== 1
          ? 'it needs exactly one working node'
          : (counts.get('test')?.length ?? 0) < 1
            ? 'it needs a test node'
            : counts.get('review')?.length !== 2
              ? 'it needs exactly two review nodes'
              : undefined;
  if (fault) throw new UserError(`the flow "${flow.name}" cannot open pull requests: ${fault}`);
};
