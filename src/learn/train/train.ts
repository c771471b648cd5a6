// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { adapterCard, type TrainingFacts } from './adapter-card.ts';
import { axolotlConfig, axolotlRow, sharedTemplateArguments } from './axolotl-config.ts';
import { adapterParameters, type BaseShape, parametersOf } from './base.ts';
import { refuseAdapter } from './check-adapter.ts';
import { convertAdapter, ggufName } from './convert-adapter.ts';
import { estimateMemory, type MemoryEstimate } from './memory.ts';
import { byLine, readTrainerLine, type TrainerStep } from './progress.ts';
import { countLabels, type PythonTools, probePython, refusePython, runTrainer } from './python.ts';
import type { TrainingRows } from './read-rows.ts';
import { type Recipe, stepsOf } from './recipe.ts';
import { longestOf, refuseLabels, refuseResources } from './refusals.ts';
import { trainerFailure } from './trainer-failure.ts';
import { type ConfigFacts, trlConfig } from './trl-config.ts';
import {
  lastCheckpoint,
  nextName,
  openWork,
  placeTrained,
  trlRow,
  workFolder,
  writeRows,
} from './work-folder.ts';

export type TrainOptions = {
  readonly agent: string;
  readonly recipe: Recipe;
  readonly base: {
    readonly name: string;
    readonly path: string;
    readonly digest: string;
    readonly shape: BaseShape;
  };
  readonly rows: TrainingRows;
  readonly python: string;
  /** Where adapters go. */
  readonly models: string;
  readonly resume: boolean;
  /** Leaves what another training has begun alone. */
  readonly dry: boolean;
  readonly signal?: AbortSignal;
  readonly say: (line: string) => void;
  readonly onStep: (step: TrainerStep) => void;
};

/** What is about to be run. */
export type Prepared = {
  readonly work: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tools: PythonTools;
  readonly memory: MemoryEstimate;
  readonly tokens: number;
  readonly labels: number;
  readonly steps: number;
};

/**
 * Checks Python, rows, labels, memory and disk, and writes rows and configuration into the folder of work.
 * @throws UserError with what is in the way and what to do.
 */
export const prepareTraining = async (options: TrainOptions): Promise<Prepared> => {
  const { agent, recipe, base, rows, models, dry, say } = options;
  const work = workFolder(models, agent, dry);
  mkdirSync(models, { recursive: true });
  openWork(
    work,
    {
      ...{ base: `${base.name} (sha256 ${base.digest})`, method: recipe.method },
      ...{
        trainer: recipe.trainer,
        rank: `${recipe.rank}`,
        epochs: `${recipe.epochs}`,
        dataset: rows.digest,
      },
      rate: `${recipe.rate ?? 'default'}`,
    },
    options.resume && !dry,
  );
  const python = { ...options, work };
  say(`Asking ${options.python} what it has.`);
  const tools = await probePython(python);
  const onGpu = tools.gpu !== undefined;
  if (recipe.method === 'qlora' && !onGpu) {
    throw new UserError('--method qlora needs a GPU, and torch sees none. Take --method lora');
  }
  refuse(refusePython(tools, recipe, options.python));
  writeRows(join(work, 'rows'), rows, trlRow);
  const [file, steps] = [join(work, 'config.yaml'), stepsOf(rows.train.length, recipe.epochs)];
  const factsFor = (tokens: number, folder = 'rows'): ConfigFacts => ({
    ...recipe,
    ...{ base: base.path, rows: join(work, folder), out: join(work, 'out') },
    ...{ tokens, steps, onGpu, hasHeldOut: rows.heldOut.length > 0 },
  });
  const context = base.shape.max_position_embeddings;
  writeFileSync(file, stringify(trlConfig(factsFor(context))));
  say('Counting what would be learned of each row, by TRL itself.');
  const counted = await countLabels(python, file);
  refuse(refuseLabels(counted, rows.train.length, context));
  const tokens = longestOf(counted);
  const config =
    recipe.trainer === 'trl'
      ? trlConfig(factsFor(tokens))
      : axolotlConfig(factsFor(tokens, 'marked'), sharedTemplateArguments(rows.train));
  if (recipe.trainer === 'axolotl') writeRows(join(work, 'marked'), rows, axolotlRow);
  writeFileSync(file, stringify(config));
  const memory = estimateMemory(base.shape, recipe, { tokens, onGpu });
  const { bavail, bsize } = statfsSync(models);
  refuse(
    refuseResources({
      memory,
      free: tools.gpu?.free ?? process.availableMemory(),
      of: tools.gpu?.name ?? 'this machine',
      disk: diskBytes(base.shape, recipe),
      room: bavail * bsize,
      folder: models,
    }),
  );
  const labels = counted.reduce((sum, [, learned]) => sum + learned, 0);
  return { work, config, tools, memory, tokens, labels, steps };
};

/** Weights, and two checkpoints of weights with two moments each, at four bytes a number. */
const diskBytes = (shape: BaseShape, { method, rank }: Recipe): number => {
  const { blocks, embeddings } = parametersOf(shape);
  return (method === 'full' ? blocks + embeddings : adapterParameters(shape, rank)) * 4 * 7;
};

const refuse = (why: string | undefined): void => {
  if (why !== undefined) throw new UserError(why);
};

/** What was trained, and where it is. */
export type Trained = TrainingFacts & { readonly place: string };

/**
 * Runs the trainer and puts what it made in its place, whole or not at all; what is there already is not touched.
 * @throws UserError where the trainer fails, or made something else than was asked for.
 */
export const runTraining = async (options: TrainOptions, prepared: Prepared): Promise<Trained> => {
  const { agent, recipe, base, rows, models, say, signal } = options;
  const { work, config, tools, tokens, labels } = prepared;
  const out = join(work, 'out');
  const checkpoint = options.resume ? lastCheckpoint(out) : undefined;
  if (options.resume) say(`Going on from ${checkpoint ?? 'the start: there is no checkpoint'}.`);
  const seen = [...stepsBefore(checkpoint)];
  const onStdout = byLine((line) => {
    const step = readTrainerLine(line);
    if (step) options.onStep(step);
    if (step) seen.push(step);
  });
  const python = { python: options.python, work, signal };
  const ended = await runTrainer(
    python,
    recipe.trainer,
    join(work, 'config.yaml'),
    checkpoint,
    onStdout,
  );
  const log = join(work, 'train.log');
  writeFileSync(log, `${ended.stdout}\n${ended.stderr}`);
  signal?.throwIfAborted();
  const [first, last] = [seen[0], seen.at(-1)];
  if (ended.code !== 0) {
    const done = (last?.epoch ?? 0) / recipe.epochs;
    throw new UserError(
      trainerFailure({ ...ended, output: ended.stdout + ended.stderr, done }, log),
    );
  }
  if (!first || !last || !Number.isFinite(last.loss)) {
    throw new UserError(
      `the trainer ended with the loss ${last?.loss ?? 'unknown'}. Nothing was put in place; read ${log}`,
    );
  }
  if (recipe.method !== 'full') {
    const why = refuseAdapter(out, { base: base.path, rank: recipe.rank });
    if (why !== undefined) throw new UserError(`${why}. Nothing was put in place; read ${log}`);
  }
  try {
    const name = nextName(models, agent);
    const noGguf = recipe.method === 'full' ? undefined : withoutGguf(out, base.path);
    const facts: TrainingFacts = {
      ...{ name, agent, recipe, tokens, labels, config, versions: tools.versions },
      base: { name: base.name, digest: base.digest },
      dataset: rows.digest,
      specs: [...new Set(rows.train.map(({ id }) => id.split('/')[1] ?? ''))].sort(),
      rows: { train: rows.train.length, heldOut: rows.heldOut.length },
      loss: { first: first.loss, last: last.loss },
      ...(noGguf !== undefined && { noGguf }),
    };
    const texts = {
      'README.md': adapterCard(facts),
      'training.json': `${JSON.stringify(facts, null, 2)}\n`,
    };
    const place = placeTrained({ work, models, name }, recipe.method !== 'full', texts);
    return { ...facts, place };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
    throw new UserError(`the disk of ${models} is full. Make room, then go on with --resume`, {
      cause,
    });
  }
};

/** Writes the adapter's GGUF beside its weights; why there is none where it has no such form. */
const withoutGguf = (out: string, base: string): string | undefined => {
  try {
    convertAdapter(out, base, join(out, ggufName));
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
};

/** What a checkpoint knows of the steps before it. */
const stepsBefore = (checkpoint: string | undefined): readonly TrainerStep[] => {
  if (checkpoint === undefined) return [];
  const state = stateSchema.safeParse(
    parseJson(readFileSync(join(checkpoint, 'trainer_state.json'), 'utf8')),
  );
  return (state.data?.log_history ?? []).flatMap(({ loss, epoch, num_tokens: tokens = 0 }) =>
    loss === undefined || epoch === undefined ? [] : [{ loss, epoch, tokens }],
  );
};

const amount = z.number().optional();
const stateSchema = z.object({
  log_history: z.array(z.object({ loss: amount, epoch: amount, num_tokens: amount })),
});
