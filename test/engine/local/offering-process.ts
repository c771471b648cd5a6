// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import { answerCalls } from '../../../src/engine/local/answer-calls.ts';
import { type CallContext, Refusal } from '../../../src/engine/local/calls.ts';

/* A model's process without a model. */

/** What it does with a prompt, by the prompt's first word. */
const orders: Readonly<Record<string, (context: CallContext) => Promise<unknown>>> = {
  crash: async () => process.kill(process.pid, 'SIGKILL'),
  fail: () => Promise.reject(new Error('no such\u001b[31m word')),
  hang: () => new Promise(() => setInterval(() => {}, 1_000)),
  later: () => sleep(3_500),
  write: async ({ signal, onProgress }) => {
    while (!signal.aborted) {
      onProgress(() => ({ text: 'so far', tokens: 2 }));
      await sleep(20);
    }
  },
  work: async ({ signal, onProgress }) => {
    while (!signal.aborted) {
      onProgress();
      await sleep(20);
    }
  },
};

const calls = {
  open: async (name: string) => {
    if (name === 'broken') throw new Refusal('model', 'it is broken');
    return process.pid;
  },
  answer: async (prompts: readonly string[], context: CallContext) => {
    for (const prompt of prompts) await orders[prompt]?.(context);
    return prompts.map((prompt) => `${process.pid} ${prompt}`);
  },
};

export type OfferedCalls = typeof calls;
answerCalls(calls);
