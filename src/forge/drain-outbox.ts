// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import { ForgeFault } from './forge-fault.ts';
import { describeIntent, type ForgeIntent } from './intent.ts';
import { dropIntent, lockOutbox, type QueuedIntent, readOutbox, refuseIntent } from './outbox.ts';

/** What became of an outbox that was sent. */
export type DrainResult = {
  /** Ids of what is done. */
  readonly sent: ReadonlySet<string>;
  /** Why something will never be done, by id. */
  readonly refused: ReadonlyMap<string, string>;
  /** Why something still waits, by id. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Whether the forge was out of reach, and so is for whatever else is to be sent. */
  readonly stopped: boolean;
};

export type DrainOptions = {
  readonly folder: string;
  /** Idempotent: it asks the forge first whether it was done before. @throws ForgeFault. */
  readonly send: (waiting: QueuedIntent) => Promise<void>;
  readonly say: (line: string) => void;
  /** Why a kind of thing is not tried any more: the token may not do it. Added to. */
  readonly denied?: Map<ForgeIntent['kind'], string> | undefined;
  readonly pauseMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** How many attempts one thing gets before the forge counts as out of reach. */
const mostAttempts = 3;

/**
 * Sends what waits, in order. Where the forge is out of reach, that and all after it goes on waiting;
 * where the token may not do it, all of its kind does: the intake's token comments, and opens nothing.
 */
export const drainOutbox = async (options: DrainOptions): Promise<DrainResult> => {
  const { folder } = options;
  const before = await readOutbox(folder);
  if (before.length === 0) return allWait([], '');
  const lock = await lockOutbox(folder);
  if ('busy' in lock) return allWait(before, lock.busy);
  try {
    return await drainLocked(options);
  } finally {
    lock.release();
  }
};

const allWait = (all: readonly QueuedIntent[], reason: string): DrainResult => ({
  sent: new Set(),
  refused: new Map(),
  waiting: new Map(all.map(({ id }) => [id, reason])),
  stopped: false,
});

const drainLocked = async (options: DrainOptions): Promise<DrainResult> => {
  const { folder, say, denied = new Map<ForgeIntent['kind'], string>() } = options;
  const sent = new Set<string>();
  const refused = new Map<string, string>();
  const waiting = new Map<string, string>();
  let stopped: string | undefined;
  for (const one of await readOutbox(folder)) {
    const { kind } = one.intent;
    const hopeless = stopped ?? denied.get(kind);
    if (hopeless !== undefined) {
      waiting.set(one.id, hopeless);
      continue;
    }
    const fault = await sendWithTries(options, one);
    if (!fault) {
      await dropIntent(folder, one.id);
      sent.add(one.id);
    } else if (fault.kind === 'refused') {
      await refuseIntent(folder, one.id, fault.message);
      refused.set(one.id, fault.message);
      say(`The ${describeIntent(one.intent)} was refused: ${fault.message}`);
    } else {
      waiting.set(one.id, fault.message);
      if (fault.kind === 'denied') denied.set(kind, fault.message);
      else if (fault.kind !== 'blocked') stopped = fault.message;
    }
  }
  return { sent, refused, waiting, stopped: stopped !== undefined };
};

const sendWithTries = async (
  { send, pauseMs = 2000, signal }: DrainOptions,
  one: QueuedIntent,
): Promise<ForgeFault | undefined> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await send(one);
      return undefined;
    } catch (error) {
      if (!(error instanceof ForgeFault)) throw error;
      if (error.kind !== 'unreachable' || attempt === mostAttempts) return error;
    }
    await sleep(pauseMs * attempt, undefined, { ...(signal && { signal }) });
  }
};
