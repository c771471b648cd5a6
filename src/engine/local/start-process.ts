// SPDX-License-Identifier: GPL-3.0-only
import { fork } from 'node:child_process';
import { printable } from '../../data/printable.ts';
import { EngineFault, type WrittenSoFar } from '../contract/engine.ts';
import type { Calls, FromProcess, InputOf, OutputOf, ToProcess } from './calls.ts';

export type Call<Output> = {
  /** Settles when the process is done with it, also after `stop`; rejects with an EngineFault. */
  readonly done: Promise<Output>;
  readonly stop: () => void;
};

/** A process that has loaded a model, or is to, as its parent sees it. */
export type ModelProcess<Offered extends Calls> = {
  readonly call: <Name extends keyof Offered & string>(
    name: Name,
    input: InputOf<Offered, Name>,
    onProgress?: OnProgress,
  ) => Call<OutputOf<Offered, Name>>;
  readonly isAlive: () => boolean;
  /** Ends it at once; whatever waits for it fails, with `why` it was ended. */
  readonly kill: (why: string) => void;
  readonly close: () => Promise<void>;
};

type OnProgress = (written?: WrittenSoFar) => void;

type PendingCall = {
  readonly settle: PromiseWithResolvers<unknown>;
  readonly onProgress: OnProgress;
};

const maxErrorText = 2000;
const maxReason = 400;

/** Starts a process of this machine for a model: a crash of native code ends it and nothing else. */
export const startProcess = <Offered extends Calls>(options: {
  readonly file: URL;
  /** For messages: `profiles.gpu.default`. */
  readonly setting: string;
  /** What follows the setting in the message of a refusal. */
  readonly explain: (about: string, reason: string) => string;
  /** What native code says on standard error for no reason. */
  readonly noise?: RegExp;
}): ModelProcess<Offered> => {
  const { file, setting, explain, noise } = options;
  const child = fork(file, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const pending = new Map<number, PendingCall>();
  const ended = Promise.withResolvers<void>();
  let fault: EngineFault | undefined;
  let errors = '';
  let killed: string | undefined;
  let lastId = 0;

  const end = (why: string): void => {
    if (fault) return;
    const lines = errors.split('\n').filter((line) => line.trim() !== '' && !noise?.test(line));
    const last = printable(lines.at(-1) ?? '');
    fault = new EngineFault(`${setting}: ${why}${last ? ` (${last})` : ''}; it is started again`);
    for (const { settle } of pending.values()) settle.reject(fault);
    pending.clear();
    ended.resolve();
  };
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-maxErrorText);
  });
  child.on('error', (error) => end(`the model's process cannot be started: ${error.message}`));
  child.on('exit', (code, signal) =>
    end(
      killed === undefined
        ? `the model's process ended (${signal ?? `code ${code}`})`
        : `Pantheon ended the model's process: ${killed}`,
    ),
  );
  child.on('message', (message: FromProcess) => {
    const call = pending.get(message.id);
    if (message.kind === 'progress') {
      call?.onProgress(message.written);
      return;
    }
    pending.delete(message.id);
    if (message.kind === 'done') {
      call?.settle.resolve(message.output);
      return;
    }
    const { about } = message;
    const reason = printable(message.reason).slice(0, maxReason);
    const said = about === undefined ? `: ${reason}` : explain(about, reason);
    call?.settle.reject(new EngineFault(`${setting}${said}`));
  });

  const send = (message: ToProcess): void => {
    if (!fault && child.connected) child.send(message, () => {});
  };
  return {
    call: (name, input, onProgress = () => {}) => {
      lastId += 1;
      const id = lastId;
      const settle = Promise.withResolvers<unknown>();
      // Of some calls nobody waits for the end.
      settle.promise.catch(() => {});
      if (fault) settle.reject(fault);
      else {
        pending.set(id, { settle, onProgress });
        send({ kind: 'call', id, name, input });
      }
      return {
        done: settle.promise as Promise<never>,
        stop: () => send({ kind: 'stop', id }),
      };
    },
    // It may take a moment to die.
    isAlive: () => fault === undefined && !child.killed,
    kill: (why) => {
      killed ??= why;
      child.kill('SIGKILL');
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended.promise;
    },
  };
};
