// SPDX-License-Identifier: GPL-3.0-only
import { flowOrder, rootInput } from './graph.ts';
import type { Flow } from './schema.ts';

/** A flow as a Mermaid flowchart, nodes in their order (https://mermaid.js.org/syntax/flowchart.html). */
export const graphText = (flow: Flow): string => {
  const order = flowOrder(flow);
  const names = new Map(order.map(({ id }, index) => [id, `n${index}`]));
  const nodes = order.map(({ id, agent }) => {
    const label = agent === id ? id : `${id}<br/>${agent}`;
    return `  ${names.get(id)}["${label}"]`;
  });
  const edges = order.flatMap(({ id, inputs, when }) =>
    inputs.map((input) => {
      const from = input === rootInput ? 'spec' : names.get(input);
      const arrow = when === undefined ? '-->' : `-->|"${escaped(when)}"|`;
      return `  ${from} ${arrow} ${names.get(id)}`;
    }),
  );
  const end = `  ${names.get(flow.output)} --> pr(["pull request"])`;
  return ['flowchart LR', '  spec(["spec"])', ...nodes, ...edges, end, ''].join('\n');
};

/** Quotes end a label, and `#` begins an entity. */
const escaped = (text: string): string => text.replaceAll('#', '#35;').replaceAll('"', '#quot;');
