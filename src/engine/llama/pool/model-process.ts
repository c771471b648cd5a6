// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Token } from 'node-llama-cpp';
import { type State, startOf } from '../constrain/automaton.ts';
import { afterPrefill } from '../constrain/prefill.ts';
import { type HeldSchema, schemaGrammar } from '../constrain/schema-grammar.ts';
import { writeAnswer } from '../constrain/write-answer.ts';
import {
  type LoadedModel,
  loadModel,
  type NativeLog,
  NoTemplate,
  TooLarge,
  UnusableModel,
} from '../model/load-model.ts';
import { createSlots, type Slots } from '../model/slots.ts';
import { measureRates } from './measure.ts';
import type { Answer, Ask, FromModel, ToModel } from './messages.ts';

/*
 * One process of the llama engine: it holds the model and answers what its parent asks. A crash of
 * the native code ends this process and no other.
 */

type Serving = LoadedModel & { readonly slots: Slots };

const log: NativeLog = { lines: [] };
const running = new Map<number, AbortController>();
const schemas = new Map<string, HeldSchema & { readonly start: State }>();
/** Between two words of progress on one request [ms]. */
const progressEvery = 100;
const maxSchemas = 64;

let loaded: LoadedModel | undefined;
let folder = '';
let serving: Serving | undefined;

const say = (message: FromModel): void => {
  process.send?.(message);
};

const reasonOf = async (error: unknown): Promise<string> => {
  // The native log arrives a little after the failure that it explains.
  await sleep(100);
  const reason = error instanceof Error ? error.message : String(error);
  const native = log.lines.find(
    (line) => /error|fail|invalid|incorrect/i.test(line) && !/falling back/i.test(line),
  );
  return native === undefined ? reason : `${reason} (${native})`;
};

const open = async (asked: Extract<ToModel, { kind: 'open' }>): Promise<void> => {
  folder = asked.folder;
  let library: typeof import('node-llama-cpp');
  try {
    library = await import('node-llama-cpp');
  } catch (error) {
    return say({ kind: 'refused', about: 'package', reason: await reasonOf(error) });
  }
  try {
    loaded = await loadModel(library, {
      path: asked.model,
      contextTokens: asked.contextTokens,
      gpu: asked.gpu,
      template: asked.template,
      log,
    });
    const { facts, model } = loaded;
    const measure = asked.threads === undefined && facts.gpu === undefined;
    const rates = measure ? await measureRates(model, availableParallelism()) : [];
    say({ kind: 'opened', facts: { ...facts, rates } });
  } catch (error) {
    if (error instanceof NoTemplate) {
      return say({ kind: 'refused', about: 'template', reason: error.message });
    }
    if (error instanceof TooLarge) {
      return say({ kind: 'refused', about: 'weights', reason: error.message });
    }
    const missing = error instanceof library.NoBinaryFoundError;
    const reason = error instanceof UnusableModel ? error.message : await reasonOf(error);
    say({ kind: 'refused', about: missing ? 'package' : 'model', reason });
  }
};

const serve = async ({ threads, slots }: Extract<ToModel, { kind: 'serve' }>): Promise<void> => {
  if (!loaded) return;
  const { model, facts } = loaded;
  const { contextTokens, bytesPerToken } = facts;
  const made = createSlots({ model, slots, threads, contextTokens, folder, bytesPerToken });
  try {
    await made.load(undefined);
    serving = { ...loaded, slots: made };
    say({ kind: 'serving' });
  } catch (error) {
    say({ kind: 'refused', about: 'memory', reason: await reasonOf(error) });
  }
};

const heldSchema = (schema: NonNullable<Ask['schema']>): HeldSchema & { readonly start: State } => {
  const key = JSON.stringify(schema);
  const known = schemas.get(key);
  if (known) return known;
  const held = schemaGrammar(schema);
  const made = { ...held, start: startOf(held.grammar) };
  if (schemas.size >= maxSchemas) schemas.clear();
  schemas.set(key, made);
  return made;
};

const answer = async (
  { model, codec, prompts, slots, facts }: Serving,
  ask: Ask,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<Answer> => {
  const start = performance.now();
  let firstToken: number | undefined;
  const prompt = prompts.read(ask.messages);
  const held = ask.schema && heldSchema(ask.schema);
  const begun = held && afterPrefill(held.start, ask.prefill ?? '');
  // What no answer begins with is left out, and that is told.
  const begins = ask.prefill !== undefined && (begun !== undefined || !held) ? ask.prefill : '';
  const prefill = begins ? model.tokenize(begins, false, 'trimLeadingSpace') : [];
  const tokens = [...prompt.tokens, ...prefill];
  const room = facts.contextTokens - tokens.length - 1;
  if (room < 1) {
    throw new Error(
      `the prompt has ${tokens.length} tokens, and the context holds ${facts.contextTokens}`,
    );
  }
  const { slot, adapter } = ask;
  const place = await slots.place(slot, adapter);
  const given = { ...prompt, tokens };
  const { cached, left } = await slots.prepare(place, given, { adapter, signal, onProgress });
  const written = await writeAnswer({
    place,
    codec,
    prompt: left,
    start: begun ?? held?.start,
    maxTokens: Math.min(ask.maxTokens, room),
    temperature: ask.temperature,
    seed: ask.seed,
    signal,
    onToken: () => {
      firstToken ??= performance.now() - start;
      onProgress();
    },
  });
  const bytes = Buffer.from(codec.bytesOf(written.tokens));
  const text = `${begins}${bytes.toString()}`;
  const made = [...prefill, ...written.tokens];
  prompts.remember(text, made);
  return {
    text,
    tokens: made,
    usage: { prompt: tokens.length, cached, completion: written.tokens.length },
    finish: written.finish,
    firstToken: firstToken ?? performance.now() - start,
    constraint: {
      dropped: held?.dropped ?? [],
      tightened: held?.tightened ?? [],
      ...(ask.prefill !== undefined && { prefill: begun || !held ? 'continued' : 'left-out' }),
    },
  };
};

const reply = async (id: number, work: () => Promise<FromModel>): Promise<void> => {
  try {
    say(await work());
  } catch (error) {
    log.lines.length = 0;
    say({ kind: 'fault', id, reason: error instanceof Error ? error.message : String(error) });
  }
};

const whileServing = (): Serving => {
  if (!serving) throw new Error('the model is not loaded');
  return serving;
};

const run = async ({ id, ask }: Extract<ToModel, { kind: 'ask' }>): Promise<void> => {
  const stop = new AbortController();
  running.set(id, stop);
  let told = 0;
  await reply(id, async () => {
    const onProgress = (): void => {
      if (performance.now() - told < progressEvery) return;
      told = performance.now();
      say({ kind: 'progress', id });
    };
    return {
      kind: 'answer',
      id,
      answer: await answer(whileServing(), ask, stop.signal, onProgress),
    };
  });
  running.delete(id);
};

const loadAdapter = ({ id, path }: Extract<ToModel, { kind: 'adapter' }>): Promise<void> =>
  reply(id, async () => {
    log.lines.length = 0;
    try {
      await whileServing().slots.load(path);
    } catch (error) {
      throw new Error(await reasonOf(error), { cause: error });
    }
    return { kind: 'loaded', id };
  });

process.on('message', (message: ToModel) => {
  if (message.kind === 'open') void open(message);
  else if (message.kind === 'serve') void serve(message);
  else if (message.kind === 'ask') void run(message);
  else if (message.kind === 'stop') running.get(message.id)?.abort(new Error('stopped'));
  else if (message.kind === 'adapter') void loadAdapter(message);
  else if (message.kind === 'forget') void serving?.slots.forget(message.path);
  else if (message.kind === 'remember') {
    serving?.prompts.remember(message.text, message.tokens as readonly Token[]);
  } else if (message.kind === 'count') {
    const { id, messages } = message;
    void reply(id, async () => ({
      kind: 'counted',
      id,
      tokens: whileServing().prompts.read(messages).tokens.length,
    }));
  }
});
process.on('disconnect', () => process.exit());
