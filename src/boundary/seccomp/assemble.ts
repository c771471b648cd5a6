// SPDX-License-Identifier: GPL-3.0-only

/** One instruction of a classic BPF program (linux/filter.h). */
export type Instruction = {
  readonly code: number;
  /** Instructions skipped when a test holds, and when it does not. */
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
};

/** Instructions that end by returning an answer. */
export type Block = readonly Instruction[];

const tests = { equal: 0x15, above: 0x25, atLeast: 0x35, anyOf: 0x45 } as const;
type Test = keyof typeof tests;

const plain = (code: number, k: number): Instruction => ({ code, jt: 0, jf: 0, k });

/** Loads the 32 bits at an offset of `struct seccomp_data`. */
export const load = (offset: number): Instruction => plain(0x20, offset);

/** Keeps only these bits of what was loaded. */
export const mask = (bits: number): Instruction => plain(0x54, bits);

/** Ends with an answer. */
export const answer = (value: number): Instruction => plain(0x06, value);

/** Runs the block when the test holds of what was loaded, and otherwise goes on behind it. */
export const when = (test: Test, value: number, block: Block): Block => [
  { code: tests[test], jt: 0, jf: within(block), k: value },
  ...block,
];

/** Runs the block unless the test holds. */
export const unless = (test: Test, value: number, block: Block): Block => [
  { code: tests[test], jt: within(block), jf: 0, k: value },
  ...block,
];

const within = ({ length }: Block): number => {
  if (length > 255) throw new RangeError(`a jump over ${length} instructions does not fit a byte`);
  return length;
};

/** The program as `struct sock_filter[]` of a little-endian machine. */
export const assemble = (program: Block): Uint8Array => {
  const bytes = Buffer.alloc(8 * program.length);
  for (const [index, { code, jt, jf, k }] of program.entries()) {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(jt, 8 * index + 2);
    bytes.writeUInt8(jf, 8 * index + 3);
    bytes.writeUInt32LE(k >>> 0, 8 * index + 4);
  }
  return bytes;
};
