// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type ProcessResult, runProcess } from '../../boundary/run-process.ts';
import { UserError } from '../../data/user-error.ts';
import { parseJson } from '../../trace/shown-values.ts';
import type { Recipe, Trainer } from './recipe.ts';
import type { CountedRow } from './refusals.ts';

/** A Python, and the folder that its caches and logs go into. */
export type Python = {
  readonly python: string;
  readonly work: string;
  readonly signal?: AbortSignal | undefined;
};

const probeSchema = z.object({
  versions: z.record(z.string(), z.string()),
  gpu: z.object({ name: z.string(), free: z.number(), total: z.number() }).optional(),
});

/** What a Python has for training; memory in bytes. */
export type PythonTools = z.output<typeof probeSchema>;

const sourceOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** setTimeout knows no longer time [ms]: 24 days. */
const longest = 2 ** 31 - 1;

/** Nothing is fetched and nothing is told; what lies in the current folder is no module. */
const environment = (work: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HF_HUB_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  AXOLOTL_DO_NOT_TRACK: '1',
  HF_DATASETS_CACHE: join(work, 'cache'),
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONSAFEPATH: '1',
  PYTHONUNBUFFERED: '1',
});

const runPython = async (
  { python, work, signal }: Python,
  args: readonly string[],
  onStdout?: (text: string) => void,
): Promise<ProcessResult> => {
  const asked = {
    file: python,
    args,
    cwd: work,
    env: environment(work),
    timeoutMs: longest,
    maxOutput: 64 * 1024 * 1024,
    group: true,
    ...{ signal, onStdout },
  };
  return runProcess(asked).catch((cause) => {
    throw new UserError(`${python} cannot be started. Name a Python 3 with --python`, { cause });
  });
};

/** @throws UserError where it is not a Python. */
export const probePython = async (python: Python): Promise<PythonTools> => {
  const { stdout, stderr } = await runPython(python, [sourceOf('probe.py')]);
  python.signal?.throwIfAborted();
  const tools = probeSchema.safeParse(parseJson(stdout.trim().split('\n').at(-1))).data;
  if (tools) return tools;
  const why = stderr.trim().split('\n').at(-1) ?? '';
  throw new UserError(`${python.python} cannot say what it has (${why}). Name another by --python`);
};

/** What a Python lacks for a method, with how to get it; `undefined` where it has all. */
export const refusePython = (
  { versions }: PythonTools,
  { method, trainer }: Pick<Recipe, 'method' | 'trainer'>,
  python: string,
): string | undefined => {
  const all = ['trl', 'peft', 'bitsandbytes', ...(trainer === 'axolotl' ? [trainer] : [])];
  const wanted = all.filter((name) => name !== 'bitsandbytes' || method === 'qlora');
  const missing = wanted.filter((name) => versions[name] === undefined);
  return missing.length === 0
    ? undefined
    : `${python} lacks ${missing.join(', ')}. Make an environment: python3 -m venv ~/train && ~/train/bin/pip install ${all.join(' ')}; then add --python ~/train/bin/python`;
};

const countedSchema = z.object({ rows: z.array(z.tuple([z.number(), z.number()])) });

/** What TRL would learn of each row of a configuration. @throws UserError with what TRL says against it. */
export const countLabels = async (
  python: Python,
  config: string,
): Promise<readonly CountedRow[]> => {
  const { stdout, stderr } = await runPython(python, [sourceOf('count_labels.py'), config]);
  python.signal?.throwIfAborted();
  const counted = countedSchema.safeParse(parseJson(stdout.trim().split('\n').at(-1))).data;
  if (counted) return counted.rows;
  const log = join(python.work, 'train.log');
  writeFileSync(log, `${stdout}\n${stderr}`);
  const why = stderr.trim().split('\n').at(-1)?.slice(0, 300);
  throw new UserError(`TRL cannot read the rows (${why}). Read ${log}`);
};

/** How each trainer is started on a configuration, and told where to go on from. */
const commands: Readonly<Record<Trainer, (config: string, checkpoint?: string) => string[]>> = {
  trl: (config, checkpoint) => [
    ...['-c', 'import sys; from trl.cli import main; sys.exit(main())', 'sft'],
    ...['--config', config],
    ...(checkpoint === undefined ? [] : ['--resume_from_checkpoint', checkpoint]),
  ],
  axolotl: (config, checkpoint) => [
    ...['-m', 'axolotl.cli.train', config],
    ...(checkpoint === undefined ? [] : ['--resume_from_checkpoint', checkpoint]),
  ],
};

/** A trainer on a configuration, to its end; `checkpoint` is where it goes on from. */
export const runTrainer = (
  python: Python,
  trainer: Trainer,
  config: string,
  checkpoint: string | undefined,
  onStdout: (text: string) => void,
): Promise<ProcessResult> => runPython(python, commands[trainer](config, checkpoint), onStdout);
