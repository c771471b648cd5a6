// SPDX-License-Identifier: GPL-3.0-only
import type { Input } from '../../agent/schema.ts';
import type { Overlay } from '../../workspace/overlay.ts';
import type { BoundAgent } from '../open/bound-agent.ts';

/** Adds the file itself for an agent that works file by file; bytes that are no text stay out. */
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

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decode = (path: string, bytes: Uint8Array): string => {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) throw new UnreadableFile(path, 'is UTF-16, not UTF-8');
  if (bytes.includes(0)) throw new UnreadableFile(path, 'is binary');
  try {
    return decoder.decode(bytes);
  } catch {
    throw new UnreadableFile(path, 'is not UTF-8 text');
  }
};

/** The unit's file cannot be given to a model. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';

  constructor(path: string, what: string) {
    super(`${path} ${what}`);
  }
}
