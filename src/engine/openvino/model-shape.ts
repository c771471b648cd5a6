// SPDX-License-Identifier: GPL-3.0-only
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GgufTensorInfo } from 'node-llama-cpp';
import { printable } from '../../data/printable.ts';
import type { ResolvedModel } from '../models/model-files.ts';

/** What a model's files say before anything loads them. */
export type ModelShape = {
  /** Tokens that the model was trained for; nothing where its files do not say. */
  readonly trainedTokens: number | undefined;
};

/** Why this engine cannot use the model, and what to do. */
export class WrongModel extends Error {
  override readonly name = 'WrongModel';
}

/** What an export leaves in a folder, and what is wrong where it is missing. */
const parts = [
  ['openvino_model.xml', 'the model'],
  ['openvino_model.bin', 'its weights'],
  ['openvino_tokenizer.xml', 'its tokenizer'],
  ['openvino_detokenizer.xml', 'its detokenizer'],
] as const;

/**
 * Looks at a model's files: whether they are of a kind that OpenVINO reads, all there and whole.
 * @throws WrongModel
 */
export const readModelShape = async (model: ResolvedModel): Promise<ModelShape> => {
  const { form, path } = model;
  if (form === 'gguf') return ggufShape(model);
  if (form !== 'openvino') {
    throw new WrongModel(
      `${path} is ${form === 'peft-adapter' ? 'an adapter' : 'a Hugging Face folder'}, which OpenVINO does not read; export it (optimum-cli export openvino --model ${path} FOLDER), or give a GGUF`,
    );
  }
  const there = new Set(model.files.map((file) => file.path));
  if (!there.has('openvino_model.xml')) {
    throw new WrongModel(`${path} is a model of images and text; give a language model`);
  }
  const missing = parts.find(([name]) => !there.has(name));
  if (missing) {
    throw new WrongModel(
      `${path} is not whole: ${missing[0]} (${missing[1]}) is missing; fetch or export it again`,
    );
  }
  return { trainedTokens: contextOf(await readConfig(path)) };
};

const ggufShape = async ({ path, files }: ResolvedModel): Promise<ModelShape> => {
  if (files.length > 1) {
    throw new WrongModel(
      `${path} is in ${files.length} parts, which OpenVINO does not read; merge them (llama-gguf-split --merge), or use engine llama`,
    );
  }
  const wrong = (why: string, cause?: unknown): WrongModel =>
    new WrongModel(`${path} cannot be used: ${why}; give a whole GGUF file of a language model`, {
      cause,
    });
  const { readGgufFileInfo } = await import('node-llama-cpp');
  const head = await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false }).catch(
    (error: unknown) => {
      throw wrong(printable(String(error)), error);
    },
  );
  const { size } = await stat(path);
  // OpenVINO ends its process over a file that is cut short.
  const needed = Math.max(head.infoEndOffset ?? 0, ...(head.tensorInfo ?? []).map(tensorEnd));
  if (size < needed) throw wrong(`it has ${size} bytes of at least ${needed}`);
  const trainedTokens: unknown = head.architectureMetadata?.context_length;
  if (typeof trainedTokens !== 'number') throw wrong('it is not a language model');
  return { trainedTokens };
};

/** Blocks of values: how many values, and bytes; https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const blocks: Readonly<Record<number, readonly [values: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  30: [1, 2],
};

const tensorEnd = ({ dimensions, ggmlType, fileOffset }: GgufTensorInfo): number => {
  const [perBlock, bytes] = blocks[ggmlType] ?? [1, 0];
  const values = dimensions.reduce<number>((product, length) => product * Number(length), 1);
  return Number(fileOffset) + Math.ceil(values / perBlock) * bytes;
};

const largestConfig = 2 ** 20;

/** A folder's config.json; nothing where there is none that can be read. */
const readConfig = async (folder: string): Promise<unknown> => {
  const path = join(folder, 'config.json');
  try {
    if ((await stat(path)).size > largestConfig) return undefined;
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
};

type Config = { readonly max_position_embeddings?: unknown; readonly text_config?: unknown };

/** `max_position_embeddings`, in some models' files one level down. */
const contextOf = (config: unknown): number | undefined => {
  if (!isConfig(config)) return undefined;
  const text = isConfig(config.text_config) ? config.text_config : {};
  return [config, text]
    .map(({ max_position_embeddings: tokens }) => tokens)
    .find((tokens): tokens is number => Number.isSafeInteger(tokens) && Number(tokens) > 0);
};

const isConfig = (value: unknown): value is Config => typeof value === 'object' && value !== null;
