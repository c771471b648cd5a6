// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault, type Message } from '../contract/engine.ts';
import { reasonText, startChild } from '../local/child-process.ts';
import { installLine, rebuildLine } from './install.ts';
import type { Answer, Batch, Facts, FromPipeline, ToPipeline } from './messages.ts';

type Open = Omit<Extract<ToPipeline, { kind: 'open' }>, 'kind'>;

/** One process that holds the model, as its parent sees it. */
export type PipelineChild = {
  /** @throws EngineFault naming the setting when the model cannot be loaded. */
  readonly open: (asked: Open) => Promise<Facts>;
  readonly ask: (batch: Batch, onProgress: () => void) => Asked;
  readonly count: (messages: readonly Message[], prefill: string) => Promise<number>;
  readonly isAlive: () => boolean;
  /** Ends it at once; whatever waits for it fails. */
  readonly kill: () => void;
  readonly close: () => Promise<void>;
};

export type Asked = {
  /** Settles when the process is done with it, also after `stop`. */
  readonly answers: Promise<readonly Answer[]>;
  /** Ends a batch of one prompt early. */
  readonly stop: () => void;
};

const processFile = new URL('./pipeline-process.ts', import.meta.url);

/** Said of every template that knows no tools, and of sets in grammars. */
const noise = /Failed to infer a tool call example|: Warning: /;

/** Starts a process; `setting` is for messages (`profiles.gpu.default`). */
export const startPipelineChild = (setting: string): PipelineChild => {
  const child = startChild<ToPipeline, FromPipeline>(processFile, setting, noise);
  return {
    open: async (asked) => {
      const reply = await child.phase({ kind: 'open', ...asked });
      if (reply.kind === 'opened') return reply.facts;
      throw refusal(setting, asked, reply);
    },
    ask: (batch, onProgress) => {
      const { id, reply } = child.request(
        (number) => ({ kind: 'ask', id: number, batch }),
        onProgress,
      );
      return {
        answers: reply.then((message) => {
          if (message.kind === 'answers') return message.answers;
          throw faultOf(setting, message);
        }),
        stop: () => child.send({ kind: 'stop', id }),
      };
    },
    count: async (messages, prefill) => {
      const { reply } = child.request((id) => ({ kind: 'count', id, messages, prefill }));
      const message = await reply;
      if (message.kind === 'counted') return message.tokens;
      throw faultOf(setting, message);
    },
    isAlive: child.isAlive,
    kill: child.kill,
    close: child.close,
  };
};

/** What OpenVINO calls a request for which the cache of keys and values had no room. */
const noRoom = /unfinished GenerationStatus/;

const faultOf = (setting: string, message: FromPipeline): EngineFault => {
  const reason = reasonText(message);
  return new EngineFault(
    noRoom.test(reason)
      ? `${setting}: there is no room for the prompts; lower slots or contextTokens`
      : `${setting}: ${reason}`,
  );
};

const refusal = (setting: string, asked: Open, message: FromPipeline): EngineFault => {
  if (message.kind !== 'refused') return faultOf(setting, message);
  const reason = reasonText(message);
  const { model, device } = asked;
  const texts: Readonly<Record<typeof message.about, string>> = {
    package: `.engine: openvino-genai-node is not installed (it is optional); ${installLine()}`,
    binary: `.engine: the native part of openvino-genai-node does not run here: ${reason}; ${rebuildLine()}`,
    device: `.device: OpenVINO sees no ${device} on this machine, but ${reason}; name one of those, or install the driver of this one`,
    template: `.template: ${model} brings no chat template, as models do that were never taught to chat; take one that was, or set this to chatml or plain`,
    model: `.model: ${model} cannot be used: ${reason}; fetch or export it again, or give another model`,
  };
  return new EngineFault(`${setting}${texts[message.about]}`);
};
