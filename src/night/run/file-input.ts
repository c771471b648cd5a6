// SPDX-License-Identifier: GPL-3.0-only
import type { Input } from '../../agent/schema.ts';
import { decodeUtf8 } from '../../data/decode-utf8.ts';
import type { Overlay } from '../../workspace/overlay.ts';
import type { BoundAgent } from '../open/bound-agent.ts';

/** Adds the file itself for an agent that works file by file; what is not text stays out. */
export const fileInput = async (
  { agent }: BoundAgent,
  input: Input,
  overlay: Overlay,
): Promise<Input> => {
  const { role, unit } = agent.manifest;
  const [path] = input.unit.paths;
  if (role !== 'work' || unit !== 'file' || path === undefined) return input;
  const bytes = await overlay.read(path);
  return { ...input, path, body: decode(path, bytes ?? new Uint8Array()), rules: input.spec.rules };
};

const decode = (path: string, bytes: Uint8Array): string => {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) throw new UnreadableFile(path, 'is UTF-16, not UTF-8');
  if (bytes.includes(0)) throw new UnreadableFile(path, 'is binary');
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new UnreadableFile(path, 'is not UTF-8 text');
  return text;
};

/** The unit's file cannot be given to a model. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';

  constructor(path: string, what: string) {
    super(`${path} ${what}`);
  }
}
