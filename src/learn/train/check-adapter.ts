// SPDX-License-Identifier: GPL-3.0-only
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { readSafetensors } from './safetensors.ts';

/** What holds the weights of an adapter. */
export const adapterFiles = ['adapter_model.safetensors', 'adapter_config.json'] as const;

const configSchema = z.object({ base_model_name_or_path: z.string(), r: z.int().positive() });

/** What a PEFT adapter says it is for; `undefined` for another kind of adapter. */
export const readAdapterShape = (
  folder: string,
): { readonly base: string; readonly rank: number } | undefined => {
  const file = join(folder, adapterFiles[1]);
  if (!existsSync(file)) return undefined;
  const said = configSchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data;
  return said && { base: said.base_model_name_or_path, rank: said.r };
};

/** Why a folder is not the LoRA adapter that was asked for; `undefined` where it is. */
export const refuseAdapter = (
  folder: string,
  { base, rank }: { readonly base: string; readonly rank: number },
): string | undefined => {
  const [weights, config] = adapterFiles.map((name) => join(folder, name)) as [string, string];
  if (!existsSync(weights) || !existsSync(config)) {
    return `${folder} has no ${adapterFiles.join(' and ')}`;
  }
  const said = configSchema.safeParse(parseJson(readFileSync(config, 'utf8'))).data;
  if (!said) return `${config} cannot be read`;
  if (said.base_model_name_or_path !== base) {
    return `${folder} is an adapter of ${said.base_model_name_or_path}, not of ${base}`;
  }
  if (said.r !== rank) return `${folder} is an adapter of rank ${said.r}, not of rank ${rank}`;
  return refuseWeights(weights);
};

const refuseWeights = (file: string): string | undefined => {
  const descriptor = openSync(file, 'r');
  try {
    readSafetensors(descriptor, file);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  } finally {
    closeSync(descriptor);
  }
};
