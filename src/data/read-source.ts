// SPDX-License-Identifier: GPL-3.0-only
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { UserError } from './user-error.ts';

/** A YAML or JSON file a person writes may hold at most this many bytes. */
export const maxDocumentBytes = 1024 * 1024;

/** Text of a file a person wrote, with the name to use in messages. */
export type Source = { readonly name: string; readonly text: string };

/**
 * Reads a file as strict UTF-8, at most `maxBytes` long.
 * @throws UserError when it is missing, a directory, too large or not UTF-8.
 */
export const readSource = async (
  path: string,
  name = path,
  maxBytes = maxDocumentBytes,
): Promise<Source> => {
  // Without O_NONBLOCK, opening a pipe would wait for its other end.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((cause: NodeJS.ErrnoException) => {
    const message =
      cause.code === 'ENOENT'
        ? 'does not exist. Check the path'
        : `cannot be read (${cause.code}). Check the path and its permissions`;
    throw new UserError(message, { place: { file: name }, cause });
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      const kind = stat.isDirectory() ? 'is a directory' : 'is not a regular file';
      throw new UserError(`${kind}. Give the path of a file`, { place: { file: name } });
    }
    if (stat.size > maxBytes) throw tooLarge(name, stat.size, maxBytes);
    return decodeSource(await handle.readFile(), name, maxBytes);
  } finally {
    await handle.close();
  }
};

/** The same checks as `readSource` for bytes at hand, for example a git blob. */
export const decodeSource = (
  bytes: Uint8Array,
  name: string,
  maxBytes = maxDocumentBytes,
): Source => {
  if (bytes.length > maxBytes) throw tooLarge(name, bytes.length, maxBytes);
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (cause) {
    throw new UserError('is not UTF-8. Save it as UTF-8', { place: { file: name }, cause });
  }
};

const tooLarge = (name: string, size: number, maxBytes: number): UserError =>
  new UserError(`has ${size} bytes, more than the ${maxBytes} allowed. Make it smaller`, {
    place: { file: name },
  });
