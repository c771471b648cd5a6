// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { openWeb, readText, WebFault } from '../models/web.ts';
import type { PlannerSettings } from './settings.ts';

export type ChatMessage = {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
};

/** Of an answer; a spec takes a few thousand. */
const maxBytes = 1024 * 1024;
const maxTokens = 4000;
const timeoutMs = 300_000;

/** What is used of an answer in OpenAI's form. */
const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
});

/**
 * One answer of the planner. The key goes to the address that was set and nowhere else: redirects
 * are not followed.
 * @throws UserError when it cannot be had whole.
 */
export const askPlanner = async (
  { url, model, key }: PlannerSettings,
  messages: readonly ChatMessage[],
  signal: AbortSignal,
): Promise<string> => {
  const web = await openWeb({ idleTimeoutMs: timeoutMs });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await web.ask(new URL(`${url.pathname}chat/completions`, url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({
        model,
        messages,
        max_tokens: maxTokens,
        temperature: 0,
        stream: false,
      }),
      signal: limited,
    });
    const text = await readText(answer, url, maxBytes, limited);
    return contentOf(answer.status, text, url, model);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (limited.aborted) {
      throw new UserError(`${url.host}: no answer within ${timeoutMs / 1000} s; try again later`);
    }
    if (!(error instanceof WebFault)) throw error;
    throw new UserError(`${error.message}; check the address and the network`, { cause: error });
  } finally {
    await web.close();
  }
};

const contentOf = (status: number, text: string, { host }: URL, model: string): string => {
  if (status !== 200) throw new UserError(`${host}: ${refusalOf(status, text, model)}`);
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new UserError(
      `${host}: its answer is not in the form of /chat/completions; check the address`,
    );
  }
  const [choice] = parsed.data.choices;
  if (choice?.finish_reason === 'length') {
    throw new UserError(`${host}: the answer was cut at ${maxTokens} tokens; ask for less at once`);
  }
  const { content } = choice?.message ?? {};
  if (!content)
    throw new UserError(`${host}: the model answered nothing; try again, or another model`);
  return content;
};

const refusalOf = (status: number, text: string, model: string): string => {
  const said = printable(text).slice(0, 300);
  if (status === 401 || status === 403)
    return `refuses the key (HTTP ${status}); check PANTHEON_DAY_KEY`;
  if (status === 404)
    return `has no /chat/completions there, or no model "${model}" (HTTP 404): ${said}`;
  if (status === 429) return 'takes no more for now (HTTP 429); try again later';
  if (status >= 300 && status < 400) {
    return `redirects (HTTP ${status}), which is not followed; set the address it leads to yourself`;
  }
  return `answers HTTP ${status}: ${said}`;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
