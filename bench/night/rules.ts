// SPDX-License-Identifier: GPL-3.0-only
import { openRuleBook } from '../../src/boundary/rules/rule-book.ts';
import { normaliseSpec } from '../../src/spec/schema.ts';
import { createOverlay, unrestricted } from '../../src/workspace/overlay.ts';

/*
 * node_modules/.bin/node bench/night/rules.ts: CPU of starting the rules, of judging a call and of judging a
 * patch of one file, all threads together. The goal is 0.2 ms at most for a call.
 */

const calls = 20_000;
const book = openRuleBook({ own: async () => [], runBy: ['pantheon.yaml', 'flows', 'tools'] });
const file = { title: 'Add header', scope: '**', acceptance: ['All *.ts have GPL header'] };
const asker = { agent: 'codegen.qwen8b', spec: normaliseSpec(file, 'header') };

const base = {
  repository: '',
  commit: '0'.repeat(40),
  entries: new Map(),
  read: async () => new Uint8Array(),
  close: async () => {},
};
const code = new TextEncoder().encode('export const a = "https://example.com";\n'.repeat(100));
const overlayOf = (path: string) => {
  const overlay = createOverlay(base, unrestricted);
  overlay.write(path, code);
  return overlay;
};
const empty = createOverlay(base, unrestricted);
const { verify } = book.verifier({ overlay: empty, reach: unrestricted }, asker);

const millisecondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const write = async (path: string) =>
  verify({ agent: asker.agent, tool: 'edit_file', args: { path }, touches: { writes: [path] } });
const judge = (path: string) => book.judgePatch(overlayOf(path), asker);

/** As many at once as a night has slots, then the next. */
const each = async (count: number, work: (path: string) => Promise<unknown>): Promise<void> => {
  for (let done = 0; done < count; done += 64) {
    await Promise.all(Array.from({ length: 64 }, (_, n) => work(`src/part-${done + n}/file.ts`)));
  }
};

const start = await millisecondsOf(book.check);
const first = await millisecondsOf(() => each(2000, write));
const call = (await millisecondsOf(() => each(calls, write))) / calls;
const patch = (await millisecondsOf(() => each(calls / 10, judge))) / (calls / 10);
console.log(
  `start ${start.toFixed(0)} ms and ${(first - 2000 * call).toFixed(0)} ms of warming up; a call ${call.toFixed(3)} ms (goal 0.2 at most), a patch of 4 kB ${patch.toFixed(3)} ms, of CPU`,
);
await book.close();
