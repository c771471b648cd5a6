// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { langgraphFolder, whyNoLanggraph } from './langgraph/install.ts';
import type { Measured } from './night/measured.ts';
import { measureNight, prepareColdStart, startBare } from './night/tree.ts';

/*
 * npm run bench [-- --baseline DIR] [UNITS...]: what a night costs beyond its engine, git and tests.
 * Ratios of one run on one machine; machines are shared, so absolute figures are only a hint. DIR is
 * another checkout with its packages: it is measured in turn with this one, and the ratio printed.
 */

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { baseline: { type: 'string' }, rounds: { type: 'string' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
const baseline = values.baseline === undefined ? undefined : resolve(values.baseline);
const sizes = positionals.length > 0 ? positionals.map(Number) : [100, 1000, 10_000];
const slots = 64;
const coldStarts = 11;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Milliseconds of CPU. */
const perNode = ({ cpuSeconds, nodes }: Pick<Measured, 'cpuSeconds' | 'nodes'>): number =>
  (cpuSeconds / nodes) * 1000;

const roundsOf = (units: number): number => Number(values.rounds ?? (units > 1000 ? 1 : 3));

/** This tree and the baseline in turn, so that both meet the machine as it is. */
const measurePairs = async (units: number) => {
  const pairs: { readonly here: Measured; readonly there: Measured | undefined }[] = [];
  for (let round = 0; round < roundsOf(units); round += 1) {
    const there = baseline === undefined ? undefined : await measureNight(baseline, units);
    pairs.push({ here: await measureNight(root, units), there });
  }
  return pairs;
};

const printRow = ({ units, nodes, seconds, ...more }: Measured, cpu: number): void => {
  const cells = [
    String(units).padStart(8),
    String(nodes).padStart(9),
    (nodes / seconds).toFixed(0).padStart(7),
    cpu.toFixed(2).padStart(6),
    ((more.spawnCpuSeconds / nodes) * 1000).toFixed(2).padStart(12),
    more.peakMegabytes.toFixed(0).padStart(7),
    String(more.pullRequests).padStart(13),
  ];
  console.log(cells.join('  '));
};

const printRatio = (title: string, ratios: readonly number[]): void => {
  if (ratios.length > 0) console.log(`${title}: ${median(ratios).toFixed(2)} (goal 1.05 at most)`);
};

/** A row for each size, then the ratios. */
const printNights = async (): Promise<void> => {
  console.log(
    'A 6-node flow (4 nodes a unit, 2 a spec, 10 units a spec), every bundle written, on',
  );
  console.log('an engine that answers at once. CPU is per node-run, without starting git.\n');
  console.log('   units  node-runs   runs/s  CPU ms  git start ms  peak MB  pull requests');
  const costs: number[] = [];
  const ratios: string[] = [];
  for (const units of sizes) {
    const pairs = await measurePairs(units);
    const cpu = median(pairs.map(({ here }) => perNode(here)));
    costs.push(cpu);
    const [{ here } = {}] = pairs;
    if (here) printRow(here, cpu);
    const both = pairs.flatMap(({ here, there }) => (there ? [{ here, there }] : []));
    if (both.length === 0) continue;
    const ratioOf = (of: (measured: Measured) => number): string =>
      median(both.map(({ here, there }) => of(here) / of(there))).toFixed(2);
    const [work, memory] = [ratioOf(perNode), ratioOf(({ peakMegabytes }) => peakMegabytes)];
    ratios.push(`${units} units over the baseline: CPU ${work}, peak memory ${memory} (goal 1.05)`);
  }
  const [first, last] = [costs[0], costs.at(-1)];
  if (first && last && costs.length > 1) {
    const growth = (last / first).toFixed(2);
    console.log(`\nCPU per node-run, the largest night over the smallest: ${growth} (goal 1.20)`);
  }
  for (const line of ratios) console.log(line);
};

/** Nodes that do nothing, in LangGraph.js and in a night of this tree, in turn. */
const printLanggraph = async (): Promise<void> => {
  const missing = await whyNoLanggraph((line) => console.log(line));
  if (missing !== undefined) {
    console.log(`\nLangGraph.js is not measured: ${missing}`);
    return;
  }
  const ratios: number[] = [];
  const theirs: number[] = [];
  const script = join(langgraphFolder, 'idle.js');
  const units = Math.min(1000, Math.max(...sizes));
  for (let round = 0; round < roundsOf(units); round += 1) {
    const { stdout } = await run(process.execPath, [script, String(units), String(slots)]);
    const graph = perNode(JSON.parse(stdout));
    const night = perNode(await measureNight(root, units));
    theirs.push(graph);
    ratios.push(night / graph);
  }
  console.log(
    `\nLangGraph.js 1.0, the same flow ${units} times, ${slots} at once, nothing on disk: ` +
      `${median(theirs).toFixed(2)} ms of CPU per node`,
  );
  console.log(`CPU per node-run over LangGraph.js: ${median(ratios).toFixed(2)} (goal 2)`);
};

const printColdStart = async (): Promise<void> => {
  const here = await prepareColdStart(root);
  const there = baseline === undefined ? undefined : await prepareColdStart(baseline);
  const bare: number[] = [];
  const starts: number[] = [];
  const ratios: number[] = [];
  for (let index = 0; index < coldStarts; index += 1) {
    bare.push(startBare());
    const start = here.milliseconds();
    starts.push(start);
    if (there) ratios.push(start / there.milliseconds());
  }
  await Promise.all([here.clean(), there?.clean()]);
  const ratio = median(starts) / median(bare);
  console.log(
    `\nCold start of one action process (pantheon node, nothing left to do), median of ${coldStarts}:`,
  );
  console.log(`${ratio.toFixed(1)} times a bare node -e 0 (goal 6)`);
  printRatio('Cold start over the baseline', ratios);
};

if (values.help) {
  console.log('npm run bench [-- [--baseline DIR] [--rounds N] [UNITS...]]');
} else {
  console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  if (baseline !== undefined) console.log(`baseline: ${baseline}`);
  console.log();
  await printNights();
  await printLanggraph();
  await printColdStart();
}
