// SPDX-License-Identifier: GPL-3.0-only
import type { IncomingMessage, RequestListener } from 'node:http';

type Schema = {
  readonly properties?: Readonly<
    Record<string, { readonly const?: string; readonly enum?: readonly string[] }>
  >;
};

export type Manner = {
  readonly contextTokens?: number;
  /** What is said instead of following the schema. */
  readonly says?: string;
};

/** What a vLLM server with one model answers, as far as a preflight asks. */
export const vllmAnswers =
  (model: string, { contextTokens = 16_384, says }: Manner = {}): RequestListener =>
  async (request, response) => {
    const body = await bodyOf(request);
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    switch (request.url) {
      case '/version':
        return json({ version: '0.32.0' });
      case '/v1/models':
        return json({ data: [{ id: model, root: model, max_model_len: contextTokens }] });
      case '/tokenize':
        return json({ count: 7, max_model_len: contextTokens });
      case '/v1/chat/completions': {
        const schema: Schema = body?.response_format?.json_schema?.schema ?? {};
        const choices = [{ index: 0, delta: { content: says ?? following(schema) } }];
        const last = [{ index: 0, delta: {}, finish_reason: 'stop' }];
        const usage = { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const event of [{ choices }, { choices: last }, { choices: [], usage }]) {
          response.write(`data: ${JSON.stringify(event)}\n\n`);
        }
        return response.end('data: [DONE]\n\n');
      }
      default:
        return json({ detail: 'Not Found' }, 404);
    }
  };

const following = ({ properties = {} }: Schema): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(properties).map(([name, part]) => [name, part.const ?? part.enum?.[0]]),
    ),
  );

type Body = { readonly response_format?: { readonly json_schema?: { readonly schema?: Schema } } };

const bodyOf = async (request: IncomingMessage): Promise<Body | undefined> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString());
};
