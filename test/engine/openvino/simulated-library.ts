// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * Stands in for openvino-genai-node where its native part is not there: it takes and refuses what the
 * real one does, and its answers tell what it was called with. Words in a prompt have it misbehave.
 */

type Config = {
  readonly max_new_tokens: number;
  readonly do_sample: boolean;
  readonly rng_seed?: number;
  readonly structured_output_config?: { readonly grammar: string };
};

let calls = 0;

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean);

const tokenizer = (model: string) => {
  let template = model.includes('bare') ? '' : 'the own';
  return {
    getChatTemplate: () => template,
    setChatTemplate: (wanted: string) => {
      template = wanted;
    },
    applyChatTemplate: (
      messages: readonly { readonly role: string; readonly content: string }[],
      _: boolean,
      chatTemplate: string,
    ) => {
      if (messages.some(({ content }) => content.includes('unrenderable'))) {
        throw new Error("Check 'rendered' failed at jinja.cpp:1:\nno such role\n");
      }
      return [chatTemplate, ...messages.map(({ content }) => content)].join(' ');
    },
    encode: (texts: readonly string[]) => ({
      input_ids: {
        getShape: () => [texts.length, Math.max(...texts.map((text) => wordsOf(text).length))],
      },
    }),
    decode: () => [],
  };
};

/** Computes without blocking the process's own messages. */
const compute = async (ms: number): Promise<void> => {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const slice = performance.now() + 8;
    while (performance.now() < slice);
    await sleep(1);
  }
};

const misbehave = async (prompt: string, isStopped: () => boolean): Promise<void> => {
  if (prompt.includes('crash')) process.kill(process.pid, 'SIGSEGV');
  if (prompt.includes('hang')) await new Promise(() => setInterval(() => {}, 1000));
  if (prompt.includes('compute')) await compute(prompt.includes('for long') ? 3000 : 900);
  if (prompt.includes('full')) {
    throw new Error(
      "performInferenceThread error. Check 'x' failed at a.hpp:1:\nGot unfinished GenerationStatus\n",
    );
  }
  for (let waited = 0; prompt.includes('slow') && !isStopped() && waited < 40_000; waited += 10) {
    await sleep(10);
  }
};

export const LLMPipeline = async (
  model: string,
  device: string,
  properties: Readonly<Record<string, unknown>>,
) => {
  if (model.includes('broken')) {
    throw new Error(
      "Exception from core.cpp:84:\nCheck 'a' failed at b.cpp:1:\nIncorrect weights\n",
    );
  }
  let generating = false;
  const modelTokenizer = tokenizer(model);
  return {
    getTokenizer: () => modelTokenizer,
    generate: async (
      input: string | readonly string[],
      config: Config,
      streamer?: (piece: string) => number,
    ) => {
      if (generating) throw new Error('Another generation is already in progress');
      const prompts = typeof input === 'string' ? [input] : input;
      if (streamer && prompts.length > 1) throw new Error('streaming of a batch');
      generating = true;
      calls += 1;
      try {
        await sleep(5);
        for (const prompt of prompts) await misbehave(prompt, () => streamer?.('x') === 2);
      } finally {
        generating = false;
      }
      const { pid } = process;
      const about = { calls, pid, batch: prompts.length, device, ...properties, ...config };
      const texts = prompts.map((prompt) => JSON.stringify({ ...about, prompt }));
      return {
        texts,
        finishReasons: prompts.map((prompt) => (prompt.includes('cut') ? 2 : 1)),
        perfMetrics: {
          getTTFT: () => ({ mean: 3 }),
          rawMetrics: { batchSizes: [prompts.length, prompts.length, 1] },
        },
      };
    },
  };
};

export const addon = {
  Core: class {
    getAvailableDevices = () => ['CPU', 'GPU.0'];
    getVersions = (device: string) => ({ [device]: { buildNumber: '1.2.3-simulated' } });
  },
};
