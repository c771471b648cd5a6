// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { Pool } from 'undici';
import { bodyOf } from '../../src/engine/vllm/request.ts';
import { secondsWaited } from '../engines/makespan/seconds-waited.ts';

/*
 * The 6-node flow of the benches' night as one would write it with LangGraph.js: a graph that every
 * note goes through, as many notes at once as the engine has slots. Nothing is written to disk, and
 * an answer is not checked. `node flow.js JOB`, a JSON file; see bench/engines/makespan/langgraph.ts.
 */

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const pool = new Pool('http://localhost', {
  socketPath: job.socket,
  connections: 1024,
  headersTimeout: 0,
  bodyTimeout: 0,
});
let nodes = 0;

/** One constrained answer; the least that reads its stream. */
const complete = async ({ schema }, messages, more = {}) => {
  const body = bodyOf({
    ...{ name: job.model, messages, schema, maxTokens: 2048, temperature: 0 },
    ...more,
  });
  const answer = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  let open = '';
  let text = '';
  for await (const chunk of answer.body.setEncoding('utf8')) {
    const events = (open + chunk).split('\n\n');
    open = events.pop();
    for (const event of events) {
      if (event === 'data: [DONE]') continue;
      text += JSON.parse(event.slice('data: '.length)).choices[0]?.delta?.content ?? '';
    }
  }
  if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}: ${open}`);
  return JSON.parse(text);
};

const conversation = ({ system }, content) => [
  { role: 'system', content: system },
  { role: 'user', content },
];

const counted = (run) => async (state) => {
  const change = await run(state);
  nodes += 1;
  return change;
};

const work = async ({ path, body }) => {
  const messages = conversation(job.work, `input: ${JSON.stringify({ path, body })}`);
  const call = await complete(job.work, messages);
  const { content } = call.args;
  const told = [
    { role: 'assistant', content: JSON.stringify(call) },
    { role: 'user', content: JSON.stringify({ tool: 'write_file', result: { written: path } }) },
  ];
  await complete(job.work, [...messages, ...told]);
  return { patched: content };
};

const review =
  (seed) =>
  async ({ path, patched }) => {
    const messages = conversation(job.review, `input: ${JSON.stringify({ seed, path, patched })}`);
    const { output } = await complete(job.review, messages, { seed, temperature: 0.7 });
    return { verdicts: [output.result.verdict] };
  };

const State = Annotation.Root({
  path: Annotation(),
  body: Annotation(),
  patched: Annotation(),
  verdicts: Annotation({ reducer: (known, more) => [...known, ...more], default: () => [] }),
  merged: Annotation(),
});

const flow = new StateGraph(State)
  .addNode(
    'plan',
    counted(async () => ({})),
  )
  .addNode('work', counted(work))
  .addNode(
    'test',
    counted(async () => ({})),
  )
  .addNode('reviewA', counted(review(1)))
  .addNode('reviewB', counted(review(2)))
  .addNode(
    'merge',
    counted(async ({ verdicts }) => ({
      merged: verdicts.length === 2 && verdicts.every((verdict) => verdict === 'approve'),
    })),
  )
  .addEdge(START, 'plan')
  .addEdge('plan', 'work')
  .addEdge('work', 'test')
  .addEdge('test', 'reviewA')
  .addEdge('test', 'reviewB')
  .addEdge(['reviewA', 'reviewB'], 'merge')
  .addEdge('merge', END)
  .compile();

const begun = Date.now();
const cpu = process.cpuUsage();
const waited = secondsWaited();
const ends = await flow.batch(job.notes, { maxConcurrency: job.slots });
const ended = Date.now();
const { user, system } = process.cpuUsage(cpu);
if (!ends.every(({ merged }) => merged === true)) throw new Error('not every note was merged');
await pool.close();
console.log(
  JSON.stringify({
    ...{ begun, ended, nodes },
    cpuSeconds: (user + system) / 1e6,
    cpuWaitSeconds: secondsWaited() - waited,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
