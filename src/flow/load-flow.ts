// SPDX-License-Identifier: GPL-3.0-only
import { type Mistake, mistakesError } from '../data/file-mistakes.ts';
import { didYouMean } from '../data/nearest.ts';
import { parsePlaced } from '../data/read-document.ts';
import type { Source } from '../data/read-source.ts';
import { ancestors, descendants, findCycle, rootInput } from './graph.ts';
import { type Flow, type FlowNode, flowSchema } from './schema.ts';
import { parseWhen } from './when.ts';

/** What a flow is checked against beyond itself: the agents, where they are given. */
export type FlowCheckOptions = { readonly agents?: ReadonlySet<string> };

/**
 * Parses a flow and checks its graph.
 * @throws UserError with file, line and column of every mistake.
 */
export const loadFlow = (source: Source, options: FlowCheckOptions = {}): Flow => {
  const { data, placeOf } = parsePlaced(source, flowSchema);
  const misnamed = nameFaults(data, source.name);
  const faults = misnamed.length > 0 ? misnamed : faultsOf(data, options);
  if (faults.length > 0) throw mistakesError(faults, placeOf);
  return data;
};

/** Loads flows whose sources are by name; give it the names of the agents. @throws UserError as `loadFlow`. */
export const loadFlows =
  (sources: ReadonlyMap<string, Source>) =>
  (agents: ReadonlySet<string>): ReadonlyMap<string, Flow> =>
    new Map([...sources].map(([name, source]) => [name, loadFlow(source, { agents })]));

/** Specs and jobs ask for `flows/<name>.yaml`, so the two are one name. */
const nameFaults = ({ name }: Flow, file: string): readonly Mistake[] => {
  const [, stem = name] = /^flows\/([^/]+)\.yaml$/.exec(file) ?? [];
  const message = `"${name}" is not the name of its file. Write ${stem}, or rename the file`;
  return stem === name ? [] : [{ path: ['name'], message }];
};

const faultsOf = (flow: Flow, options: FlowCheckOptions): readonly Mistake[] => [
  ...idFaults(flow),
  ...endFaults(flow),
  ...flow.nodes.flatMap((node, index) => [
    ...agentFaults(node, index, options),
    ...inputFaults(flow, node, index),
    ...whenFaults(flow, node, index),
  ]),
  ...cycleFaults(flow),
  ...reachFaults(flow),
];

const idsOf = (flow: Flow): readonly string[] => flow.nodes.map(({ id }) => id);

const idFaults = (flow: Flow): readonly Mistake[] =>
  flow.nodes.flatMap(({ id }, index) => {
    const path = ['nodes', index, 'id'];
    if (id === rootInput)
      return [{ path, message: `"${rootInput}" stands for the spec. Choose another id` }];
    const first = flow.nodes.findIndex((node) => node.id.toLowerCase() === id.toLowerCase());
    return first < index
      ? [
          {
            path,
            message: `"${id}" is already the id of nodes.${first}. Choose an id that differs in more than case`,
          },
        ]
      : [];
  });

const endFaults = (flow: Flow): readonly Mistake[] =>
  (['entry', 'output'] as const).flatMap((key) =>
    idsOf(flow).includes(flow[key])
      ? []
      : [{ path: [key], message: unknown('node', flow[key], idsOf(flow)) }],
  );

const agentFaults = (
  { agent }: FlowNode,
  index: number,
  { agents }: FlowCheckOptions,
): readonly Mistake[] => {
  if (!agents || agents.has(agent)) return [];
  return [{ path: ['nodes', index, 'agent'], message: unknown('agent', agent, [...agents]) }];
};

const inputFaults = (flow: Flow, node: FlowNode, index: number): readonly Mistake[] => {
  const isEntry = node.id === flow.entry;
  if (isEntry && (node.inputs.length !== 1 || node.inputs[0] !== rootInput)) {
    return [
      {
        path: ['nodes', index, 'inputs'],
        message: `the entry takes the spec and nothing else. Write [${rootInput}]`,
      },
    ];
  }
  return node.inputs.flatMap((input, at) => {
    const path = ['nodes', index, 'inputs', at];
    if (node.inputs.indexOf(input) < at) {
      return [{ path, message: `"${input}" is a duplicate. Keep one` }];
    }
    if (input === rootInput && !isEntry) {
      return [{ path, message: `only the entry "${flow.entry}" takes "${rootInput}"` }];
    }
    if (input === rootInput || idsOf(flow).includes(input)) return [];
    return [{ path, message: unknown('node', input, idsOf(flow)) }];
  });
};

const whenFaults = (flow: Flow, node: FlowNode, index: number): readonly Mistake[] => {
  if (node.when === undefined) return [];
  const path = ['nodes', index, 'when'];
  try {
    const { node: asked } = parseWhen(node.when, idsOf(flow));
    if (ancestors(flow.nodes, node.id).has(asked)) return [];
    return [
      { path, message: `"${asked}" does not run before "${node.id}". Name a node that does` },
    ];
  } catch (error) {
    if (error instanceof SyntaxError) return [{ path, message: error.message }];
    throw error;
  }
};

const cycleFaults = (flow: Flow): readonly Mistake[] => {
  const cycle = findCycle(flow.nodes);
  const [from, to] = cycle ?? [];
  if (!cycle || from === undefined) return [];
  const index = idsOf(flow).indexOf(to ?? from);
  const at = flow.nodes[index]?.inputs.indexOf(from) ?? 0;
  return [
    {
      path: ['nodes', index, 'inputs', at],
      message: `is part of a cycle: ${cycle.join(' -> ')}. A flow only goes forward`,
    },
  ];
};

const reachFaults = (flow: Flow): readonly Mistake[] => {
  const { entry, output, nodes } = flow;
  const ids = idsOf(flow);
  if (!ids.includes(entry) || !ids.includes(output)) return [];
  const before = ancestors(nodes, output);
  const unreachable =
    output === entry || descendants(nodes, entry).has(output)
      ? []
      : [{ path: ['output'], message: `"${output}" cannot be reached from the entry "${entry}"` }];
  const astray = nodes.flatMap(({ id }, index) =>
    id === output || before.has(id)
      ? []
      : [
          {
            path: ['nodes', index, 'id'],
            message: `"${id}" leads nowhere: the output "${output}" does not need it. Use it or remove it`,
          },
        ],
  );
  return [...unreachable, ...astray];
};

const unknown = (kind: string, name: string, names: readonly string[]): string =>
  `unknown ${kind} "${name}"${didYouMean(name, names) || `. The ${kind}s are: ${names.join(', ')}`}`;
