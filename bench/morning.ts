// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { unitBundles, writeNightFolder } from '../test/morning/page/sample-night.ts';
import { redBinSummary, specSummary } from '../test/morning/summaries.ts';

/*
 * `npm run bench:morning`: the page of a night of 1,000 specs and of one ten times as large, six bundles a
 * spec, written by `pantheon report` in a process of its own: seconds, CPU, peak memory, bytes a spec, and
 * the first paint in Chromium where that is installed. `-- COUNT COUNT` takes other sizes.
 */

const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

type Measured = {
  readonly specs: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly bytes: number;
  readonly paint: number | undefined;
};

/** Six bundles, no two of them alike. */
const bundlesOf = (index: number) => {
  const line = `Line ${index} of ${(index * 2654435761) % 4294967296}.`;
  const prompt = { 'prompt.txt': `system: keep notes tidy\n${`${line} `.repeat(60)}` };
  const bundles = unitBundles('u', line);
  return {
    '_spec/plan.validate': prompt,
    ...bundles,
    'u/doc': { ...bundles['u/doc'], ...prompt },
    '_spec/merge': { 'output.json': JSON.stringify({ status: 'ok', notes: line }) },
  };
};

const measure = async (count: number): Promise<Measured> => {
  const traces = mkdtempSync(join(tmpdir(), 'pantheon-bench-'));
  try {
    const folder = join(traces, '2026-11-21');
    mkdirSync(folder);
    writeNightFolder(
      folder,
      Array.from({ length: count }, (_, index) => {
        const summary = index % 5 === 0 ? redBinSummary : specSummary;
        return [summary(`spec-${index}`), bundlesOf(index)] as const;
      }),
    );
    const page = join(folder, 'report.html');
    const script = `
      process.argv.push('report', '--traces', ${JSON.stringify(traces)});
      process.on('exit', () => {
        const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
        console.error(JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1024]));
      });
      await import(${JSON.stringify(pathToFileURL(program).href)});`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    const [cpu, megabytes] = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as [number, number];
    return { specs: count, cpu, megabytes, bytes: statSync(page).size, paint: await paintOf(page) };
  } finally {
    rmSync(traces, { recursive: true, force: true });
  }
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
console.log('| specs | CPU [s] | peak memory [MB] | page [MB] | bytes a spec | first paint [ms] |');
console.log('| --- | --- | --- | --- | --- | --- |');
let before: Measured | undefined;
for (const count of counts) {
  const measured = await measure(count);
  const { specs, cpu, megabytes, bytes, paint } = measured;
  console.log(
    `| ${specs} | ${cpu.toFixed(1)} | ${megabytes.toFixed(0)} | ${(bytes / 1e6).toFixed(2)} | ${(bytes / specs).toFixed(0)} | ${paint?.toFixed(0) ?? 'no Chromium'} |`,
  );
  if (before) {
    const growth = cpu / before.cpu / (specs / before.specs);
    console.log(
      `CPU a spec at ${specs} over that at ${before.specs}: ${growth.toFixed(2)} (goal 1.2)`,
    );
  }
  before = measured;
}
