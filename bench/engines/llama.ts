// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '../../src/engine/contract/engine.ts';
import type { ModelAnswer } from '../../src/engine/llama/pool/model-calls.ts';
import {
  type ModelPool,
  type ModelPoolRequest,
  openModelPool,
} from '../../src/engine/llama/pool/model-pool.ts';
import { writeTinyModel } from '../../test/tiny-model/tiny-model.ts';
import { openPlain, type Plain } from './llama/plain.ts';
import { type NightTask, nightTasks, toolReply } from './night-requests.ts';
import { cpuSecondsOfTree } from './side-by-side/cpu-seconds.ts';

/*
 * The llama engine on a model of 3.8 million parameters, as ratios in one run:
 * `node bench/engines/llama.ts [TASKS] [ROUNDS]`. Rounds alternate between the sides that are
 * compared, and the medians are taken, so that what else the machine does falls on both; beside time
 * stands processor time, which depends less on it.
 */

const amount = Number(process.argv[2] ?? 144);
const rounds = Number(process.argv[3] ?? 3);
const contextTokens = 4096;
const maxTokens = 400;

type Settings = Parameters<typeof openModelPool>[0];

const folder = mkdtempSync(join(tmpdir(), 'pantheon-bench-'));
const { gguf } = writeTinyModel(folder);

const open = (more: Partial<Settings>): Promise<ModelPool> =>
  openModelPool(
    {
      model: gguf,
      threads: undefined,
      processes: undefined,
      slots: undefined,
      contextTokens,
      gpu: false,
      template: undefined,
      ...more,
    },
    'bench',
  );

const never = new AbortController().signal;

const ask = (
  pool: ModelPool,
  more: Partial<ModelPoolRequest> & Pick<ModelPoolRequest, 'messages'>,
): Promise<ModelAnswer> =>
  pool.ask(
    {
      schema: undefined,
      maxTokens,
      temperature: 0,
      idleTimeoutMs: 600_000,
      onStart: () => {},
      onProgress: () => {},
      ...more,
    },
    never,
  );

/** A loop of `steps` answers, each followed by a tool's reply. */
const converse = async (
  pool: ModelPool,
  { messages, schema }: NightTask,
  steps: number,
): Promise<readonly ModelAnswer[]> => {
  const answers: ModelAnswer[] = [];
  let held = messages;
  for (let step = 0; step < steps; step += 1) {
    const answer = await ask(pool, { messages: held, schema });
    answers.push(answer);
    held = [...held, { role: 'assistant', content: answer.text }, toolReply(step)];
  }
  return answers;
};

/** Runs jobs, so many at once; returns what they came to. */
const atOnce = async <T, R>(
  jobs: readonly T[],
  many: number,
  run: (job: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = [];
  const left = jobs.entries();
  const worker = async (): Promise<void> => {
    for (const [index, job] of left) results[index] = await run(job);
  };
  await Promise.all(Array.from({ length: many }, worker));
  return results;
};

type Spent = { readonly ms: number; readonly cpuMs: number };

/** How long it took, and what all processes spent on it together. */
const timed = async <R>(work: () => Promise<R>): Promise<readonly [R, Spent]> => {
  const start = performance.now();
  const before = cpuSecondsOfTree();
  const result = await work();
  const cpuMs = (cpuSecondsOfTree() - before) * 1000;
  return [result, { ms: performance.now() - start, cpuMs }];
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const written = (answers: readonly ModelAnswer[]): number =>
  sum(answers.map(({ usage }) => usage.completion));
const fixed = (value: number): string => value.toFixed(2);
const whole = (value: number): string => Math.round(value).toString();

/** Tokens per second, of time and of a processor. */
type Rate = { readonly wall: number; readonly cpu: number };

const rateOf = (tokens: number, { ms, cpuMs }: Spent): Rate => ({
  wall: (tokens * 1000) / ms,
  cpu: (tokens * 1000) / cpuMs,
});

/** A whole night's requests: every task is a loop of two answers. */
const nightRate = async (
  pool: ModelPool,
  tasks: readonly NightTask[],
  many: number,
): Promise<Rate> => {
  const [answers, spent] = await timed(() =>
    atOnce(tasks, many, (task) => converse(pool, task, 2)),
  );
  return rateOf(written(answers.flat()), spent);
};

/** The same requests by node-llama-cpp alone, in the same order, answers of the same lengths. */
const plainRate = async (plain: Plain, loops: readonly Loop[]): Promise<Rate> => {
  const requests = loops.flat();
  const [, spent] = await timed(async () => {
    for (const { messages, tokens } of requests) await plain.write(messages, tokens);
  });
  return rateOf(sum(requests.map(({ tokens }) => tokens)), spent);
};

type Loop = readonly { readonly messages: readonly Message[]; readonly tokens: number }[];

/** What `converse` asked, with the lengths of the answers. */
const loopOf = ({ messages }: NightTask, answers: readonly ModelAnswer[]): Loop => {
  let held = messages;
  return answers.map((answer, step) => {
    const asked = held;
    held = [...held, { role: 'assistant', content: answer.text }, toolReply(step)];
    return { messages: asked, tokens: answer.usage.completion };
  });
};

/** Free text of 64 tokens after a few: what batching is worth where prompts cost nothing. */
const shortRate = async (pool: ModelPool, many: number, amount: number): Promise<Rate> => {
  const jobs = Array.from({ length: amount }, (_, index) => index);
  const [answers, spent] = await timed(() =>
    atOnce(jobs, many, (index) =>
      ask(pool, { messages: [{ role: 'user', content: `note ${index}` }], maxTokens: 64 }),
    ),
  );
  return rateOf(written(answers), spent);
};

const ratio = (over: readonly Rate[], under: readonly Rate[], key: keyof Rate): number =>
  median(over.map((rate, index) => rate[key] / (under[index]?.[key] ?? rate[key])));

/** The gain as it was seen, and as processor time tells it where all cores are free. */
const gains = (over: readonly Rate[], under: readonly Rate[]): string => {
  const used = Math.min(availableParallelism(), processes * threads);
  return `${fixed(ratio(over, under, 'wall'))} times, ${fixed(ratio(over, under, 'cpu') * used)} by processor time on ${used} free cores`;
};

const tasks = await nightTasks(amount);
const one = await open({ threads: 1, processes: 1, slots: 1 });
const full = await open({});
const { processes, threads, slots } = full.layout;
console.log(
  `${availableParallelism()} cores; chosen by measurement: ${processes} processes with ${threads} thread each, ${slots} slots (${full.facts.rates.map((rate) => `${rate.threads} thread: ${whole(rate.tokensPerSecond)} tokens/s`).join(', ')})`,
);

// All sides have seen the agents' locked prompts before anything is timed, as in a night.
const some = tasks.slice(0, Math.ceil(amount / 4));
const loops = await atOnce(some, 1, async (task) => loopOf(task, await converse(one, task, 2)));
const plain = await openPlain(gguf, contextTokens);
await nightRate(full, tasks.slice(0, slots * 2), slots);
type Side = 'plain' | 'one' | 'full' | 'shortOne' | 'shortFull';
const measured: Record<Side, Rate[]> = {
  plain: [],
  one: [],
  full: [],
  shortOne: [],
  shortFull: [],
};
for (let round = 0; round < rounds; round += 1) {
  measured.plain.push(await plainRate(plain, loops));
  measured.one.push(await nightRate(one, some, 1));
  measured.full.push(await nightRate(full, tasks, slots));
  measured.shortOne.push(await shortRate(one, 1, 8));
  measured.shortFull.push(await shortRate(full, slots, slots * 4));
}
await plain.close();
const middle = (name: Side): string => whole(median(measured[name].map(({ wall }) => wall)));
console.log(
  `a night's requests: ${middle('full')} tokens/s on all slots, ${middle('one')} on one slot with one thread: ${gains(measured.full, measured.one)} (goal 3.5)`,
);
console.log(
  `the same over node-llama-cpp alone, one sequence on one thread (${middle('plain')} tokens/s): ${gains(measured.full, measured.plain)}`,
);
console.log(
  `64 tokens after a prompt of a few: ${middle('shortFull')} tokens/s on all slots, ${middle('shortOne')} on one: ${gains(measured.shortFull, measured.shortOne)}`,
);

/**
 * The same prompts, held to the schema and free, free ones cut at the same length. As many at once
 * as there are slots, each of which has evaluated its prompt before.
 */
const heldOverFree = async (pool: ModelPool, many: number): Promise<readonly [Rate, Rate][]> => {
  const pairs: [Rate, Rate][] = [];
  for (const few of many === 1 ? tasks.slice(0, 6).map((task) => [task]) : [tasks.slice(0, many)]) {
    const held = await atOnce(few, many, ({ messages, schema }) => ask(pool, { messages, schema }));
    const asked = few.map((task, index) => ({ ...task, length: held[index]?.usage.completion }));
    for (let round = 0; round < rounds; round += 1) {
      const [bound, boundSpent] = await timed(() =>
        atOnce(asked, many, ({ messages, schema }) => ask(pool, { messages, schema })),
      );
      const [free, freeSpent] = await timed(() =>
        atOnce(asked, many, ({ messages, length }) =>
          ask(pool, { messages, maxTokens: length ?? 1 }),
        ),
      );
      pairs.push([rateOf(written(bound), boundSpent), rateOf(written(free), freeSpent)]);
    }
  }
  return pairs;
};

/** Medians over the pairs; the clock of processor time is too coarse for one answer, so that is a sum. */
const costs = (pairs: readonly [Rate, Rate][]): string => {
  const wall = median(pairs.map(([bound, free]) => free.wall / bound.wall));
  const cpu =
    sum(pairs.map(([bound]) => 1 / bound.cpu)) / sum(pairs.map(([, free]) => 1 / free.cpu));
  return `${fixed(wall)} (${fixed(cpu)} by processor time)`;
};
console.log(
  `a held answer over a free one of the same length, prompts cached: ${costs(await heldOverFree(one, 1))} with one sequence, ${costs(await heldOverFree(full, slots))} on all slots (goal 1.0 or less)`,
);

const longer = await atOnce(tasks.slice(0, slots), slots, (task) => converse(full, task, 8));
const later = longer.flatMap((answers) => answers.slice(1));
const prompt = sum(later.map(({ usage }) => usage.prompt));
const cached = sum(later.map(({ usage }) => usage.cached));
console.log(
  `prompt tokens from cache in loops of 8 steps, after the first: ${fixed(cached / prompt)} of ${prompt} (goal 0.9)`,
);

await Promise.all([one.close(), full.close()]);
rmSync(folder, { recursive: true, force: true });
