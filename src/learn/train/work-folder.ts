// SPDX-License-Identifier: GPL-3.0-only
import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { adapterFiles } from './check-adapter.ts';
import { ggufName } from './convert-adapter.ts';
import type { TrainingRows, TrainingStep } from './read-rows.ts';

/** What a training must have in common with the one that it goes on with. */
export type Identity = {
  readonly base: string;
  readonly method: string;
  readonly trainer: string;
  readonly rank: string;
  readonly epochs: string;
  readonly rate: string;
  readonly dataset: string;
};

const identitySchema = z.record(z.string(), z.string());

/** Where the training of an agent is at work, on the file system that its adapter goes to; a dry run has its own place. */
export const workFolder = (models: string, agent: string, dry: boolean): string =>
  join(models, '.training', dry ? `${agent}.dry-run` : agent);

/** Makes an empty folder of work, or goes on with one. @throws UserError where another training was begun there. */
export const openWork = (work: string, identity: Identity, resume: boolean): void => {
  const file = join(work, 'identity.json');
  if (!resume) {
    const checkpoint = lastCheckpoint(join(work, 'out'));
    if (checkpoint !== undefined) {
      throw new UserError(
        `a training that was begun got to ${checkpoint}. Go on with --resume, or remove ${work} to begin again`,
      );
    }
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    writeFileSync(file, canonicalJson(identity));
    return;
  }
  const before = existsSync(file)
    ? identitySchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data
    : undefined;
  if (!before) throw new UserError(`--resume: nothing was begun in ${work}. Leave --resume out`);
  for (const [key, value] of Object.entries(identity)) {
    if (before[key] === value) continue;
    throw new UserError(
      `--resume: what was begun has the ${key} ${before[key]}, and this is ${value}. Ask for the same, or remove ${work} to begin again`,
    );
  }
};

/** A row as TRL reads it. */
export const trlRow = ({ prompt, completion, chat_template_kwargs }: TrainingStep): object => ({
  ...{ prompt, completion, chat_template_kwargs },
});

/** Writes rows as a trainer reads them. */
export const writeRows = (
  folder: string,
  { train, heldOut }: Pick<TrainingRows, 'train' | 'heldOut'>,
  rowOf: (step: TrainingStep) => object,
): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, rows] of [['train', train] as const, ['test', heldOut] as const]) {
    if (rows.length === 0) continue;
    const lines = rows.map((row) => JSON.stringify(rowOf(row)));
    writeFileSync(join(folder, `${name}.jsonl`), `${lines.join('\n')}\n`);
  }
};

/** The last whole checkpoint: its state is written last. */
export const lastCheckpoint = (out: string): string | undefined => {
  const steps = (existsSync(out) ? readdirSync(out) : [])
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a)
    .map((step) => join(out, `checkpoint-${step}`));
  return steps.find((folder) => existsSync(join(folder, 'trainer_state.json')));
};

/** The name that comes after all of an agent: `agent@1`, `agent@2` and so on. */
export const nextName = (models: string, agent: string): string => {
  const numbers = (existsSync(models) ? readdirSync(models) : []).flatMap((name) => {
    const at = name.lastIndexOf('@');
    return name.slice(0, at) === agent && /^\d+$/.test(name.slice(at + 1))
      ? Number(name.slice(at + 1))
      : [];
  });
  return `${agent}@${Math.max(0, ...numbers) + 1}`;
};

/** Puts what was trained in its place whole, by one rename, and takes the work away. Returns the place. */
export const placeTrained = (
  { work, models, name }: { readonly work: string; readonly models: string; readonly name: string },
  isAdapter: boolean,
  texts: Readonly<Record<string, string>>,
): string => {
  const [out, whole, place] = [join(work, 'out'), join(work, 'whole'), join(models, name)];
  rmSync(whole, { recursive: true, force: true });
  mkdirSync(whole);
  const files = isAdapter
    ? [...adapterFiles, ggufName].filter((file) => existsSync(join(out, file)))
    : readdirSync(out).filter((file) => !/^checkpoint-|^training_args\.bin$/.test(file));
  for (const file of files) {
    cpSync(join(out, file), join(whole, file), { recursive: true });
    flush(join(whole, file));
  }
  for (const [file, text] of Object.entries(texts)) {
    writeFileSync(join(whole, file), text, { flush: true });
  }
  renameSync(whole, place);
  rmSync(work, { recursive: true, force: true });
  return place;
};

/** What a rename shows must be on the disk before it. */
const flush = (path: string): void => {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
};
