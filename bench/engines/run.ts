// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Outcome, outcomeOf, renderSummary } from './run/outcome.ts';

const benches = {
  makespan: 'a night of 1,000 units on a simulated engine: its makespan over the ideal',
  prefix: 'prompt tokens that a prefix cache can serve, by the order of a prompt',
  llama: 'the engine in this process: slots, constraint and prompt cache',
  envelopes: 'schema errors over many constrained answers',
  mask: 'CPU of a mask on a vocabulary of 150,000 tokens',
  vllm: 'a real vLLM through the driver over a bare loop',
  'side-by-side': "the same night's requests on every engine of this machine",
} as const;

const help = `npm run bench:engines -- [--only NAME] [--json]

Each bench in a process of its own; ratios of one run on one machine, with their goals. What needs a
server that is not installed (npm run test:engines does that) is skipped with the reason.

${Object.entries(benches)
  .map(([name, what]) => `  ${name.padEnd(14)}${what}`)
  .join('\n')}`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
if (values.only !== undefined && !Object.hasOwn(benches, values.only)) {
  console.error(`there is no bench "${values.only}"; there is: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const longestMs = 30 * 60_000;
const shown = values.json ? process.stderr : process.stdout;

const measure = async (name: string): Promise<Outcome> => {
  const script = join(import.meta.dirname, `${name}.ts`);
  if (!existsSync(script)) {
    return outcomeOf(name, 'skipped: it is not part of this version', { status: 0, seconds: 0 });
  }
  const started = performance.now();
  // What it says on the way is no result.
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: longestMs,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    shown.write(text);
  });
  const [status]: readonly (number | null)[] = await once(child, 'close');
  const seconds = (performance.now() - started) / 1000;
  return outcomeOf(name, output, { status: status ?? null, seconds });
};

const [load = 0] = loadavg();
shown.write(
  `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${load.toFixed(1)}\n`,
);
const outcomes: Outcome[] = [];
for (const [name, what] of Object.entries(benches)) {
  if (values.only !== undefined && values.only !== name) continue;
  shown.write(`\n${name}: ${what}\n`);
  outcomes.push(await measure(name));
}
shown.write(`\n${renderSummary(outcomes)}\n`);
if (values.json) console.log(JSON.stringify(outcomes));
process.exitCode = outcomes.some(({ state }) => state === 'failed') ? 1 : 0;
