// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import type { Message } from '../contract/engine.ts';
import type { Keywords } from '../schema/keywords.ts';

/** What every request says, the one that only counts tokens too: a template writes both alike. */
export const conversationOf = (
  model: string,
  messages: readonly Message[],
): { readonly [key: string]: Json } => ({
  model,
  messages: messages.map(({ role, content }) => ({ role, content })),
  chat_template_kwargs: { enable_thinking: false },
});

/** The body of a chat completion; https://platform.openai.com/docs/api-reference/chat/create */
export const bodyOf = (
  model: string,
  asked: {
    readonly messages: readonly Message[];
    readonly maxTokens: number;
    readonly schema: Keywords;
    readonly temperature: number;
    readonly seed: number | undefined;
  },
): Json => ({
  ...conversationOf(model, asked.messages),
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: asked.maxTokens,
  temperature: asked.temperature,
  ...(asked.seed !== undefined && { seed: asked.seed }),
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: asked.schema, strict: true },
  },
});
