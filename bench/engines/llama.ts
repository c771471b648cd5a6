// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from '../../src/engine/llama/messages.ts';
import { type ModelPool, openModelPool, type PoolAsk } from '../../src/engine/llama/model-pool.ts';
import { writeTinyModel } from '../../test/tiny-model/tiny-model.ts';
import { type NightTask, nightTasks, toolReply } from './night-requests.ts';

/*
 * The llama engine on a model of 3.8 million parameters, as ratios in one run:
 * `node bench/engines/llama.ts [TASKS] [ROUNDS]`. Rounds alternate between the sides that are
 * compared, and the medians are taken, so that what else the machine does falls on both.
 */

const amount = Number(process.argv[2] ?? 48);
const rounds = Number(process.argv[3] ?? 5);
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
      ...more,
    },
    'bench',
  );

const never = new AbortController().signal;

const ask = (
  pool: ModelPool,
  more: Partial<PoolAsk> & Pick<PoolAsk, 'messages'>,
): Promise<Answer> =>
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
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
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

const timed = async <R>(work: () => Promise<R>): Promise<readonly [R, number]> => {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const written = (answers: readonly Answer[]): number =>
  sum(answers.map(({ usage }) => usage.completion));
const fixed = (value: number): string => value.toFixed(2);
const whole = (value: number): string => Math.round(value).toString();

/** A whole night's requests: every task is a loop of two answers. */
const nightRate = async (
  pool: ModelPool,
  tasks: readonly NightTask[],
  many: number,
): Promise<number> => {
  const [answers, ms] = await timed(() => atOnce(tasks, many, (task) => converse(pool, task, 2)));
  return (written(answers.flat()) * 1000) / ms;
};

const tasks = await nightTasks(amount);
const one = await open({ threads: 1, processes: 1, slots: 1 });
const full = await open({});
const { processes, threads, slots } = full.layout;
console.log(
  `${availableParallelism()} cores; chosen by measurement: ${processes} processes with ${threads} thread each, ${slots} slots (${full.facts.rates.map((rate) => `${rate.threads} thread: ${whole(rate.tokensPerSecond)} tokens/s`).join(', ')})`,
);

// Both sides have seen the agents' locked prompts before anything is timed, as in a night.
await nightRate(one, tasks.slice(0, 2), 1);
await nightRate(full, tasks.slice(0, slots * 2), slots);
const alone: number[] = [];
const together: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  alone.push(await nightRate(one, tasks.slice(0, Math.ceil(amount / 4)), 1));
  together.push(await nightRate(full, tasks, slots));
}
const gain = median(together.map((rate, index) => rate / (alone[index] ?? rate)));
console.log(
  `a night's requests: ${whole(median(together))} tokens/s on all slots, ${whole(median(alone))} on one sequence with one thread: ${fixed(gain)} times (goal 3.5)`,
);

/** The same prompts, held to the schema and free, free ones cut at the same length. */
const heldOverFree = async (pool: ModelPool, many: number): Promise<number> => {
  const few = tasks.slice(0, many === 1 ? 8 : many * 2);
  const held = await atOnce(few, many, ({ messages, schema }) => ask(pool, { messages, schema }));
  const pairs = few.map((task, index) => ({
    ...task,
    length: held[index]?.usage.completion ?? 1,
  }));
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [bound, boundMs] = await timed(() =>
      atOnce(pairs, many, ({ messages, schema }) => ask(pool, { messages, schema })),
    );
    const [free, freeMs] = await timed(() =>
      atOnce(pairs, many, ({ messages, length }) => ask(pool, { messages, maxTokens: length })),
    );
    ratios.push(boundMs / written(bound) / (freeMs / written(free)));
  }
  return median(ratios);
};
console.log(
  `a held answer over a free one of the same length, prompts cached: ${fixed(await heldOverFree(one, 1))} with one sequence, ${fixed(await heldOverFree(full, slots))} on all slots (goal 1.0 or less)`,
);

const loops = await atOnce(tasks.slice(0, slots), slots, (task) => converse(full, task, 8));
const later = loops.flatMap((answers) => answers.slice(1));
const prompt = sum(later.map(({ usage }) => usage.prompt));
const cached = sum(later.map(({ usage }) => usage.cached));
console.log(
  `prompt tokens from cache in loops of 8 steps, after the first: ${fixed(cached / prompt)} of ${prompt} (goal 0.9)`,
);

await Promise.all([one.close(), full.close()]);
rmSync(folder, { recursive: true, force: true });
