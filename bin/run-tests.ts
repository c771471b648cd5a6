// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FinalResults, Parser, type Result } from 'tap-parser';

/*
 * Runs AVA with TAP and prints what a person needs: each failure in full as it happens, a sign of
 * life, and as the last line the counts. Whatever ends without a verdict counts as failed.
 */

const counts = { passed: 0, failed: 0, skipped: 0 };
const summary = () => `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;

const live = process.stdout.isTTY === true && !process.env.CI;
const clear = live ? '\r\u001B[K' : '';
const say = (line: string) => process.stdout.write(`${clear}${line}\n`);
const progress = () => {
  if (live) process.stdout.write(`${clear}${summary()}`);
};

const failures: string[] = [];
const fail = (name: string, details = '') => {
  counts.failed += 1;
  failures.push(name);
  say(`FAILED  ${name}${details && `\n${details.replace(/^/gm, '    ')}`}`);
};

/** AVA's YAML block as text, nested parts indented, without its empty fields. */
const describe = (diagnostics: unknown): string => {
  if (diagnostics === null || typeof diagnostics !== 'object') return String(diagnostics ?? '');
  return Object.entries(diagnostics)
    .filter(([key, value]) => value !== '' && !(key === 'name' && value === 'AssertionError'))
    .map(([key, value]) => {
      const text = typeof value === 'object' ? describe(value) : String(value);
      return text.includes('\n') ? `${key}\n${text.replace(/^/gm, '  ')}` : `${key}: ${text}`;
    })
    .join('\n');
};

const record = ({ ok, name, skip, todo, diag }: Result) => {
  if (skip || todo) {
    counts.skipped += 1;
    say(`skipped ${name}`);
  } else if (ok) counts.passed += 1;
  else fail(name, describe(diag));
  progress();
};

const tmpfs = 0x01021994; // statfs(2)

/**
 * A folder in memory for the thousands of small files that tests make and take away, where there is
 * room for them: on a disk, most of the time of many tests goes into its lists of free places.
 */
const folderInMemory = (): string | undefined => {
  if (process.env.TMPDIR !== undefined || process.platform !== 'linux') return undefined;
  try {
    const { type, bsize, bavail } = statfsSync('/dev/shm');
    if (type !== tmpfs || bsize * bavail < 4 * 1024 ** 3) return undefined;
    return mkdtempSync('/dev/shm/pantheon-');
  } catch {
    return undefined;
  }
};

const temporary = folderInMemory();
// Nights of tests sign with keys of their own, and not with those of whoever runs them.
const keys = mkdtempSync(join(temporary ?? tmpdir(), 'keys-'));
process.on('exit', () => rmSync(temporary ?? keys, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const root = fileURLToPath(new URL('..', import.meta.url));
const ava = fileURLToPath(new URL('../node_modules/ava/entrypoints/cli.js', import.meta.url));
const started = performance.now();
// Each file runs in a process of its own: what one has compiled, the others need not.
const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
// Tests wait for processes that they start, and AVA takes two at once wherever CI is set.
const atOnce = ['--concurrency', String(availableParallelism() + 1)];
const asked = process.argv.slice(2);
const isSet = asked.some((arg) => /^(?:-c|--concurrency|-s|--serial)\b/.test(arg));
const child = spawn(process.execPath, [ava, '--tap', ...(isSet ? [] : atOnce), ...asked], {
  cwd: root,
  env: {
    NODE_COMPILE_CACHE: compiled,
    ...process.env,
    PANTHEON_KEYS: keys,
    ...(temporary !== undefined && { TMPDIR: temporary }),
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const heartbeat = setInterval(() => {
  if (!live) say(`${Math.round((performance.now() - started) / 1000)} s: ${summary()} so far`);
}, 15_000);

const parser = new Parser();
parser.on('assert', record);
const completed = once(parser, 'complete') as Promise<[FinalResults]>;
child.stdout.pipe(parser);
const [[results], [code, signal]] = await Promise.all([
  completed,
  once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
]);
clearInterval(heartbeat);

const total = counts.passed + counts.failed + counts.skipped;
if (code !== 0 && counts.failed === 0) {
  // AVA 8.0.1's TAP reporter throws where it should report a time-out or a process.exit.
  const how = signal ?? `exit code ${code}`;
  const advice =
    'no such file, or a test ran into the time-out or left the process: run it with node_modules/.bin/ava';
  fail(`AVA ended with ${how} and named no failed test`, advice);
} else if (total === 0) fail('no tests ran');
else if (!results.ok && counts.failed === 0) {
  fail('the TAP stream is not whole', describe({ failures: results.failures }));
}

if (failures.length > 0) say(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}\n`);
say(summary());
process.exitCode = counts.failed > 0 ? 1 : 0;
