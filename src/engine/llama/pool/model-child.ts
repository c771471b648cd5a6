// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault, type Message } from '../../contract/engine.ts';
import { reasonText, startChild } from '../../local/child-process.ts';
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

const processFile = new URL('./model-process.ts', import.meta.url);

/** Starts a process; `setting` is for messages (`profiles.gpu.default`). */
export const startModelChild = (setting: string): ModelChild => {
  const child = startChild<ToModel, FromModel>(processFile, setting);
  return {
    open: async (asked) => {
      const reply = await child.phase({ kind: 'open', ...asked });
      if (reply.kind === 'opened') return reply.facts;
      throw refusal(setting, asked.model, reply);
    },
    serve: async (threads, slots) => {
      const reply = await child.phase({ kind: 'serve', threads, slots });
      if (reply.kind !== 'serving') throw refusal(setting, '', reply);
    },
    ask: (ask, onProgress) => {
      const { id, reply } = child.request(
        (number) => ({ kind: 'ask', id: number, ask }),
        onProgress,
      );
      return {
        answer: reply.then((message) => {
          if (message.kind === 'answer') return message.answer;
          throw faultOf(setting, message);
        }),
        stop: () => child.send({ kind: 'stop', id }),
      };
    },
    loadAdapter: async (path) => {
      const message = await child.request((id) => ({ kind: 'adapter', id, path })).reply;
      if (message.kind !== 'loaded') throw faultOf(`${path} does not fit the model`, message);
    },
    forgetAdapter: (path) => child.send({ kind: 'forget', path }),
    remember: (text, tokens) => child.send({ kind: 'remember', text, tokens }),
    count: async (messages) => {
      const message = await child.request((id) => ({ kind: 'count', id, messages })).reply;
      if (message.kind === 'counted') return message.tokens;
      throw faultOf(setting, message);
    },
    isAlive: child.isAlive,
    kill: child.kill,
    close: child.close,
  };
};

const faultOf = (about: string, message: FromModel): EngineFault =>
  new EngineFault(`${about}: ${reasonText(message)}`);

const refusal = (setting: string, path: string, message: FromModel): EngineFault => {
  if (message.kind !== 'refused') return faultOf(setting, message);
  const reason = reasonText(message);
  if (message.about === 'package') {
    return new EngineFault(
      `${setting}.engine: node-llama-cpp does not run here: ${reason}; run "npm ci" again on this machine`,
    );
  }
  if (message.about === 'memory') {
    return new EngineFault(
      `${setting}.contextTokens: there is no room for the prompts: ${reason}; lower it, or slots`,
    );
  }
  if (message.about === 'weights') {
    return new EngineFault(
      `${setting}.model: ${path} is too large: ${reason}; take a smaller model, or one with fewer bits for a weight`,
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
