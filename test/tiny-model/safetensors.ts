// SPDX-License-Identifier: GPL-3.0-only

export type Stored = {
  readonly name: string;
  readonly type: 'F16' | 'F32';
  /** Outermost first, as Hugging Face writes shapes. */
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
};

/** A safetensors file: the header's length, the header as JSON, the numbers. */
export const encodeSafetensors = (tensors: readonly Stored[]): Buffer => {
  let offset = 0;
  const entries = tensors.map(({ name, type, shape, bytes }) => {
    const begin = offset;
    offset += bytes.length;
    return [name, { dtype: type, shape, data_offsets: [begin, offset] }] as const;
  });
  const header = JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) });
  const padded = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...tensors.map(({ bytes }) => bytes)]);
};
