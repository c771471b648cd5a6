// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { UserError } from '../../../src/data/user-error.ts';
import { convertAdapter, ggufName } from '../../../src/learn/train/convert-adapter.ts';
import { each } from '../../each.ts';
import { encodeSafetensors, type Stored } from '../../tiny-model/safetensors.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

const llama = {
  architectures: ['LlamaForCausalLM'],
  num_attention_heads: 4,
  num_key_value_heads: 2,
};
const lora = { peft_type: 'LORA', r: 2, lora_alpha: 8, bias: 'none', use_dora: false };

const at = 'base_model.model.model.layers.0.self_attn.q_proj.lora_';

const stored = (name: string, shape: readonly number[], value?: number): Stored => {
  const length = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length }, (_, index) => value ?? index + 1);
  return { name, type: 'F32', shape, bytes: new Uint8Array(values.buffer) };
};

const pair: readonly Stored[] = [stored(`${at}A.weight`, [2, 8]), stored(`${at}B.weight`, [16, 2])];

type Case = {
  readonly base?: object;
  readonly config?: object;
  readonly weights?: Buffer;
};

const convert = (t: ExecutionContext, { base, config, weights }: Case): string => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...llama, ...base }));
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify({ ...lora, ...config }));
  writeFileSync(join(folder, 'adapter_model.safetensors'), weights ?? encodeSafetensors(pair));
  const target = join(folder, ggufName);
  try {
    convertAdapter(folder, folder, target);
    return target;
  } catch (error) {
    t.false(existsSync(target));
    t.is(readdirSync(folder).length, 3);
    throw error;
  }
};

const read = async (file: string) => {
  // It awaits as it is loaded, and tests are declared before that ends.
  const { readGgufFileInfo } = await import('node-llama-cpp');
  const { metadata, fullTensorInfo } = await readGgufFileInfo(file, { logWarnings: false });
  const bytes = readFileSync(file);
  const tensors = (fullTensorInfo ?? []).map(({ name, dimensions, ggmlType, fileOffset }) => {
    const [columns = 0, rows = 0] = dimensions.map(Number);
    const from = bytes.buffer.slice(
      bytes.byteOffset + Number(fileOffset),
      bytes.byteOffset + Number(fileOffset) + rows * columns * (ggmlType === 0 ? 4 : 2),
    );
    const values = ggmlType === 0 ? new Float32Array(from) : new Float16Array(from);
    return [name, { rows, columns, ggmlType, values }] as const;
  });
  return { metadata, tensors: new Map(tensors) };
};

test('a PEFT adapter as GGUF, tensor for tensor what llama.cpp reads', async (t) => {
  const tiny = cachedTinyModel();
  const target = join(temporaryFolder(t), ggufName);
  convertAdapter(tiny.hfAdapter, tiny.hf, target);
  const [ours, theirs] = [await read(target), await read(tiny.adapter)];
  t.like(ours.metadata, {
    general: { architecture: 'llama', type: 'adapter', file_type: 1 },
    adapter: { type: 'lora', lora: { alpha: 16 } },
  });
  t.deepEqual([...ours.tensors.keys()].sort(), [...theirs.tensors.keys()].sort());
  for (const [name, { rows, columns, values }] of theirs.tensors) {
    const tensor = ours.tensors.get(name);
    t.deepEqual([tensor?.rows, tensor?.columns, tensor?.ggmlType], [rows, columns, 1]);
    t.deepEqual(tensor?.values, new Float16Array(values));
  }
});

test('rows of q and k change places for llama, and for no other', async (t) => {
  const half = fc.integer({ min: 1, max: 4 });
  const kind = fc.constantFrom('LlamaForCausalLM', 'Qwen2ForCausalLM', 'Gemma3ForCausalLM');
  const heads = fc.integer({ min: 1, max: 4 });
  const layer = fc.constantFrom('q', 'k', 'v', 'o');
  await fc.assert(
    fc.asyncProperty(half, heads, heads, kind, layer, async (size, queries, keys, name, part) => {
      const count = part === 'k' ? keys : queries;
      const rows = count * size * 2;
      const factors = ['A', 'B'].map((factor) =>
        stored(
          `${at.replace('q_proj', `${part}_proj`)}${factor}.weight`,
          factor === 'A' ? [2, 3] : [rows, 2],
        ),
      );
      const file = convert(t, {
        base: { architectures: [name], num_attention_heads: queries, num_key_value_heads: keys },
        weights: encodeSafetensors(factors),
      });
      const places = Array.from({ length: count }, (_, head) =>
        Array.from({ length: size }, (_, at) =>
          [0, 1].map((which) => (head * 2 + which) * size + at),
        ),
      ).flat(2);
      const turned = name === 'LlamaForCausalLM' && 'qk'.includes(part);
      const order = turned ? places : Array.from({ length: rows }, (_, row) => row);
      const { tensors } = await read(file);
      const b = [...tensors].find(([tensor]) => tensor.endsWith('.lora_b'))?.[1];
      t.deepEqual(
        [...(b?.values ?? [])],
        order.flatMap((row) => [row * 2 + 1, row * 2 + 2]),
      );
    }),
    { numRuns: 25 },
  );
});

test('numbers of a brain float are the same numbers', async (t) => {
  const brain = ({ bytes, ...tensor }: Stored): Stored => {
    const bits = Uint16Array.from(
      new Uint32Array(bytes.buffer as ArrayBuffer),
      (word) => word >>> 16,
    );
    return { ...tensor, type: 'BF16' as 'F16', bytes: new Uint8Array(bits.buffer) };
  };
  const file = convert(t, { weights: encodeSafetensors(pair.map(brain)) });
  const a = (await read(file)).tensors.get('blk.0.attn_q.weight.lora_a');
  t.deepEqual(
    [...(a?.values ?? [])],
    Array.from({ length: 16 }, (_, index) => index + 1),
  );
});

/** A file with this head, whatever it says, before 32 bytes. */
const withHead = (head: string, length = BigInt(Buffer.byteLength(head))): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(length);
  return Buffer.concat([bytes, Buffer.from(head), Buffer.alloc(32)]);
};

const one = (more: object, name = `${at}A.weight`): Buffer =>
  withHead(
    JSON.stringify({ [name]: { dtype: 'F32', shape: [2, 4], data_offsets: [0, 32], ...more } }),
  );

const whole = encodeSafetensors(pair);
const named = (name: string) => ({ weights: one({}, name) });

const refused = test.macro((t, asked: Case, message: RegExp) => {
  t.throws(() => convert(t, asked), { instanceOf: UserError, message });
});

each(refused, {
  'an empty file': [{ weights: Buffer.alloc(0) }, /safetensors: is cut or empty/],
  'a file cut within its numbers': [{ weights: whole.subarray(0, -1) }, /is cut or empty/],
  'a file cut within its head': [{ weights: whole.subarray(0, 40) }, /is cut or empty/],
  'more numbers than it names': [{ weights: Buffer.concat([whole, whole]) }, /is cut or empty/],
  'a head of 16 exabytes': [{ weights: withHead('{}', 2n ** 64n - 1n) }, /is cut or empty/],
  'a head of a gigabyte': [{ weights: withHead('{}', 10n ** 9n) }, /is cut or empty/],
  'a head that is not JSON': [{ weights: withHead('[{') }, /is not a safetensors file/],
  'a head without tensors': [{ weights: withHead('{}') }, /is cut or empty/],
  'numbers of eight bytes': [
    { weights: one({ dtype: 'F64' }) },
    /tensor that cannot be read \(base_model/,
  ],
  'numbers of a type that none has': [{ weights: one({ dtype: 7 }) }, /cannot be read/],
  'a shape beyond all files': [{ weights: one({ shape: [2 ** 40, 2 ** 40] }) }, /damaged/],
  'a side below nothing': [{ weights: one({ shape: [-2, -4] }) }, /cannot be read/],
  'an end before the beginning': [{ weights: one({ data_offsets: [32, 0] }) }, /damaged/],
  'a gap before the numbers': [{ weights: one({ data_offsets: [16, 48] }) }, /damaged/],
  'a name that climbs': [
    named('../../etc/passwd'),
    /"\.\.\/\.\.\/etc\/passwd" has no place in a GGUF/,
  ],
  'the name of what every object has': [
    named('base_model.model.model.layers.0.constructor.name.lora_A.weight'),
    /has no place/,
  ],
  embeddings: [named('base_model.model.model.embed_tokens.lora_embedding_A'), /has no place/],
  'a block without end': [named(`${at.replace('.0.', '.99999.')}A.weight`), /has no place/],
  'one factor alone': [
    named(`${at}A.weight`),
    /q_proj\.lora_A\.weight" stands without the other factor/,
  ],
  'a factor of another rank': [{ config: { r: 3 } }, /shape 2 x 8, not of rank 3/],
  'rows that are not of its heads': [
    { base: { num_attention_heads: 16 } },
    /16 rows, not those of 16 heads/,
  ],
  'a number beyond half precision': [
    { weights: encodeSafetensors([stored(`${at}A.weight`, [2, 8], 65_520), pair[1]!]) },
    /blk\.0\.attn_q\.weight\.lora_a has a number that half precision cannot hold/,
  ],
  'a number that is none': [
    { weights: encodeSafetensors([pair[0]!, stored(`${at}B.weight`, [16, 2], Number.NaN)]) },
    /lora_b has a number/,
  ],
  'a base of another kind': [
    { base: { architectures: ['MambaForCausalLM'] } },
    /MambaForCausalLM has no GGUF form here/,
  ],
  'the class that every object has': [
    { base: { architectures: ['constructor'] } },
    /constructor has no GGUF form/,
  ],
  'a base of no kind': [{ base: { architectures: undefined } }, /"architectures" has no place/],
  'directions and lengths apart': [
    { config: { use_dora: true } },
    /"use_dora" has no place in a GGUF adapter/,
  ],
  'ranks of their own': [{ config: { rank_pattern: { q_proj: 4 } } }, /"rank_pattern"/],
  'whole layers beside it': [{ config: { modules_to_save: ['lm_head'] } }, /"modules_to_save"/],
  'a key that nobody knows': [{ config: { kasa_config: { beta: 1 } } }, /"kasa_config"/],
  'a beginning that changed the base': [
    { config: { init_lora_weights: 'pissa' } },
    /"init_lora_weights"/,
  ],
  'another method': [{ config: { peft_type: 'LOHA' } }, /"peft_type"/],
  'nothing to add': [{ config: { lora_alpha: 0 } }, /"lora_alpha"/],
});
