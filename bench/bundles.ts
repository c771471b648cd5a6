// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundleAddress, BundleFacts, BundleFiles } from '../src/trace/bundle.ts';
import { encodeBundle } from '../src/trace/bundle-codec.ts';
import { writeBundleFolder } from '../src/trace/bundle-folder.ts';
import { openTraces } from '../src/trace/open-traces.ts';

/*
 * What writing bundles costs, in packs and as a folder per node: CPU and wall time per bundle, bytes
 * per bundle on disk, peak memory. `node bench/bundles.ts [UNITS]`; 10 units a spec, 4 nodes a unit
 * and 2 a spec, all specs under way at once, as a night's ready queue may have them.
 */

const unitsPerSpec = 10;
const units = Number(process.argv[2] ?? 1000);
const specs = Math.ceil(units / unitsPerSpec);

/** Text of about `length` characters that compresses about as prose and JSON do. */
const prose = (length: number, seed: number): string => {
  const words: string[] = [];
  for (let size = 0, state = seed + 1; size < length; ) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const word = `${(state % 1500).toString(36)}${state % 3 === 0 ? 'ation' : 'er'}`;
    words.push(word);
    size += word.length + 1;
  }
  return words.join(' ').slice(0, length);
};

/** Sizes as a documentation chore leaves them. */
const filesOf = (seed: number): BundleFiles => ({
  'input.json': JSON.stringify({ body: prose(3000, seed), spec: prose(500, 1) }),
  'prompt.txt': prose(2500, 2) + prose(3500, seed),
  'tool_calls.jsonl': `${JSON.stringify({ name: 'set_frontmatter', args: prose(1200, seed) })}\n`,
  'output.json': JSON.stringify({ status: 'ok', diff: prose(900, seed), notes: prose(200, seed) }),
  'diff.patch': prose(900, seed),
  'metrics.json': JSON.stringify({ steps: 2, prompt: 2100, completion: 180, ms: seed }),
});

const samples = Array.from({ length: 64 }, (_, seed) => filesOf(seed));

const facts: BundleFacts = {
  night: '2026-11-21-1',
  agent: 'doc.frontmatter@1.0.0',
  runtime: 'a'.repeat(64),
  inputs: [{ unit: '_spec', node: 'plan.validate', digest: 'b'.repeat(64) }],
};

const addresses = function* (): Generator<BundleAddress> {
  const names = Array.from({ length: specs }, (_, index) => `chore-${index}`);
  for (const spec of names) yield { spec, unit: '_spec', node: 'plan.validate' };
  for (let unit = 0; unit < unitsPerSpec; unit += 1) {
    for (const node of ['doc', 'test', 'reviewA', 'reviewB']) {
      for (const spec of names) yield { spec, unit: `note-${unit}-0f3a9c`, node };
    }
  }
  for (const spec of names) yield { spec, unit: '_spec', node: 'merge' };
};

const bytesIn = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesIn(path) : statSync(path).blocks * 512);
  }, 0);

const micro = (value: number, count: number): string => `${(value / count).toFixed(0)} µs`;

const measure = (title: string, work: (night: string, each: () => void) => void): void => {
  const root = mkdtempSync(join(tmpdir(), 'pantheon-bench-'));
  try {
    let count = 0;
    let peak = 0;
    const cpu = process.cpuUsage();
    const start = performance.now();
    work(root, () => {
      count += 1;
      if (count % 100 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    });
    const { user, system } = process.cpuUsage(cpu);
    const wall = (performance.now() - start) * 1000;
    const bytes = (bytesIn(root) / count / 1024).toFixed(1);
    console.log(
      `${title}: ${count} bundles, CPU ${micro(user + system, count)} each ` +
        `(${micro(user, count)} user, ${micro(system, count)} system), wall ${micro(wall, count)}, ` +
        `${bytes} KiB on disk each, ${(peak / 2 ** 20).toFixed(0)} MiB peak`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

const writePacks = (night: string, each: () => void): void => {
  const traces = openTraces(night);
  let seed = 0;
  for (const address of addresses()) {
    // As a night does it: what is there already is not done again.
    if (!traces.read(address)) {
      traces.write(address, samples[seed++ % samples.length] ?? {}, facts);
    }
    each();
  }
  for (let index = 0; index < specs; index += 1) traces.pack(`chore-${index}`);
};

const writeFolders = (night: string, each: () => void): void => {
  let seed = 0;
  for (const address of addresses()) {
    const { contents } = encodeBundle(address, samples[seed++ % samples.length] ?? {}, facts);
    const folder = join(night, address.spec, address.unit, address.node);
    writeBundleFolder(folder, contents);
    each();
  }
};

const readPacks = (night: string, each: () => void): void => {
  const traces = openTraces(night);
  for (const address of addresses()) {
    traces.write(address, samples[0] ?? {}, facts);
  }
  for (const address of addresses()) {
    traces.read(address);
    each();
  }
};

measure('packs  ', writePacks);
measure('folders', writeFolders);
measure('packs, written and read back', readPacks);
