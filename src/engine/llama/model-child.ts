// SPDX-License-Identifier: GPL-3.0-only
import { fork } from 'node:child_process';
import { printable } from '../../data/printable.ts';
import { EngineFault, type Message } from '../engine.ts';
import type { Answer, Ask, Facts, FromModel, ToModel } from './messages.ts';

/** One process that holds the model, as its parent sees it. */
export type ModelChild = {
  /** @throws EngineFault naming the setting when the model cannot be loaded. */
  readonly open: (asked: Omit<Extract<ToModel, { kind: 'open' }>, 'kind'>) => Promise<Facts>;
  readonly serve: (threads: number, slots: number) => Promise<void>;
  readonly ask: (ask: Ask, onProgress: () => void) => Asked;
  readonly loadAdapter: (path: string) => Promise<void>;
  readonly forgetAdapter: (path: string) => void;
  readonly remember: (text: string, tokens: readonly number[]) => void;
  readonly count: (messages: readonly Message[]) => Promise<number>;
  readonly isAlive: () => boolean;
  /** Ends it at once; whatever waits for it fails. */
  readonly kill: () => void;
  readonly close: () => Promise<void>;
};

export type Asked = {
  /** Settles when the process is done with it, also after `stop`. */
  readonly answer: Promise<Answer>;
  readonly stop: () => void;
};

type Waiting = {
  readonly settle: (message: FromModel) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: () => void;
};

const processFile = new URL('./model-process.ts', import.meta.url);
const maxErrorText = 2000;

/** Starts a process; `setting` is for messages (`profiles.gpu.default`). */
export const startModelChild = (setting: string): ModelChild => {
  const child = fork(processFile, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const waiting = new Map<number, Waiting>();
  const ended = Promise.withResolvers<void>();
  let opening: PromiseWithResolvers<FromModel> | undefined;
  let fault: EngineFault | undefined;
  let errors = '';
  let lastId = 0;

  const end = (why: string): void => {
    if (fault) return;
    const last = printable(errors.trim().split('\n').at(-1) ?? '');
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
  child.on('message', (message: FromModel) => {
    if (message.kind === 'opened' || message.kind === 'serving' || message.kind === 'refused') {
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

  const send = (message: ToModel): void => {
    if (!fault && child.connected) child.send(message, () => {});
  };
  const request = (
    make: (id: number) => ToModel,
    onProgress: () => void = () => {},
  ): { readonly id: number; readonly reply: Promise<FromModel> } => {
    lastId += 1;
    const id = lastId;
    const { promise, resolve, reject } = Promise.withResolvers<FromModel>();
    if (fault) reject(fault);
    else {
      waiting.set(id, { settle: resolve, reject, onProgress });
      send(make(id));
    }
    return { id, reply: promise };
  };
  const phase = async (message: ToModel): Promise<FromModel> => {
    if (fault) throw fault;
    opening = Promise.withResolvers();
    send(message);
    return opening.promise;
  };

  return {
    open: async (asked) => {
      const reply = await phase({ kind: 'open', ...asked });
      if (reply.kind === 'opened') return reply.facts;
      throw refusal(setting, asked.model, reply);
    },
    serve: async (threads, slots) => {
      const reply = await phase({ kind: 'serve', threads, slots });
      if (reply.kind !== 'serving') throw refusal(setting, '', reply);
    },
    ask: (ask, onProgress) => {
      const { id, reply } = request((number) => ({ kind: 'ask', id: number, ask }), onProgress);
      return {
        answer: reply.then((message) => {
          if (message.kind === 'answer') return message.answer;
          throw faultOf(setting, message);
        }),
        stop: () => send({ kind: 'stop', id }),
      };
    },
    loadAdapter: async (path) => {
      const message = await request((id) => ({ kind: 'adapter', id, path })).reply;
      if (message.kind !== 'loaded') throw faultOf(`${path} does not fit the model`, message);
    },
    forgetAdapter: (path) => send({ kind: 'forget', path }),
    remember: (text, tokens) => send({ kind: 'remember', text, tokens }),
    count: async (messages) => {
      const message = await request((id) => ({ kind: 'count', id, messages })).reply;
      if (message.kind === 'counted') return message.tokens;
      throw faultOf(setting, message);
    },
    isAlive: () => fault === undefined,
    kill: () => void child.kill('SIGKILL'),
    close: async () => {
      child.kill('SIGKILL');
      await ended.promise;
    },
  };
};

const maxReason = 300;

const faultOf = (about: string, message: FromModel): EngineFault => {
  const reason = 'reason' in message ? message.reason : `an answer of another kind`;
  return new EngineFault(`${about}: ${printable(reason).slice(0, maxReason)}`);
};

const refusal = (setting: string, path: string, message: FromModel): EngineFault => {
  if (message.kind !== 'refused') return faultOf(setting, message);
  const reason = printable(message.reason).slice(0, maxReason);
  if (message.about === 'package') {
    return new EngineFault(
      `${setting}.engine: node-llama-cpp does not run here: ${reason}; run "npm ci" again on this machine`,
    );
  }
  if (message.about === 'memory') {
    return new EngineFault(
      `${setting}: there is no room for the prompts: ${reason}; lower slots or contextTokens`,
    );
  }
  if (message.about === 'template') {
    return new EngineFault(
      `${setting}.template: ${path} brings no chat template, as models do that were never taught to chat; take one that was, or set this to chatml or plain`,
    );
  }
  return new EngineFault(
    `${setting}.model: ${path} cannot be used: ${reason}; give a whole GGUF file of a language model`,
  );
};
