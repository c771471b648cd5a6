// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { parseJson } from '../../trace/shown-values.ts';

const minedSchema = z.object({
  files: z.array(z.object({ name: z.string().regex(/^[\w.-]+$/), sha256: z.string() })),
});

const messages = z.array(z.object({ role: z.string(), content: z.string() })).min(1);
const stepSchema = z.object({
  /** `night/spec/unit/node#step` */
  id: z.string(),
  task: z.string(),
  stage: z.number(),
  prompt: messages,
  completion: messages,
  chat_template_kwargs: z.record(z.string(), z.unknown()),
});
const reviewSchema = z.object({ task: z.string(), label: z.string(), right: z.boolean() });

/** A good answer and what was before it, as `pantheon mine` writes it into `steps` and `decisions`. */
export type TrainingStep = z.output<typeof stepSchema>;

/** The rows of one agent. */
export type TrainingRows = {
  readonly train: readonly TrainingStep[];
  readonly heldOut: readonly TrainingStep[];
  /** What its right reviews were about, good or bad; `undefined` for who reviews nothing. */
  readonly labels: readonly string[] | undefined;
  /** sha256 over the names and digests of all files of the dataset. */
  readonly digest: string;
};

/** The files that have the rows of a way to be asked. */
export type TrainedFiles = 'steps' | 'decisions';

type MinedFiles = readonly Readonly<z.output<typeof minedSchema>['files'][number]>[];

/**
 * Reads an agent's rows from a folder of `pantheon mine`, and holds every file to its digest: in `dataset.json`, where it is
 * not given.
 * @throws UserError where one is missing or is not as it was mined.
 */
export const readRows = (
  folder: string,
  agent: string,
  from: TrainedFiles,
  files: MinedFiles = filesOf(folder),
): TrainingRows => {
  const texts = new Map(
    files.map(({ name, sha256: digest }) => {
      const path = join(folder, name);
      if (!existsSync(path)) throw again(path, 'is missing');
      const bytes = readFileSync(path);
      if (sha256(bytes) !== digest) throw again(path, 'has changed since it was mined');
      return [name, bytes.toString()];
    }),
  );
  const rowsIn = <Row extends { readonly task: string }>(name: string, schema: z.ZodType<Row>) =>
    (texts.get(name) ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const row = schema.safeParse(parseJson(line)).data;
        if (!row) throw again(join(folder, name), 'has a row of another form');
        return row;
      })
      .filter(({ task }) => task === agent);
  const reviews = from === 'steps' ? rowsIn('reviews.train.jsonl', reviewSchema) : [];
  return {
    train: rowsIn(`${from}.train.jsonl`, stepSchema),
    heldOut: rowsIn(`${from}.held-out.jsonl`, stepSchema),
    labels:
      reviews.length === 0
        ? undefined
        : reviews.filter(({ right }) => right).map(({ label }) => label),
    digest: sha256(files.map(({ name, sha256: digest }) => `${name} ${digest}\n`).join('')),
  };
};

const filesOf = (folder: string): MinedFiles => {
  const file = join(folder, 'dataset.json');
  if (!existsSync(file)) {
    throw new UserError(`${folder} has no dataset.json. Write rows with "pantheon mine --out DIR"`);
  }
  const mined = minedSchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data;
  if (!mined) throw again(file, 'cannot be read');
  return mined.files;
};

const again = (path: string, what: string): UserError =>
  new UserError(`${path} ${what}. Mine again into a new folder: pantheon mine --out DIR`);
