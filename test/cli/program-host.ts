// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ended, Start } from './with-cli.ts';

/*
 * Runs the program for one command line after another, in a process that has loaded it once: each
 * gets its folder, environment and arguments, and its output and exit code are kept. It has ended
 * when nothing of it would keep a process of its own alive.
 */

const main = new URL('../../src/cli/main.ts', import.meta.url).href;

class Exit extends Error {}

// Whatever a run has left open, this process goes with the one that asks it.
process.on('disconnect', process.exit.bind(process, 0));

process.exit = ((code) => {
  process.exitCode = code ?? process.exitCode ?? 0;
  throw new Exit();
}) as typeof process.exit;

/** Keeps what is written to a stream, which has no person behind it. */
const record = (stream: NodeJS.WriteStream): { text: string } => {
  const written = { text: '' };
  stream.write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    written.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const done = more.at(-1);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  return written;
};

const active = (): string => String(process.getActiveResourcesInfo());

/** What still keeps this process alive beyond what did before, once there was time to end. */
const left = async (before: string): Promise<string> => {
  for (let tries = 0; tries < 1000 && active() !== before; tries += 1) {
    await sleep(tries === 0 ? 0 : 10, undefined, { ref: false });
  }
  return active() === before ? '' : active();
};

let runs = 0;

const run = async ([args, folder, environment]: Start): Promise<Ended> => {
  process.chdir(folder);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  process.argv.splice(2, process.argv.length, ...args);
  process.exitCode = 0;
  const [stdout, stderr] = [record(process.stdout), record(process.stderr)];
  const before = active();
  runs += 1;
  try {
    await import(`${main}?run=${runs}`);
  } catch (error) {
    if (!(error instanceof Exit)) {
      process.exitCode = 1;
      stderr.text += error instanceof Error ? error.stack : String(error);
    }
  }
  const open = await left(before);
  if (open !== '') throw new Error(`pantheon ${args.join(' ')} does not end: ${open}`);
  return { code: Number(process.exitCode), stdout: stdout.text, stderr: stderr.text };
};

process.on('message', (start: Start) => {
  run(start).then(
    (ended) => process.send?.({ ended }),
    ({ message }: Error) => process.send?.({ message }),
  );
});
