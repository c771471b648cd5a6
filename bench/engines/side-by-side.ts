// SPDX-License-Identifier: GPL-3.0-only

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ModelAgent } from '../../src/agent/registry.ts';
import type { BoundRuntime } from '../../src/agent/runtime.ts';
import { shippedChores } from '../../src/chore/chores.ts';
import { createEngines } from '../../src/night/open/open-engines.ts';
import { loadTools } from '../../src/tool/load-tools.ts';
import { writeTinyModel } from '../../test/tiny-model/tiny-model.ts';
import { modelAgents } from '../model-agents.ts';
import { type NightTask, nightTasks, toolReply } from './night-requests.ts';
import { cpuSecondsOfTree } from './side-by-side/cpu-seconds.ts';
import { type SideEngine, sideEngines } from './side-by-side/sides.ts';

const help = `node bench/engines/side-by-side.ts [--tasks N] [--only ENGINE] [--json]

The same night's requests on each engine of this machine, one engine after the other: N
conversations (default 48) of two constrained answers, as many at once as the engine has slots, on a
model of 3.8 million parameters. Tokens per second, and per second of a processor, which does not
depend on what else the machine does, so that who has no GPU knows what to pick.`;

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '48' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}

type Measured = {
  readonly engine: string;
  readonly slots: number;
  readonly requests: number;
  /** Answers that ended at the limit of tokens or were refused; their tokens count all the same. */
  readonly cut: number;
  readonly tokens: number;
  readonly seconds: number;
  /** Of the engine, its server and this driver. */
  readonly cpuSeconds: number;
  readonly prompt: number;
  readonly cached: number;
};

const maxTokens = 400;
const say = (line: string): void => (values.json ? console.error(line) : console.log(line));
const folder = mkdtempSync(join(tmpdir(), 'pantheon-side-'));
const { gguf } = writeTinyModel(join(folder, 'tiny'));
mkdirSync(join(folder, 'ollama'));

/** Two answers, a tool's reply between them. */
const converse = async ({ engine }: BoundRuntime, { messages, schema, agent }: NightTask) => {
  const ask = (held: NightTask['messages']) =>
    engine.complete({
      ...{ messages: held, schema, maxTokens, temperature: 0, group: agent },
      idleTimeoutMs: 600_000,
      signal: new AbortController().signal,
    });
  const first = await ask(messages);
  const said = { role: 'assistant' as const, content: first.text };
  return [first, await ask([...messages, said, toolReply(0)])];
};

const measure = async (
  { name, start }: SideEngine,
  tasks: readonly NightTask[],
  agents: ReadonlyMap<string, ModelAgent>,
): Promise<Measured> => {
  const { runtime, stop } = await start();
  const engines = createEngines(shippedChores, undefined);
  try {
    const bound = new Map<string, BoundRuntime>();
    for (const [agent, opened] of agents)
      bound.set(
        agent,
        await engines.bind(runtime, opened, await loadTools(opened.manifest.tools), 'bench'),
      );
    const [fault] = engines.faults();
    if (fault !== undefined) throw new Error(fault);
    const one = (task: NightTask) => converse(bound.get(task.agent) as BoundRuntime, task);
    // Each agent's locked prompt has been seen before anything is timed, as in a night.
    await Promise.all(tasks.slice(0, agents.size).map(one));
    const cpu = cpuSecondsOfTree();
    const started = performance.now();
    const answers = (await Promise.all(tasks.map(one))).flat();
    const seconds = (performance.now() - started) / 1000;
    const cpuSeconds = cpuSecondsOfTree() - cpu;
    const sum = (key: 'prompt' | 'cached' | 'completion'): number =>
      answers.reduce((total, { usage }) => total + usage[key], 0);
    return {
      engine: name,
      slots: [...bound.values()][0]?.probe.slots ?? 0,
      requests: answers.length,
      cut: answers.filter(({ finish }) => finish !== 'stop').length,
      tokens: sum('completion'),
      seconds,
      cpuSeconds,
      prompt: sum('prompt'),
      cached: sum('cached'),
    };
  } finally {
    await engines.close();
    await stop();
  }
};

const row = (found: Measured): string =>
  [
    found.engine.padEnd(9),
    String(found.slots).padStart(5),
    String(found.requests).padStart(8),
    (found.tokens / found.seconds).toFixed(0).padStart(12),
    (found.tokens / found.cpuSeconds).toFixed(0).padStart(16),
    (found.prompt / found.seconds).toFixed(0).padStart(12),
    (found.cached / found.prompt).toFixed(2).padStart(13),
    (found.tokens / found.requests).toFixed(0).padStart(14),
    String(found.cut).padStart(4),
  ].join('  ');

try {
  const tasks = await nightTasks(Number(values.tasks));
  const agents = await modelAgents(
    join(import.meta.dirname, '..', '..', 'actions'),
    tasks.map(({ agent }) => agent),
  );
  say(
    `${availableParallelism()} cores, a model of 3.8 million parameters, ${tasks.length} conversations of two answers`,
  );
  say(
    'engine     slots  requests  answer tok/s  answer tok/CPU s  prompt tok/s  prompt cached  tokens/answer   cut',
  );
  const measured: Measured[] = [];
  const skipped: { readonly engine: string; readonly reason: string }[] = [];
  for (const engine of sideEngines(folder, gguf)) {
    if (values.only !== undefined && values.only !== engine.name) continue;
    if (engine.skip !== undefined) {
      skipped.push({ engine: engine.name, reason: engine.skip });
      say(`${engine.name} is skipped: ${engine.skip}`);
      continue;
    }
    const found = await measure(engine, tasks, agents);
    measured.push(found);
    say(row(found));
  }
  if (values.json) console.log(JSON.stringify({ measured, skipped }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
