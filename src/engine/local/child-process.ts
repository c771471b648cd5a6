// SPDX-License-Identifier: GPL-3.0-only
import { fork } from 'node:child_process';
import { printable } from '../../data/printable.ts';
import { EngineFault } from '../contract/engine.ts';

/** What a model's process says: under a request's number, or without one as it starts. */
export type Said = { readonly kind: string; readonly id?: number };

/** A process that holds a model, as its parent sees it. */
export type Child<To, From extends Said> = {
  /** What needs no answer. */
  readonly send: (message: To) => void;
  /** Sends under a new number; `reply` is what comes back under it and is no progress. */
  readonly request: (
    make: (id: number) => To,
    onProgress?: () => void,
  ) => { readonly id: number; readonly reply: Promise<From> };
  /** Sends, and waits for the next message without a number. */
  readonly phase: (message: To) => Promise<From>;
  readonly isAlive: () => boolean;
  /** Ends it at once; whatever waits for it fails. */
  readonly kill: () => void;
  readonly close: () => Promise<void>;
};

type Waiting<From> = {
  readonly settle: (message: From) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: () => void;
};

const maxErrorText = 2000;

/**
 * Starts a process of this machine for a model: a crash of native code ends it and nothing else.
 * Whatever waits for it then fails with an EngineFault; `setting` is for messages
 * (`profiles.gpu.default`), and `noise` is what native code says on standard error for no reason.
 */
export const startChild = <To extends object, From extends Said>(
  file: URL,
  setting: string,
  noise?: RegExp,
): Child<To, From> => {
  const child = fork(file, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const waiting = new Map<number, Waiting<From>>();
  const ended = Promise.withResolvers<void>();
  let opening: PromiseWithResolvers<From> | undefined;
  let fault: EngineFault | undefined;
  let errors = '';
  let lastId = 0;

  const end = (why: string): void => {
    if (fault) return;
    const lines = errors.split('\n').filter((line) => line.trim() !== '' && !noise?.test(line));
    const last = printable(lines.at(-1) ?? '');
    fault = new EngineFault(`${setting}: ${why}${last ? ` (${last})` : ''}; it is started again`);
    opening?.reject(fault);
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
    ended.resolve();
  };
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-maxErrorText);
  });
  child.on('error', (error) => end(`the model's process cannot be started: ${error.message}`));
  child.on('exit', (code, signal) =>
    end(`the model's process ended (${signal ?? `code ${code}`})`),
  );
  child.on('message', (message: From) => {
    if (message.id === undefined) {
      opening?.resolve(message);
      return;
    }
    const request = waiting.get(message.id);
    if (message.kind === 'progress') request?.onProgress();
    else {
      waiting.delete(message.id);
      request?.settle(message);
    }
  });

  const send = (message: To): void => {
    if (!fault && child.connected) child.send(message, () => {});
  };
  return {
    send,
    request: (make, onProgress = () => {}) => {
      lastId += 1;
      const id = lastId;
      const { promise, resolve, reject } = Promise.withResolvers<From>();
      if (fault) reject(fault);
      else {
        waiting.set(id, { settle: resolve, reject, onProgress });
        send(make(id));
      }
      return { id, reply: promise };
    },
    phase: async (message) => {
      if (fault) throw fault;
      opening = Promise.withResolvers();
      send(message);
      return opening.promise;
    },
    // It may take a moment to die.
    isAlive: () => fault === undefined && !child.killed,
    kill: () => void child.kill('SIGKILL'),
    close: async () => {
      child.kill('SIGKILL');
      await ended.promise;
    },
  };
};

const maxReason = 300;

/** A process's reason as part of a message: on one line, nothing that controls a terminal. */
export const reasonText = (message: Said): string =>
  'reason' in message
    ? printable(String(message.reason)).slice(0, maxReason)
    : 'an answer of another kind';
