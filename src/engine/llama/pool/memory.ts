// SPDX-License-Identifier: GPL-3.0-only
import { stat } from 'node:fs/promises';
import type { ModelFacts } from './model-calls.ts';

/** Sequences in one context, at most (llama.cpp's `LLAMA_MAX_SEQ`). */
const maxSlotsEach = 256;

/** Of a GGUF, all its parts together where it has some [bytes]. */
export const weightBytes = async (path: string): Promise<number> => {
  const [, before, digits] = /^(.*-)00001-of-(\d{5})\.gguf$/.exec(path) ?? [];
  if (before === undefined || digits === undefined) return (await stat(path)).size;
  const paths = Array.from(
    { length: Number(digits) },
    (_, index) => `${before}${String(index + 1).padStart(5, '0')}-of-${digits}.gguf`,
  );
  const sizes = await Promise.all(paths.map((part) => stat(part).then(({ size }) => size)));
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** Why weights cannot be held, `undefined` where they can. */
export const weightsShortage = (weights: number, available: number): string | undefined =>
  weights > available
    ? `its weights take ${shown(weights)}, and ${shown(available)} of memory are free`
    : undefined;

/** Why a layout's prompts cannot be held, as `<key>: <reason>; <fix>`; `undefined` where they can. */
export const promptsShortage = (
  { slots, processes }: { readonly slots: number; readonly processes: number },
  {
    contextTokens,
    bytesPerToken,
    gpu,
  }: Pick<ModelFacts, 'contextTokens' | 'bytesPerToken' | 'gpu'>,
  available: number,
): string | undefined => {
  if (slots > maxSlotsEach * processes) {
    return `slots: one process has at most ${maxSlotsEach}, and ${slots} were asked of ${processes}; lower it`;
  }
  const need = slots * contextTokens * bytesPerToken;
  if (gpu !== undefined || need <= available) return undefined;
  return `contextTokens: ${slots} times ${contextTokens} tokens of prompts take ${shown(need)}, and ${shown(available)} of memory are free; lower it, or slots`;
};

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

const shown = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
};
