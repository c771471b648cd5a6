// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { SimulatedSettings } from '../../test/simulated-engine/settings.ts';
import { startSimulatedProcess } from '../../test/simulated-engine/simulated-process.ts';
import { whyNoLanggraph } from '../langgraph/install.ts';
import { memoryFlags } from '../night/memory-flags.ts';
import { langgraphJob } from './makespan/langgraph.ts';
import { sequentialSample } from './makespan/sequential.ts';
import { type Judged, judge, type Side } from './makespan/side.ts';

const help = `node bench/engines/makespan.ts [--units N] [--slots N] [--scale S] [--only night|langgraph] [--json]

A night of N units (default 1,000) of the 6-node flow, 4 nodes a unit and 2 a spec of 10 units, on a
simulated engine in vLLM's wire form with 64 slots: every request takes 1 to 3 s times S (default 1),
drawn from its prompt. The makespan over the ideal, which is the sum of the service times drawn
divided by the slots (goal 1.05), beside the same units one request at a time and written with
LangGraph.js. The times are not scaled unless asked for: a night of 1,000 units takes two minutes.`;

const { values } = parseArgs({
  options: {
    units: { type: 'string', default: '1000' },
    slots: { type: 'string', default: '64' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const units = Number(values.units);
const slots = Number(values.slots);
const scale = Number(values.scale);
const say = (line: string): void => (values.json ? console.error(line) : console.log(line));

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'pantheon-makespan-'));
const settings: Partial<SimulatedSettings> = {
  slots,
  service: { least: scale, most: 3 * scale },
  step: 0.05 * Math.max(scale, 0.2),
};

/** Runs `work` on a server of its own, so that each side finds it cold. */
const onServer = async <T>(
  name: string,
  work: (socket: string) => Promise<T>,
): Promise<readonly [T, Awaited<ReturnType<typeof server.services>>]> => {
  const socket = join(folder, `${name}.sock`);
  const { answer: _, ...plain } = settings;
  const answers = join(import.meta.dirname, 'makespan', 'answers.ts');
  const server = await startSimulatedProcess(socket, { ...plain, answers });
  try {
    return [await work(socket), await server.services()];
  } finally {
    await server.stop();
  }
};

const sideOf = async (args: readonly string[]): Promise<Side> => {
  const { stdout } = await run(process.execPath, [...args], { maxBuffer: 1e8 });
  return JSON.parse(stdout);
};

const row = (name: string, side: Judged): string =>
  [
    name.padEnd(14),
    side.makespan.toFixed(1).padStart(10),
    side.ideal.toFixed(1).padStart(9),
    side.overIdeal.toFixed(3).padStart(10),
    ((side.cpuSeconds / side.nodes) * 1000).toFixed(2).padStart(16),
    side.cpuWaitSeconds.toFixed(1).padStart(11),
    side.peakMegabytes.toFixed(0).padStart(8),
    `  ${side.occupancy.map((taken) => taken.toFixed(0)).join(' ')}`,
  ].join(' ');

try {
  say(
    `${availableParallelism()} cores; ${units} units on a simulated engine, ${slots} slots, ${scale} to ${3 * scale} s a request`,
  );
  say(
    '               makespan s  ideal s  over ideal  CPU ms/node-run  CPU wait s  peak MB  slots taken, by tenths',
  );
  const found: Record<string, Judged> = {};
  if (values.only !== 'langgraph') {
    const script = join(import.meta.dirname, 'makespan', 'night.ts');
    const [side, services] = await onServer('night', (socket) =>
      sideOf([...memoryFlags, script, socket, String(units), String(slots)]),
    );
    found.night = judge(side, services, slots);
    say(row('night', found.night));
  }
  let skipped: string | undefined;
  if (values.only !== 'night') {
    skipped = await whyNoLanggraph(say);
    if (skipped === undefined) {
      const [side, services] = await onServer('langgraph', async (socket) => {
        const { script, job } = await langgraphJob(socket, units, slots);
        const file = join(folder, 'job.json');
        await writeFile(file, JSON.stringify(job));
        return sideOf([script, file]);
      });
      found.langgraph = judge(side, services, slots);
      say(row('LangGraph.js', found.langgraph));
    } else {
      say(`LangGraph.js is skipped: ${skipped}`);
    }
  }
  const whole = found.night ?? found.langgraph;
  const [sample] = await onServer('sequential', (socket) => sequentialSample(socket));
  const sequential = (whole?.work ?? 0) * sample.overDrawn;
  say(
    `one request at a time: ${sequential.toFixed(0)} s, worked out from the service times drawn; a sample of ${sample.requests} took ${sample.overDrawn.toFixed(3)} of what was drawn for it`,
  );
  if (found.night) {
    say(
      `night: makespan over ideal ${found.night.overIdeal.toFixed(3)} (goal 1.05 or less), ${(sequential / found.night.makespan).toFixed(1)} times as fast as one request at a time (${slots} slots)`,
    );
  }
  if (values.json) {
    const goal = { overIdeal: 1.05 };
    const { night, langgraph } = found;
    console.log(
      JSON.stringify({ units, slots, scale, goal, night, langgraph, skipped, sequential, sample }),
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
