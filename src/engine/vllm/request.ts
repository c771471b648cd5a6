// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import type { CompletionRequest } from '../contract/engine.ts';
import type { Keywords } from '../schema/keywords.ts';
import { templateArguments } from './tokens.ts';

export type Body = Pick<CompletionRequest, 'messages' | 'maxTokens' | 'prefill'> & {
  /** Of the model or of an adapter. */
  readonly name: string;
  readonly schema: Keywords;
  readonly temperature: number;
  readonly seed: number | undefined;
  /** As vLLM counts it: lower goes first. */
  readonly priority: number | undefined;
};

/** The body of a chat completion; https://docs.vllm.ai/en/latest/serving/openai_compatible_server/ */
export const bodyOf = (body: Body): Json => ({
  model: body.name,
  messages: [
    ...body.messages.map(({ role, content }) => ({ role, content })),
    ...(body.prefill === undefined ? [] : [{ role: 'assistant', content: body.prefill }]),
  ],
  ...(body.prefill !== undefined && {
    add_generation_prompt: false,
    continue_final_message: true,
  }),
  stream: true,
  stream_options: { include_usage: true },
  max_completion_tokens: body.maxTokens,
  temperature: body.temperature,
  ...(body.seed !== undefined && { seed: body.seed }),
  ...(body.priority !== undefined && { priority: body.priority }),
  chat_template_kwargs: templateArguments,
  // With a reasoning parser the schema would count only from where the reasoning ends.
  include_reasoning: false,
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: body.schema, strict: true },
  },
});
