// SPDX-License-Identifier: GPL-3.0-only
import type { Flow, FlowNode } from './schema.ts';

/** What the entry takes instead of another node's output: the spec. */
export const rootInput = 'root';

/** What the pure functions here need of a node. */
export type GraphNode = Pick<FlowNode, 'id' | 'inputs'>;

/** One cycle in the direction the data flows, its first node again at the end; `undefined` where there is none. */
export const findCycle = (nodes: readonly GraphNode[]): readonly string[] | undefined => {
  const inputs = inputsById(nodes);
  const done = new Set<string>();
  const search = (id: string, trail: readonly string[]): readonly string[] | undefined => {
    const at = trail.indexOf(id);
    if (at >= 0) return [...trail.slice(at), id].reverse();
    if (done.has(id)) return undefined;
    for (const input of inputs.get(id) ?? []) {
      const cycle = search(input, [...trail, id]);
      if (cycle) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const { id } of nodes) {
    const cycle = search(id, []);
    if (cycle) return cycle;
  }
  return undefined;
};

/** Everything that must have run before a node, without the node itself. */
export const ancestors = (nodes: readonly GraphNode[], id: string): ReadonlySet<string> =>
  closure(inputsById(nodes), id);

const inputsById = (nodes: readonly GraphNode[]): ReadonlyMap<string, readonly string[]> =>
  new Map(nodes.map(({ id, inputs }) => [id, inputs.filter((input) => input !== rootInput)]));

/** Everything that needs a node's output, directly or not, without the node itself. */
export const descendants = (nodes: readonly GraphNode[], id: string): ReadonlySet<string> => {
  const users = new Map<string, string[]>();
  for (const node of nodes) {
    for (const input of node.inputs) users.set(input, [...(users.get(input) ?? []), node.id]);
  }
  return closure(users, id);
};

const closure = (
  next: ReadonlyMap<string, readonly string[]>,
  start: string,
): ReadonlySet<string> => {
  const reached = new Set<string>();
  const waiting = [...(next.get(start) ?? [])];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(next.get(id) ?? []));
  }
  return reached;
};

/**
 * The nodes so that each stands after its inputs; those that could swap keep the order of the file.
 * @throws Error on a cycle, which a loaded flow has not.
 */
export const flowOrder = (flow: Pick<Flow, 'nodes'>): readonly FlowNode[] => {
  const placed = new Set<string>([rootInput]);
  const order: FlowNode[] = [];
  while (order.length < flow.nodes.length) {
    const ready = flow.nodes.find(
      ({ id, inputs }) => !placed.has(id) && inputs.every((input) => placed.has(input)),
    );
    if (!ready) throw new Error('the flow has a cycle or an unknown input');
    placed.add(ready.id);
    order.push(ready);
  }
  return order;
};
