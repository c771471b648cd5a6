// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { Json } from '../../src/data/digest.ts';

/** An answer other than 200, in the form that vLLM's handlers give it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly kind: string;
  readonly param: string | null;

  constructor(status: number, kind: string, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.param = param;
  }
}

export const bodyOfRefusal = ({ message, kind, param, status }: Refusal): Json => ({
  error: { message, type: kind, param, code: status },
});

export const badRequest = (message: string, param: string | null = null): Refusal =>
  new Refusal(400, 'BadRequestError', message, param);

const messageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});

const chatSchema = z.object({
  model: z.string().optional(),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  seed: z.int().nullish(),
  priority: z.int().default(0),
  continue_final_message: z.boolean().default(false),
  response_format: z
    .object({
      type: z.string(),
      json_schema: z.object({ name: z.string(), schema: z.json() }).optional(),
    })
    .nullish(),
});

export const tokenizeSchema = z.object({
  model: z.string().optional(),
  messages: z.array(messageSchema).optional(),
  prompt: z.string().optional(),
  add_generation_prompt: z.boolean().default(true),
});

export const adapterSchema = z.object({
  lora_name: z.string().min(1),
  lora_path: z.string().default(''),
});

export type ChatRequest = z.output<typeof chatSchema>;
export const readChat = (body: string): ChatRequest => read(chatSchema, body);

/** @throws Refusal in the words of FastAPI's validation. */
export const read = <T>(schema: z.ZodType<T>, body: string): T => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw invalid('body.1', 'json_invalid', 'JSON decode error');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(
    ['body', ...(issue?.path ?? [])].join('.'),
    issue?.code ?? 'invalid',
    issue?.message ?? 'invalid',
  );
};

const invalid = (loc: string, type: string, msg: string): Refusal =>
  new Refusal(
    400,
    'Bad Request',
    `1 validation error:\n  {'type': '${type}', 'loc': '${loc}', 'msg': '${msg}'}`,
    loc,
  );
