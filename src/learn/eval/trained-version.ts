// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { readAdapterShape } from '../train/check-adapter.ts';
import { nextName } from '../train/work-folder.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const factsSchema = z.object({
  name: z.string(),
  agent: z.string(),
  base: z.object({ name: z.string().min(1), digest }),
  recipe: z.object({ method: z.string(), rank: z.int().positive() }),
  dataset: digest,
  specs: z.array(z.string()).optional(),
});

/** What `pantheon train` wrote beside an adapter, as far as it is held to it. */
export type TrainedVersion = Readonly<z.output<typeof factsSchema>>;

/**
 * `AGENT@N` in its parts; an agent alone stands for its newest version in the models folder.
 * @throws UserError for anything else.
 */
export const parseVersion = (
  text: string,
  models: string,
): { readonly agent: string; readonly version: number } => {
  const [, agent, number] = /^([a-z0-9][a-z0-9._-]*)@([1-9]\d{0,8})$/i.exec(text) ?? [];
  if (agent !== undefined && number !== undefined) return { agent, version: Number(number) };
  if (/^[a-z0-9][a-z0-9._-]*$/i.test(text)) {
    const newest = Number(nextName(models, text).split('@').at(-1)) - 1;
    if (newest > 0) return { agent: text, version: newest };
    throw new UserError(`${models} has no version of ${text}. Train one: pantheon train ${text}`);
  }
  throw new UserError(`"${text}" is not a version. Write one such as doc.frontmatter@3`);
};

/**
 * What was trained, by `training.json` in an adapter's folder.
 * @throws UserError where it is missing, of something else, or not what the adapter itself says.
 */
export const readTrainedVersion = (folder: string, name: string): TrainedVersion => {
  const file = join(folder, 'training.json');
  const refuse = (message: string): never => {
    throw new UserError(message, { place: { file } });
  };
  if (!existsSync(file)) {
    return refuse(
      'is missing, and nothing else says what was trained. Train with "pantheon train"',
    );
  }
  const facts = factsSchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data;
  if (!facts) return refuse('is not what "pantheon train" writes. Train again');
  const { recipe, base } = facts;
  if (facts.name !== name) return refuse(`is of ${facts.name}, and this is ${name}. Train again`);
  if (recipe.method === 'full') {
    return refuse('is of all weights and not of an adapter. Name them as "model" in a profile');
  }
  const shape = readAdapterShape(folder);
  if (shape && shape.rank !== recipe.rank) {
    return refuse(
      `says rank ${recipe.rank}, and the adapter has rank ${shape.rank}. Train again; the files were mixed`,
    );
  }
  if (shape && lastPart(shape.base) !== lastPart(base.name)) {
    return refuse(
      `says the base ${base.name}, and the adapter was made for ${shape.base}. Train again; the files were mixed`,
    );
  }
  return facts;
};

const lastPart = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';
