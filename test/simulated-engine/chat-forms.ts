// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../src/data/digest.ts';
import { simulatedVersion } from './settings.ts';

/*
 * The texts of a chat completion as vLLM 0.32 sends them; test/engines/simulated.ts holds them to
 * the form of a real server's.
 */

export type Finish = 'stop' | 'length';
export type Usage = {
  readonly prompt: number;
  readonly cached: number;
  readonly completion: number;
};

/** What all texts of one answer say of it. */
export type Head = { readonly id: string; readonly created: number; readonly model: string };

const fingerprint = `vllm-${simulatedVersion}`;

const counts = ({ prompt, cached, completion }: Usage) => ({
  prompt_tokens: prompt,
  total_tokens: prompt + completion,
  completion_tokens: completion,
  prompt_tokens_details: { cached_tokens: cached, created_cache_tokens: 0 },
});

export const wholeAnswer = (head: Head, text: string, finish: Finish, usage: Usage): Json => {
  const { prompt_tokens_details: details, ...rest } = counts(usage);
  return {
    ...{ id: head.id, object: 'chat.completion', created: head.created, model: head.model },
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text,
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          reasoning: null,
        },
        logprobs: null,
        finish_reason: finish,
        stop_reason: null,
        token_ids: null,
        routed_experts: null,
      },
    ],
    service_tier: null,
    system_fingerprint: fingerprint,
    usage: {
      ...rest,
      prompt_tokens_details: { ...details, multimodal_tokens: null },
      completion_tokens_details: null,
    },
    prompt_logprobs: null,
    prompt_token_ids: null,
    prompt_text: null,
    kv_transfer_params: null,
    ec_transfer_params: null,
    metrics: null,
  };
};

export type Events = {
  readonly first: string;
  readonly piece: (text: string) => string;
  /** The last piece with why it ended, the usage where it was asked for, and the end. */
  readonly last: (text: string, finish: Finish, usage: Usage) => string;
};

/** An answer's events; `withUsage` is `stream_options.include_usage`. */
export const eventsOf = (head: Head, withUsage: boolean): Events => {
  const chunk = (rest: { readonly [key: string]: Json }): string => {
    const start = { id: head.id, object: 'chat.completion.chunk', created: head.created };
    return `data: ${JSON.stringify({ ...start, model: head.model, ...rest })}\n\n`;
  };
  // Made once: an answer has hundreds of pieces.
  const [before = '', after = ''] = chunk({
    choices: [
      { index: 0, delta: { content: '\0' }, logprobs: null, finish_reason: null, token_ids: null },
    ],
  }).split(JSON.stringify('\0'));
  return {
    first: chunk({
      choices: [
        {
          index: 0,
          delta: { role: 'assistant', content: '' },
          logprobs: null,
          finish_reason: null,
        },
      ],
      prompt_token_ids: null,
      prompt_text: null,
    }),
    piece: (text) => `${before}${JSON.stringify(text)}${after}`,
    last: (text, finish, usage) => {
      const ended = chunk({
        choices: [
          {
            index: 0,
            delta: { content: text },
            logprobs: null,
            finish_reason: finish,
            stop_reason: null,
            token_ids: null,
          },
        ],
        ...(!withUsage && { system_fingerprint: fingerprint }),
      });
      const counted = withUsage
        ? chunk({ choices: [], usage: counts(usage), system_fingerprint: fingerprint })
        : '';
      return `${ended}${counted}data: [DONE]\n\n`;
    },
  };
};
