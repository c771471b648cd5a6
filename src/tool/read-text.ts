// SPDX-License-Identifier: GPL-3.0-only
import { decodeUtf8 } from '../data/decode-utf8.ts';
import type { Overlay, TreeSide } from '../workspace/overlay.ts';
import { ToolFault } from './tool.ts';

/** Text of UTF-8 bytes, a byte order mark included; `undefined` for anything else and for binary files. */
export const decodeText = (bytes: Uint8Array): string | undefined =>
  bytes.includes(0) ? undefined : decodeUtf8(bytes);

/** Bytes of a file. @throws ToolFault when there is none; Denied */
export const readBytes = async (
  overlay: Overlay,
  path: string,
  side?: TreeSide,
): Promise<Uint8Array> => {
  const bytes = await overlay.read(path, side);
  if (bytes) return bytes;
  throw new ToolFault(`there is no file ${JSON.stringify(path)}; list_files shows what there is`);
};

/** Text of a file. @throws ToolFault when there is none or it is not UTF-8 text; Denied */
export const readText = async (
  overlay: Overlay,
  path: string,
  side?: TreeSide,
): Promise<string> => {
  const text = decodeText(await readBytes(overlay, path, side));
  if (text === undefined) {
    throw new ToolFault(`${JSON.stringify(path)} is not UTF-8 text; leave it as it is`);
  }
  return text;
};
