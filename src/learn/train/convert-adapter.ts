// SPDX-License-Identifier: GPL-3.0-only
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { adapterFiles } from './check-adapter.ts';
import { ggufHead, withPadding } from './gguf.ts';
import { readBytes, readSafetensors, type StoredTensor } from './safetensors.ts';

/** What `pantheon train` calls the GGUF beside an adapter's weights. */
export const ggufName = 'adapter.gguf';

/**
 * Bases by the class that `config.json` names, as llama.cpp calls them (`conversion/` there). It turns neighbours of a
 * head by their position where Hugging Face turns its halves, so rows of q and k change places: of `llama` only.
 */
const architectures: Readonly<Record<string, string>> = {
  LlamaForCausalLM: 'llama',
  Qwen2ForCausalLM: 'qwen2',
  Qwen3ForCausalLM: 'qwen3',
  Gemma3ForCausalLM: 'gemma3',
};

/** Layers by their name in Hugging Face's layout, as llama.cpp calls them (`gguf-py/gguf/tensor_mapping.py`). */
const layers: Readonly<Record<string, string>> = {
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
};

const count = z.int().positive().max(1_000_000);
const baseSchema = z.object({
  architectures: z.tuple([z.string()]),
  num_attention_heads: count,
  num_key_value_heads: count.optional(),
});

/** Keys of PEFT's LoraConfig that say nothing of what the weights are added to. */
const inert = new Set([
  ...['task_type', 'peft_version', 'auto_mapping', 'base_model_name_or_path', 'revision'],
  ...['inference_mode', 'target_modules', 'exclude_modules', 'layers_to_transform'],
  ...['layers_pattern', 'lora_dropout', 'megatron_core', 'qalora_group_size'],
]);

/** A plain sum `W + lora_alpha / r * B A`: with any other key set, it is something else. */
const adapterSchema = z
  .looseObject({
    peft_type: z.literal('LORA'),
    r: count,
    lora_alpha: z.number().positive().max(1e6),
    bias: z.literal('none').default('none'),
    init_lora_weights: z.boolean().default(true),
  })
  .superRefine(
    (
      { peft_type: _, r: _r, lora_alpha: _a, bias: _b, init_lora_weights: _i, ...rest },
      context,
    ) => {
      for (const [key, value] of Object.entries(rest)) {
        if (inert.has(key) || isEmpty(value)) continue;
        context.addIssue({ code: 'custom', path: [key], message: 'is set' });
      }
    },
  );

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === false ||
  (typeof value === 'object' && Object.keys(value as object).length === 0);

/** A tensor with its name at llama.cpp; `heads` where rows change places within each. */
type Renamed = { readonly from: StoredTensor; readonly name: string; readonly heads: number };

/**
 * Writes the PEFT adapter in `folder`, made for the model in `base`, as a GGUF LoRA at half precision to `target`:
 * the file that llama.cpp's `convert_lora_to_gguf.py --outtype f16` makes.
 * @throws UserError naming what of it has no place in such a file, or cannot be read; there is no file then.
 */
export const convertAdapter = (folder: string, base: string, target: string): void => {
  const [weights, config] = adapterFiles.map((name) => join(folder, name)) as [string, string];
  const shape = readAs(baseSchema, join(base, 'config.json'));
  const adapter = readAs(adapterSchema, config);
  const [className] = shape.architectures;
  const architecture = Object.hasOwn(architectures, className)
    ? architectures[className]
    : undefined;
  if (architecture === undefined) {
    const text = `${className.slice(0, 100)} has no GGUF form here, which is for ${Object.keys(architectures).join(', ')}`;
    throw new UserError(
      `${text}; serve the folder with vLLM, or use llama.cpp's convert_lora_to_gguf.py`,
    );
  }
  const { num_attention_heads: heads, num_key_value_heads: keyHeads = heads } = shape;
  const turned = architecture === 'llama' ? { attn_q: heads, attn_k: keyHeads } : {};
  const input = openSync(weights, 'r');
  try {
    const tensors = renamed(readSafetensors(input, weights), adapter.r, turned, weights);
    const metadata = {
      'general.architecture': architecture,
      'general.type': 'adapter',
      'general.file_type': { uint32: 1 },
      'adapter.type': 'lora',
      'adapter.lora.alpha': { float32: adapter.lora_alpha },
    };
    const head = ggufHead(
      metadata,
      tensors.map(({ from, name }) => ({ name, shape: from.shape })),
    );
    writeParts(target, function* () {
      yield head;
      for (const tensor of tensors) yield withPadding(inHalf(input, tensor, weights));
    });
  } finally {
    closeSync(input);
  }
};

const readAs = <T>(schema: z.ZodType<T>, file: string): T => {
  const read = schema.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = issue?.path.join('.') || 'all of it';
  throw new UserError(`"${at}" has no place in a GGUF adapter; serve the folder with vLLM`, {
    place: { file },
  });
};

const naming =
  /^base_model\.model\.model\.layers\.(0|[1-9]\d{0,3})\.(\w+\.\w+)\.lora_([AB])\.weight$/;

const renamed = (
  tensors: readonly StoredTensor[],
  rank: number,
  turned: Readonly<Record<string, number>>,
  file: string,
): readonly Renamed[] => {
  const wrong = (name: string, why: string): UserError =>
    new UserError(`"${name.slice(0, 200)}" ${why}; serve the folder with vLLM`, {
      place: { file },
    });
  const list = tensors.map((from): Renamed => {
    const [, block, layer = '', factor] = naming.exec(from.name) ?? [];
    const part = Object.hasOwn(layers, layer) ? layers[layer] : undefined;
    if (part === undefined) throw wrong(from.name, 'has no place in a GGUF adapter');
    const [rows = 0, columns] = from.shape;
    if (from.shape.length !== 2 || (factor === 'A' ? rows : columns) !== rank) {
      throw wrong(from.name, `has the shape ${from.shape.join(' x ')}, not of rank ${rank}`);
    }
    const heads = (factor === 'B' && turned[part]) || 0;
    if (heads > 0 && rows % (2 * heads) !== 0) {
      throw wrong(from.name, `has ${rows} rows, not those of ${heads} heads`);
    }
    return { from, heads, name: `blk.${block}.${part}.weight.lora_${factor === 'A' ? 'a' : 'b'}` };
  });
  const names = new Set(list.map(({ name }) => name));
  for (const { from, name } of list) {
    if (names.has(name.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')))) continue;
    throw wrong(from.name, 'stands without the other factor');
  }
  return list;
};

/** A tensor's bytes at half precision, to the nearest and ties to even. */
const inHalf = (input: number, { from, name, heads }: Renamed, file: string): Buffer => {
  const half = new Float16Array(numbersOf(readBytes(input, from.begin, from.bytes), from.dtype));
  if (!half.every(Number.isFinite)) {
    throw new UserError(`${name} has a number that half precision cannot hold. Train again`, {
      place: { file },
    });
  }
  const { buffer } = heads > 0 ? turnedRows(half, from.shape, heads) : half;
  return Buffer.from(buffer);
};

const numbersOf = (
  { buffer }: Buffer,
  dtype: StoredTensor['dtype'],
): Float16Array | Float32Array => {
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'F16') return new Float16Array(buffer);
  return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
};

/** Within each head, row `i` of its first half goes to `2 i` and of its second half to `2 i + 1`. */
const turnedRows = (
  values: Float16Array,
  [rows = 0, columns = 0]: readonly number[],
  heads: number,
): Float16Array => {
  const turned = new Float16Array(values.length);
  const size = rows / heads;
  for (let row = 0; row < rows; row += 1) {
    const within = row % size;
    const place = row - within + (within % (size / 2)) * 2 + Math.floor(within / (size / 2));
    turned.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
  }
  return turned;
};

/** Writes a file whole, or leaves none. */
const writeParts = (target: string, parts: () => Iterable<Buffer>): void => {
  const output = openSync(target, 'w');
  try {
    for (const part of parts()) {
      for (let written = 0; written < part.length; ) {
        written += writeSync(output, part, written);
      }
    }
    fsyncSync(output);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  } finally {
    closeSync(output);
  }
};
