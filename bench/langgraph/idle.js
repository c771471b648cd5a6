// SPDX-License-Identifier: GPL-3.0-only
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';

/*
 * The benches' 6-node flow written with LangGraph.js, of nodes that do nothing: no checkpointer,
 * nothing on disk. `node idle.js RUNS AT_ONCE` prints what it cost as JSON; bench/night.ts starts it.
 */

const [runs, atOnce] = process.argv.slice(2).map(Number);
let nodes = 0;
const idle = async () => {
  nodes += 1;
  return {};
};

const flow = new StateGraph(Annotation.Root({ path: Annotation() }))
  .addNode('plan', idle)
  .addNode('work', idle)
  .addNode('test', idle)
  .addNode('reviewA', idle)
  .addNode('reviewB', idle)
  .addNode('merge', idle)
  .addEdge(START, 'plan')
  .addEdge('plan', 'work')
  .addEdge('work', 'test')
  .addEdge('test', 'reviewA')
  .addEdge('test', 'reviewB')
  .addEdge(['reviewA', 'reviewB'], 'merge')
  .addEdge('merge', END)
  .compile();

const notes = Array.from({ length: runs }, (_, index) => ({ path: `notes/note-${index}.md` }));
const cpu = process.cpuUsage();
await flow.batch(notes, { maxConcurrency: atOnce });
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    nodes,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
