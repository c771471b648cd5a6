// SPDX-License-Identifier: GPL-3.0-only

import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Token } from 'node-llama-cpp';
import { createCache } from '../../../data/bounded-cache.ts';
import { messageOf } from '../../../data/message-of.ts';
import { answerCalls } from '../../local/answer-calls.ts';
import { type CallContext, Refusal } from '../../local/calls.ts';
import { type AnswerState, startState } from '../constrain/automaton.ts';
import { type HeldSchema, schemaGrammar } from '../constrain/schema-grammar.ts';
import { writeAnswer } from '../constrain/write-answer.ts';
import { type LoadedModel, loadModel, type NativeLog } from '../model/load-model.ts';
import { createSlots, type Slots } from '../model/slots.ts';
import { measureRates } from './measure.ts';
import type { ModelAnswer, ModelCalls, ModelRefusal, ModelRequest } from './model-calls.ts';

/*
 * One process of the llama engine: it has the model and answers what its parent asks. A crash of the
 * native code ends this process and no other.
 */

type Serving = LoadedModel & { readonly slots: Slots };
type ReadySchema = HeldSchema & { readonly start: AnswerState };

const log: NativeLog = { lines: [] };
const schemas = createCache<string, ReadySchema>(64);

let loaded: LoadedModel | undefined;
let folder = '';
let serving: Serving | undefined;

/** What the work gives; a failure is a refusal, with what the native code said of it. */
const explained = async <T>(about: ModelRefusal, work: () => Promise<T>): Promise<T> => {
  log.lines.length = 0;
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // The native log arrives a little after the failure that it explains.
    await sleep(100);
    const reason = messageOf(error);
    const native = log.lines.find(
      (line) => /error|fail|invalid|incorrect/i.test(line) && !/falling back/i.test(line),
    );
    const missing = error instanceof Error && error.name === 'NoBinaryFoundError';
    throw new Refusal(
      missing ? 'package' : about,
      native === undefined ? reason : `${reason} (${native})`,
      { cause: error },
    );
  }
};

const open: ModelCalls['open'] = async (asked) => {
  folder = asked.folder;
  const library = await explained('package', () => import('node-llama-cpp'));
  return explained('model', async () => {
    loaded = await loadModel(library, { ...asked, log });
    const { facts, model } = loaded;
    const measure = asked.threads === undefined && facts.gpu === undefined;
    return { ...facts, rates: measure ? await measureRates(model, availableParallelism()) : [] };
  });
};

const serve: ModelCalls['serve'] = async ({ threads, slots }) => {
  if (!loaded) throw notLoaded();
  const { model, facts } = loaded;
  const { contextTokens, bytesPerToken } = facts;
  const made = createSlots({ model, slots, threads, contextTokens, folder, bytesPerToken });
  await explained('memory', () => made.load(undefined));
  serving = { ...loaded, slots: made };
};

const notLoaded = (): Error => new Error('the model is not loaded');

const whileServing = (): Serving => {
  if (!serving) throw notLoaded();
  return serving;
};

const readySchema = (schema: NonNullable<ModelRequest['schema']>): ReadySchema => {
  const key = JSON.stringify(schema);
  const cached = schemas.get(key);
  if (cached) return cached;
  const grammar = schemaGrammar(schema);
  const made = { ...grammar, start: startState(grammar.grammar) };
  schemas.set(key, made);
  return made;
};

const answer = async (
  request: ModelRequest,
  { signal, onProgress }: CallContext,
): Promise<ModelAnswer> => {
  const { model, codec, prompts, slots, facts } = whileServing();
  const start = performance.now();
  let firstToken: number | undefined;
  const prompt = prompts.read(request.messages);
  const schema = request.schema && readySchema(request.schema);
  const { prefill: before = '' } = request;
  const prefill = before === '' ? [] : model.tokenize(before, false, 'trimLeadingSpace');
  const tokens = [...prompt.tokens, ...prefill];
  const room = facts.contextTokens - tokens.length - 1;
  if (room < 1) {
    throw new Error(
      `the prompt has ${tokens.length} tokens, and the context has ${facts.contextTokens}`,
    );
  }
  const { slot, adapter } = request;
  const place = await slots.place(slot, adapter);
  const whole = { ...prompt, tokens };
  const textOf = (made: readonly Token[]): string =>
    `${before}${Buffer.from(codec.bytesOf(made)).toString()}`;
  const { cached, left } = await slots.prepare(place, whole, { adapter, signal, onProgress });
  const written = await writeAnswer({
    place,
    codec,
    prompt: left,
    start: schema?.start,
    maxTokens: Math.min(request.maxTokens, room),
    temperature: request.temperature,
    seed: request.seed,
    confidence: request.confidence,
    signal,
    onToken: (sofar) => {
      firstToken ??= performance.now() - start;
      onProgress(() => ({ text: textOf(sofar), tokens: sofar.length }));
    },
  });
  const text = textOf(written.tokens);
  const made = [...prefill, ...written.tokens];
  prompts.remember(text, made);
  return {
    text,
    tokens: made,
    usage: { prompt: tokens.length, cached, completion: written.tokens.length },
    finish: written.finish,
    ...(request.confidence && { confidence: written.confidence }),
    firstToken: firstToken ?? performance.now() - start,
    constraint: {
      dropped: schema?.dropped ?? [],
      tightened: schema?.tightened ?? [],
      ...(request.prefill !== undefined && { prefill: 'continued' }),
    },
  };
};

const calls: ModelCalls = {
  open,
  serve,
  answer,
  count: (messages) => whileServing().prompts.read(messages).tokens.length,
  loadAdapter: async (path) => {
    try {
      await explained('adapter', () => whileServing().slots.load(path));
    } catch (error) {
      const reason = `${path} does not fit the model: ${messageOf(error)}`;
      throw new Refusal('adapter', reason, { cause: error });
    }
  },
  forgetAdapter: (path) => whileServing().slots.forget(path),
  remember: ({ text, tokens }) => whileServing().prompts.remember(text, tokens as readonly Token[]),
};
answerCalls(calls);
