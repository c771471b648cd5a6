// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openedSpec, wrote } from '../test/learn/mine/sample-nights.ts';
import { writeNightFolder } from '../test/morning/page/sample-night.ts';
import { redBinSummary } from '../test/morning/summaries.ts';

/*
 * `npm run bench:morning`: a night of 1,000 specs and one ten times as large, six bundles a spec: its page by
 * `pantheon report` and its rows by `pantheon mine`, each as a person starts it: CPU and peak memory, bytes of the
 * page a spec, and the first paint in Chromium where that is installed. `-- COUNT COUNT` takes other sizes.
 */

const program = fileURLToPath(new URL('../bin/pantheon', import.meta.url));

/** Of a process of its own, as a person starts it. */
type Cost = { readonly cpu: number; readonly megabytes: number };

type Measured = {
  readonly specs: number;
  readonly report: Cost;
  readonly mine: Cost;
  readonly bytes: number;
  readonly paint: number | undefined;
};

/** Six bundles, no two of them alike; one spec in five ended red. */
const specOf = (index: number): SpecBundles => {
  const line = `Line ${index} of ${(index * 2654435761) % 4294967296}.`;
  const unit = {
    path: `n${index}.md`,
    steps: [wrote(`${line} `.repeat(60))],
    acceptance: [tidy(index)],
  };
  const [spec, bundles] = openedSpec(
    `spec-${index}`,
    { [`u${index}`]: unit },
    {
      '_spec/plan.validate': { 'prompt.txt': `system: keep notes tidy\n${line}` },
      '_spec/merge': { 'output.json': JSON.stringify({ status: 'ok', notes: line }) },
    },
  );
  return [index % 5 === 0 ? redBinSummary(spec.id) : spec, bundles];
};

/** A night's specs share their sentences; a sentence that was read is known. */
const tidy = (index: number): string => `The notes of box ${index % 100} are tidy`;

type SpecBundles = Parameters<typeof writeNightFolder>[1][number];

const measure = async (count: number): Promise<Measured> => {
  const traces = mkdtempSync(join(tmpdir(), 'pantheon-bench-'));
  try {
    const folder = join(traces, '2026-11-21');
    mkdirSync(folder);
    writeNightFolder(
      folder,
      Array.from({ length: count }, (_, index) => specOf(index)),
    );
    const page = join(folder, 'report.html');
    const report = costOf(['report', '--traces', traces]);
    const mine = costOf(['mine', '--traces', traces, '--out', join(traces, 'rows')]);
    const { size } = statSync(page);
    return { specs: count, report, mine, bytes: size, paint: await paintOf(page) };
  } finally {
    rmSync(traces, { recursive: true, force: true });
  }
};

/** What the process told when it ended. */
const exitHook = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.error(JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1024]));
});`;

const costOf = (args: readonly string[]): Cost => {
  const { stderr, status } = spawnSync(program, args, {
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(exitHook)}`,
    },
  });
  if (status !== 0) throw new Error(`pantheon ${args[0]} ended with ${status}: ${stderr}`);
  const [cpu, megabytes] = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as [number, number];
  return { cpu, megabytes };
};

/** Milliseconds to the first contentful paint, the best of three. */
const paintOf = async (page: string): Promise<number | undefined> => {
  const chromium = spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim();
  if (chromium === '') return undefined;
  const { chromium: driver } = await import('playwright-core');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await driver.launch({ executablePath: chromium, args });
  const times: number[] = [];
  for (let opening = 0; opening < 3; opening += 1) {
    const tab = await browser.newPage();
    await tab.goto(pathToFileURL(page).href);
    await tab.waitForSelector('pantheon-report[ready]', { state: 'attached' });
    times.push(
      await tab.evaluate<number>(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()",
      ),
    );
    await tab.close();
  }
  await browser.close();
  return Math.min(...times);
};

const { positionals } = parseArgs({ allowPositionals: true });
const counts = positionals.length > 0 ? positionals.map(Number) : [1000, 10_000];
const version = execFileSync(process.execPath, ['--version'], { encoding: 'utf8' }).trim();
console.log(`Node ${version}, six bundles a spec, best of three paints`);
console.log(
  '| specs | report: CPU [s], peak memory [MB] | mine: CPU [s], peak memory [MB] | page [MB] | bytes a spec | first paint [ms] |',
);
console.log('| --- | --- | --- | --- | --- | --- |');
const shown = ({ cpu, megabytes }: Cost): string => `${cpu.toFixed(1)}, ${megabytes.toFixed(0)}`;
let before: Measured | undefined;
for (const count of counts) {
  const measured = await measure(count);
  const { specs, report, mine, bytes, paint } = measured;
  console.log(
    `| ${specs} | ${shown(report)} | ${shown(mine)} | ${(bytes / 1e6).toFixed(2)} | ${(bytes / specs).toFixed(0)} | ${paint?.toFixed(0) ?? 'no Chromium'} |`,
  );
  if (before) {
    for (const name of ['report', 'mine'] as const) {
      const growth = measured[name].cpu / before[name].cpu / (specs / before.specs);
      console.log(
        `${name}: CPU a spec at ${specs} over that at ${before.specs}: ${growth.toFixed(2)} (goal 1.2)`,
      );
    }
  }
  before = measured;
}
