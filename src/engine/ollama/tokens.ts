// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault, type Message } from '../contract/engine.ts';
import { countOf, memberOf } from '../served/read-json.ts';
import { openTokenMemory, type TokenMemory } from '../served/token-memory.ts';
import { askServer } from '../served/who-answers.ts';
import { ContextFault, ollamaRefusal } from './refusal.ts';
import { loadOptions, type OllamaServer, wholePrompt } from './server.ts';

/*
 * Ollama tells of no tokenizer. What it answered says how long that prompt was; what was added
 * since is taken for more than it is, and where that comes near the context the server counts.
 */

/** Reading a long prompt for the first time takes a small machine minutes. */
const timeoutMs = 600_000;

/** English takes four bytes a token, code three, a small vocabulary or rare letters two. */
const bytesPerToken = 2;
const tokensPerMessage = 12;

/** Up to this share of the context a conversation is not worth a question. */
const unasked = 1 / 4;

export type TokenCounter = Pick<TokenMemory, 'remember'> & {
  readonly count: (messages: readonly Message[]) => Promise<number>;
  /** No less than the conversation takes, without asking. */
  readonly atMost: (messages: readonly Message[]) => number;
};

/** Counts a prompt by what answers told of it, by an estimate where there is room enough, else by asking. */
export const openTokenCounter = (
  server: OllamaServer,
  contextTokens: () => Promise<number>,
): TokenCounter => {
  const { recall, remember } = openTokenMemory();
  const atMost: TokenCounter['atMost'] = (messages) => {
    let added = 0;
    for (let length = messages.length; length > 0; length -= 1) {
      const atLength = recall(messages, length);
      if (atLength !== undefined) return atLength + added;
      added += estimate(messages[length - 1]?.content ?? '');
    }
    return added + tokensPerMessage;
  };
  return {
    atMost,
    remember,
    count: async (messages) => {
      const estimated = atMost(messages);
      const context = await contextTokens();
      const exact = recall(messages);
      if (exact !== undefined || estimated <= context * unasked) return estimated;
      const counted = await countByServer(server, messages, context);
      if (counted !== undefined) remember(messages, counted);
      return counted ?? Math.max(estimated, context + 1);
    },
  };
};

const estimate = (content: string): number =>
  Math.ceil(Buffer.byteLength(content) / bytesPerToken) + tokensPerMessage;

/**
 * Has the server read the prompt for one token of an answer; what it read stays in its cache for the
 * request that follows. Nothing when the prompt does not fit. @throws EngineFault
 */
const countByServer = async (
  server: OllamaServer,
  messages: readonly Message[],
  context: number,
): Promise<number | undefined> => {
  const { endpoint, model } = server;
  const body = {
    ...wholePrompt(model),
    messages: messages.map(({ role, content }) => ({ role, content })),
    stream: false,
    options: { ...loadOptions(server, context), num_predict: 1 },
  };
  const answer = await askServer(endpoint, '/api/chat', { body, timeoutMs });
  if (answer.status !== 200) {
    const fault = ollamaRefusal(server, answer);
    if (fault instanceof ContextFault) return undefined;
    throw fault;
  }
  const tokens = countOf(memberOf(endpoint.parse(answer.body), 'prompt_eval_count'));
  if (tokens !== undefined) return tokens;
  throw new EngineFault(
    `${endpoint.address} does not tell how many tokens a prompt takes; update the server`,
  );
};
