// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../trace/shown-values.ts';

/** What holds the weights of an adapter. */
export const adapterFiles = ['adapter_model.safetensors', 'adapter_config.json'] as const;

const configSchema = z.object({ base_model_name_or_path: z.string(), r: z.int().positive() });
const tensorSchema = z.object({ data_offsets: z.tuple([z.int(), z.int()]) });

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
  return isWhole(readFileSync(weights)) ? undefined : `${weights} is cut or empty`;
};

/** A head's length, the head, and the bytes that it names: https://huggingface.co/docs/safetensors */
const isWhole = (bytes: Buffer): boolean => {
  if (bytes.length < 8) return false;
  const length = Number(bytes.readBigUInt64LE(0));
  const head = parseJson(bytes.toString('utf8', 8, 8 + length));
  if (head === null || typeof head !== 'object') return false;
  const ends = Object.entries(head)
    .filter(([name]) => name !== '__metadata__')
    .map(([, tensor]) => tensorSchema.safeParse(tensor).data?.data_offsets[1] ?? Number.NaN);
  return ends.length > 0 && Math.max(...ends) === bytes.length - 8 - length;
};
