// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { configName } from '../../config/config-mistake.ts';
import { loadConfig } from '../../config/load-config.ts';
import { selectProfile } from '../../config/select-profile.ts';
import { printable, printableLines } from '../../data/printable.ts';
import { readSource } from '../../data/read-source.ts';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';
import { UserError } from '../../data/user-error.ts';
import { readLockFile } from '../../day/models/lock-file.ts';
import { modelFolders, modelsFolder, resolveModel } from '../../engine/models/model-files.ts';
import { parseBaseShape } from '../../learn/train/base.ts';
import { secondsLeft, type TrainerStep } from '../../learn/train/progress.ts';
import { readRows, type TrainedFiles, type TrainingRows } from '../../learn/train/read-rows.ts';
import {
  type Method,
  methods,
  type Recipe,
  type Trainer,
  trainers,
} from '../../learn/train/recipe.ts';
import { refuseRows } from '../../learn/train/refusals.ts';
import { prepareTraining, runTraining, type Trained } from '../../learn/train/train.ts';
import { workFolder } from '../../learn/train/work-folder.ts';
import { acquireLock } from '../../trace/lock.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { resolveCheckout } from '../../workspace/repository.ts';
import { bytesText, waitText } from '../shared/bytes.ts';
import { readCount } from '../shared/count-option.ts';
import type { TraceArguments } from '../shared/nights.ts';
import { whileDay } from '../shared/while-day.ts';
import { mineNights, readShare } from './mine.ts';

type TrainArguments = TraceArguments & {
  readonly since?: string;
  readonly rows?: string;
  readonly heldOut: string;
  readonly base?: string;
  readonly dialect?: string;
  readonly method: string;
  readonly trainer: string;
  readonly rank: string;
  readonly epochs: string;
  readonly rate?: string;
  readonly python: string;
  readonly resume?: true;
  readonly dryRun?: true;
  readonly json?: true;
};

/** `pantheon train AGENT`: an adapter in the models folder, or the reason why there is none. */
export const trainCommand = async (agent: string, args: TrainArguments): Promise<void> => {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(agent)) {
    throw new UserError(`"${agent}" is not the name of an agent. Write one such as review.peer`);
  }
  const recipe = readRecipe(args);
  const farewell = 'Interrupted; --resume goes on from the last checkpoint.';
  await whileDay('pantheon train', farewell, async (signal) => {
    const binding = await bindingOf(agent, await resolveCheckout(args.repo));
    const from = filesFor(args.dialect ?? binding.dialect);
    const rows = await rowsFor(agent, from, args);
    const why = refuseRows(rows, agent);
    if (why !== undefined) throw new UserError(why);
    const base = await baseFor(agent, binding.model, args);
    const models = modelsFolder();
    const locks = join(models, '.training', `${agent}.lock`);
    const release = await acquireLock(locks, `pantheon train ${agent}`);
    const options = {
      ...{ agent, recipe, base, rows, models, signal },
      python: args.python,
      resume: args.resume === true,
      dry: args.dryRun === true,
      say: (line: string): void => console.error(printable(line)),
      onStep: stepTeller(recipe.epochs),
    };
    try {
      const prepared = await prepareTraining(options);
      const { memory, tokens, labels, steps, config, tools } = prepared;
      const where = tools.gpu?.name ?? 'the CPU';
      options.say(
        `${rows.train.length} rows, ${steps} steps on ${where}; ${labels} tokens are learned in an epoch, ${tokens} are in the longest row; about ${bytesText(memory.total)} of memory.`,
      );
      if (args.dryRun) {
        return print(args, { agent, base: base.name, memory, tokens, labels, steps, config }, () =>
          Object.entries(config).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
        );
      }
      const trained = await runTraining(options, prepared);
      print(args, trained, () => [
        `${trained.name}: loss ${trained.loss.first} at first, ${trained.loss.last} at last`,
        `  ${trained.place}`,
        ...(trained.noGguf === undefined ? [] : [`  no GGUF for engine llama: ${trained.noGguf}`]),
        ...inUse(trained),
      ]);
    } finally {
      if (args.dryRun) await rm(workFolder(models, agent, true), { recursive: true, force: true });
      release();
    }
  });
};

const inUse = ({ recipe, name }: Trained): readonly string[] =>
  recipe.method === 'full'
    ? ['  It is a model of its own; it is in use once pantheon.yaml names it.']
    : [`  It is in use once a profile of pantheon.yaml has adapter: "${name}" (docs/learning.md).`];

const readRecipe = (args: TrainArguments): Recipe => {
  const method = methods.find((name): name is Method => name === args.method);
  if (method === undefined) {
    throw new UserError(`--method: "${args.method}" is not one of ${methods.join(', ')}`);
  }
  const trainer = trainers.find((name): name is Trainer => name === args.trainer);
  if (trainer === undefined) {
    throw new UserError(`--trainer: "${args.trainer}" is not one of ${trainers.join(', ')}`);
  }
  const [rank, epochs] = [
    readCount('--rank', args.rank, 512),
    readCount('--epochs', args.epochs, 100),
  ];
  return {
    trainer,
    method,
    rank,
    epochs,
    ...(args.rate !== undefined && { rate: readRate(args.rate) }),
  };
};

const readRate = (text: string): number => {
  const rate = Number(text);
  if (/^[\d.]+(?:e-\d+)?$/.test(text) && rate > 0 && rate < 1) return rate;
  throw new UserError(`--rate: "${text}" is not a learning rate. Write one such as 0.0002`);
};

/** What is trained on for a way to be asked: conversations, or decisions. */
const filesFor = (dialect = 'envelope'): TrainedFiles => {
  if (dialect === 'decision') return 'decisions';
  if (dialect === 'envelope' || dialect === 'qwen') return 'steps';
  throw new UserError(`--dialect: "${dialect}" is not one of envelope, qwen, decision`);
};

/** Rows that were mined, or that are mined now. */
const rowsFor = async (
  agent: string,
  from: TrainedFiles,
  args: TrainArguments,
): Promise<TrainingRows> => {
  if (args.rows !== undefined) return readRows(resolve(args.rows), agent, from);
  const folder = await makeTemporaryFolder('rows');
  try {
    const { mined } = await mineNights({ ...args, agent }, readShare(args.heldOut), folder);
    return readRows(folder, agent, from, mined.files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const baseFor = async (
  agent: string,
  bound: string | undefined,
  { repo, base: asked }: TrainArguments,
) => {
  const checkout = await resolveCheckout(repo);
  const name = asked ?? bound;
  if (name === undefined) {
    throw new UserError(`${configName} binds ${agent} to no model. Name one with --base`);
  }
  const store = { folders: modelFolders(), lock: await readLockFile(checkout) };
  const model = await resolveModel(name, { setting: '--base', models: store });
  if (model.form !== 'hugging-face') {
    throw new UserError(
      `--base: ${model.path} is not a folder in Hugging Face's layout, and no trainer reads it. Fetch one: pantheon models pull NAME --from hub:OWNER/REPO`,
    );
  }
  const file = join(model.path, 'config.json');
  const shape = parseBaseShape(parseJson(readFileSync(file, 'utf8')));
  if (shape) return { name, path: model.path, digest: model.digest, shape };
  throw new UserError('is not of a dense decoder. Take another base', { place: { file } });
};

/** What the agent runs on in the profile that is in use, and how it is asked there. */
const bindingOf = async (
  agent: string,
  checkout: string,
): Promise<{ readonly model?: string | undefined; readonly dialect?: string | undefined }> => {
  const path = join(checkout, configName);
  const profile = selectProfile(loadConfig(existsSync(path) ? await readSource(path) : undefined));
  const [bound] = [profile[agent] ?? {}].flat();
  const [fallback] = [profile.default ?? {}].flat();
  return { model: bound?.model ?? fallback?.model, dialect: bound?.dialect ?? fallback?.dialect };
};

/** A line for every step on a terminal, else one every ten seconds. */
const stepTeller = (epochs: number): ((step: TrainerStep) => void) => {
  const everyMs = process.stderr.isTTY ? 0 : 10_000;
  let first: { readonly at: number; readonly epoch: number } | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  return ({ loss, tokens, epoch }) => {
    const now = { at: performance.now(), epoch };
    first ??= now;
    if (now.at - shownAt < everyMs) return;
    shownAt = now.at;
    const left = secondsLeft(first, now, epochs);
    const wait = left === undefined ? '' : `, ${waitText(left)} left`;
    console.error(`${Math.floor((epoch / epochs) * 100)} %: loss ${loss}, ${tokens} tokens${wait}`);
  };
};

const print = ({ json }: TrainArguments, value: object, lines: () => readonly string[]): void => {
  const text = json ? JSON.stringify(value, null, 2) : printableLines(lines().join('\n'));
  process.stdout.write(`${text}\n`);
};
