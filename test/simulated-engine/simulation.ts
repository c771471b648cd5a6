// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../src/data/digest.ts';
import type { Finish, Usage } from './chat-forms.ts';
import { openDraw } from './draw.ts';
import { type EngineMetrics, openEngineMetrics } from './engine-metrics.ts';
import { instanceOf, UnheldSchema } from './instance.ts';
import { openPlaces } from './places.ts';
import { badRequest, type ChatRequest, Refusal } from './read-request.ts';
import { type SimulatedSettings, simulatedModel } from './settings.ts';
import { openPrefixCache, renderPrompt, tokensOf } from './tokens.ts';

/** An answer and when it is to be there; tokens come evenly over the service time. */
export type Planned = {
  readonly pieces: readonly string[];
  readonly finish: Finish;
  /** Drawn [s]. */
  readonly service: number;
  readonly prompt: readonly string[];
  readonly priority: number;
};

/** One request that was served to its end; `at` is when it was given its place [ms since 1970]. */
export type Service = {
  readonly at: number;
  /** The service time that was drawn, and how long it took really [s]. */
  readonly drawn: number;
  readonly took: number;
};

export type Simulation = {
  readonly metrics: EngineMetrics;
  /** Before anything is sent. @throws Refusal */
  readonly plan: (asked: ChatRequest, adapter: string | undefined) => Planned;
  /** Serves what was planned; `tell` gets the pieces as they fall due. Ends early when aborted. */
  readonly serve: (
    planned: Planned,
    tell: (pieces: readonly string[], usage: Usage | undefined) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  /** What was served so far, the first so many of it. */
  readonly services: () => readonly Service[];
};

const now = (): number => performance.now() / 1000;

const mostServices = 100_000;

/** Share of the service time before the first token. */
const prefillShare = 0.1;

export const openSimulation = (settings: SimulatedSettings): Simulation => {
  const { slots, seed, contextTokens, service, step } = settings;
  const places = openPlaces(slots);
  const cache = openPrefixCache();
  const metrics = openEngineMetrics(places, cache.use);
  let requests = 0;
  const services: Service[] = [];
  let taken = 0;

  const plan = (asked: ChatRequest, adapter: string | undefined): Planned => {
    const { messages, priority } = asked;
    if (priority !== 0 && !settings.priorities) {
      throw badRequest('Got priority but Priority scheduling is not enabled.');
    }
    const text = renderPrompt(messages, asked.continue_final_message);
    const prompt = tokensOf(text);
    const most = roomFor(asked, prompt.length, contextTokens);
    const pieces = tokensOf(textOf(asked, adapter, text));
    const cut = pieces.length > most;
    return {
      pieces: cut ? pieces.slice(0, most) : pieces,
      finish: cut ? 'length' : 'stop',
      service: service.least + (service.most - service.least) * openDraw(seed, text)(),
      prompt,
      priority,
    };
  };

  const textOf = (asked: ChatRequest, adapter: string | undefined, text: string): string => {
    const { messages, temperature } = asked;
    const schema: Json | undefined = asked.response_format?.json_schema?.schema;
    const model = adapter ?? simulatedModel;
    const told = settings.answer?.({ model, messages, schema });
    if (told !== undefined) return told;
    if (schema === undefined) return 'The simulated engine has nothing to say.';
    const chance = (temperature ?? 1) === 0 ? '' : (asked.seed ?? requests);
    try {
      return JSON.stringify(instanceOf(schema, openDraw(seed, model, text, chance)));
    } catch (error) {
      if (error instanceof UnheldSchema) throw badRequest(error.message, 'response_format');
      throw error;
    }
  };

  const serve: Simulation['serve'] = async (planned, tell, signal) => {
    if (settings.mostQueued !== undefined && taken >= settings.mostQueued) {
      metrics.refused();
      throw new Refusal(
        503,
        'Service Unavailable',
        'The engine is currently busy and cannot accept new requests. Please try again later or on a different instance.',
      );
    }
    taken += 1;
    const asked = now();
    try {
      if (!(await places.take(planned.priority, signal))) return;
      try {
        await answer(planned, now() - asked, tell, signal);
      } finally {
        places.leave();
      }
    } finally {
      taken -= 1;
    }
  };

  const answer = async (
    { pieces, finish, service: whole, prompt }: Planned,
    queued: number,
    tell: Parameters<Simulation['serve']>[1],
    signal: AbortSignal,
  ): Promise<void> => {
    requests += 1;
    const at = Date.now();
    const cached = cache.look(prompt);
    metrics.began(prompt.length, cached);
    const begun = now();
    let sent = 0;
    let first: number | undefined;
    for (;;) {
      const wait = Math.max(0, Math.min(step, begun + whole - now()));
      await sleep(wait * 1000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const passed = now() - begun;
      if (passed >= whole) break;
      const share = Math.max(0, passed / whole - prefillShare) / (1 - prefillShare);
      // The last one comes with the end.
      const due = Math.min(pieces.length - 1, Math.floor(share * pieces.length));
      if (due <= sent) continue;
      first ??= passed;
      tell(pieces.slice(sent, due), undefined);
      sent = due;
    }
    // An answer that ends by itself holds the token of its end.
    const completion = pieces.length + (finish === 'stop' ? 1 : 0);
    const took = now() - begun;
    metrics.served({
      ...{ finish, completion, queued, service: took },
      firstToken: queued + (first ?? whole),
    });
    if (services.length < mostServices) services.push({ at, drawn: whole, took });
    tell(pieces.slice(sent), { prompt: prompt.length, cached, completion });
  };

  return { metrics, plan, serve, services: () => services };
};

/** Tokens that an answer may take. @throws Refusal in vLLM's words where there is no room. */
const roomFor = (asked: ChatRequest, prompt: number, context: number): number => {
  const wanted = asked.max_completion_tokens ?? asked.max_tokens ?? undefined;
  if (wanted !== undefined && wanted > context) {
    throw badRequest(
      `max_completion_tokens=${wanted} cannot be greater than max_model_len=${context}. Please request fewer output tokens. (parameter=max_completion_tokens, value=${wanted})`,
      'max_completion_tokens',
    );
  }
  const most = context - (wanted ?? 1);
  if (prompt > most) {
    throw badRequest(
      `This model's maximum context length is ${context} tokens. However, your prompt contains ${prompt} input tokens, which exceeds this limit. Please reduce the length of the input prompt. (parameter=input_tokens, value=${prompt})`,
      'input_tokens',
    );
  }
  return wanted ?? context - prompt;
};
