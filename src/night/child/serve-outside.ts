// SPDX-License-Identifier: GPL-3.0-only
import { createInterface } from 'node:readline';
import type { Attestation } from '../../boundary/attest/schema.ts';
import { extendJournal } from '../../trace/journal.ts';
import { nightSchema } from '../record/night-schemas.ts';
import { type NightTask, nightTaskSchema } from '../record/night-task.ts';
import { type FromChild, faultOf, toChildSchema } from './messages.ts';
import type { Outside } from './outside.ts';
import { workHere } from './work-here.ts';

let waiting: string[] = [];

const flush = (): void => {
  const lines = waiting;
  waiting = [];
  if (lines.length > 0) process.stdout.write(lines.join(''));
};

/** Several go in one write: each wakes the other process up. */
const tell = (message: FromChild | { readonly type: 'ready'; readonly night: unknown }): void => {
  if (waiting.length === 0) setImmediate(flush);
  waiting.push(`${JSON.stringify(message)}\n`);
};

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const nextLine = async (): Promise<unknown> => {
  const { value, done } = await lines.next();
  return done ? undefined : JSON.parse(value);
};

const interrupted = new AbortController();
const go = Promise.withResolvers<void>();

const listen = async (): Promise<void> => {
  for (let line = await nextLine(); line !== undefined; line = await nextLine()) {
    if (toChildSchema.parse(line).type === 'go') go.resolve();
    else interrupted.abort(new Error('interrupted'));
  }
  // Who started it is gone.
  process.exit(1);
};

const outside: Outside = {
  say: (line) => tell({ type: 'say', line }),
  node: ({ spec, unit, node, state, reason }) =>
    tell({ type: 'node', spec, unit, node, state, ...(reason !== undefined && { reason }) }),
  ready: async (night) => {
    tell({ type: 'ready', night: nightSchema.encode(night) });
    await go.promise;
  },
  terms: (terms) => tell({ type: 'terms', terms }),
  // Of a copy, from which outside takes what it may.
  extend: extendJournal,
  record: (record) => tell({ type: 'record', record }),
  left: (spec) => tell({ type: 'left', spec }),
};

/**
 * Works the task that is given, or ends: without one it was started for its code (src/night/hand/compiled-code.ts).
 * Nothing is worked before `attesting` has ended well.
 */
export const serveOutside = async (attesting: Promise<Attestation>): Promise<void> => {
  const told = await nextLine();
  if (told === undefined) process.exit(0);
  const task = nightTaskSchema.parse(told) as NightTask;
  listen().catch(() => process.exit(1));
  try {
    const end = await workHere(task, outside, interrupted.signal, attesting);
    tell({ type: 'end', ...end });
  } catch (error) {
    if (interrupted.signal.aborted) tell({ type: 'interrupted' });
    else tell({ type: 'failed', fault: faultOf(error) });
  }
  flush();
  process.stdout.end(() => process.exit(0));
};
