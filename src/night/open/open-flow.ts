// SPDX-License-Identifier: GPL-3.0-only
import {
  isModelRoom,
  type ModelRoom,
  openRoom,
  type Room,
  type RoomEntry,
} from '../../agent/registry.ts';
import type { BoundRuntime } from '../../agent/runtime.ts';
import { type Binding, bindRuntime, settingOf } from '../../config/bind.ts';
import type { Config, Runtime } from '../../config/schema.ts';
import { canonicalJson } from '../../data/digest.ts';
import { madeOnce } from '../../data/made-once.ts';
import { UserError } from '../../data/user-error.ts';
import type { ModelStore } from '../../engine/models/model-files.ts';
import { ancestors, flowOrder, nodesOf } from '../../flow/graph.ts';
import type { Flow, FlowNode } from '../../flow/schema.ts';
import type { Stage } from '../run/session.ts';
import type { Actor } from './bound-agent.ts';
import type { Engines, OpenEngine } from './open-engines.ts';

/** A stage whose reviewers have not been judged yet. */
export type OpenStage = Omit<Stage, 'terms'>;

/** Where agents, tools and settings come from. */
export type Machinery = {
  readonly config: Config;
  readonly profile: string;
  readonly rooms: ReadonlyMap<string, RoomEntry>;
  readonly toolFolders: readonly string[];
  readonly models?: ModelStore;
};

export type Opener = {
  /**
   * Opens the actors of the nodes that will run here: all of them, or those that are named.
   * @throws UserError when an agent, tool or setting is missing or wrong; an engine is a finding.
   */
  readonly stage: (flow: Flow, nodes?: ReadonlySet<string>) => Promise<OpenStage>;
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

/** Why a stage cannot be worked: an engine of one of its nodes cannot be used. */
export const faultOf = ({ actors }: Pick<OpenStage, 'actors'>): string | undefined =>
  [...actors.values()]
    .map((actor) => ('runtime' in actor ? actor.runtime.fault : undefined))
    .find((fault) => fault !== undefined);

/** Opens each room and each engine once, however many nodes and flows use them. */
export const createOpener = (machinery: Machinery): Opener => {
  const rooms = new Map<string, Promise<Room>>();
  const runtimes = new Map<string, Promise<BoundRuntime>>();
  // A process whose node runs code never loads them.
  let engines: Promise<Engines> | undefined;

  const entryOf = (name: string): RoomEntry => {
    const entry = machinery.rooms.get(name);
    if (!entry) throw new UserError(`there is no agent "${name}"`);
    return entry;
  };
  const room = (name: string): Promise<Room> =>
    madeOnce(rooms, name, async () => openRoom(entryOf(name)));
  const bound = (settings: Runtime, opened: ModelRoom, setting: string): Promise<BoundRuntime> =>
    madeOnce(runtimes, `${opened.folder}\n${canonicalJson(settings)}`, async () => {
      engines ??= import('./open-engines.ts').then(({ createEngines }) =>
        createEngines(machinery.models),
      );
      return (await engines).bind(settings, opened, setting);
    });

  const actor = async (flow: Flow, node: FlowNode): Promise<Actor> => {
    const opened = await room(node.agent);
    if (!isModelRoom(opened)) return { room: opened };
    const peers = nodesOf(flow, node.agent);
    const binding: Binding = {
      agent: node.agent,
      node: node.id,
      index: peers.indexOf(node),
      of: peers.length,
    };
    const settings = bindRuntime(machinery.config, machinery.profile, binding);
    const setting = settingOf(machinery.config, machinery.profile, binding);
    const { loadTools } = await import('../../tool/load.ts');
    const [runtime, tools] = await Promise.all([
      bound(settings, opened, setting),
      loadTools(opened.agent.tools, machinery.toolFolders),
    ]);
    return { room: opened, runtime, tools };
  };

  return {
    stage: async (flow, nodes) => {
      const order = flowOrder(flow);
      const agents = new Map(order.map(({ id, agent }) => [id, entryOf(agent).agent]));
      const actors = new Map<string, Actor>();
      for (const node of order) {
        if (nodes?.has(node.id) ?? true) actors.set(node.id, await actor(flow, node));
      }
      return {
        flow,
        order,
        before: new Map(order.map(({ id }) => [id, ancestors(flow.nodes, id)])),
        agents,
        actors,
        workers: [...agents.values()].filter(({ role }) => role === 'work'),
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
    },
  };
};

/**
 * A flow can only promise two yeses when it plans, works, tests, reviews twice and ends in a
 * gate. @throws UserError saying what it lacks.
 */
export const checkRoles = ({ flow, agents }: OpenStage): void => {
  const roleOf = (id: string) => agents.get(id)?.role;
  const counts = Map.groupBy(flow.nodes, ({ id }) => roleOf(id));
  const fault =
    roleOf(flow.entry) !== 'plan'
      ? `its entry "${flow.entry}" does not plan`
      : roleOf(flow.output) !== 'gate'
        ? `its output "${flow.output}" is no gate`
        : counts.get('work')?.length !== 1
          ? 'it needs exactly one working node'
          : (counts.get('test')?.length ?? 0) < 1
            ? 'it needs a test node'
            : counts.get('review')?.length !== 2
              ? 'it needs exactly two review nodes'
              : undefined;
  if (fault) throw new UserError(`the flow "${flow.name}" cannot open pull requests: ${fault}`);
};
