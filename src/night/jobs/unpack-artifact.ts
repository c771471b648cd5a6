// SPDX-License-Identifier: GPL-3.0-only
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';
import { isSegment } from '../../trace/bundle.ts';
import { ArtifactFault } from './artifact-contents.ts';

/** What an artifact may hold, whatever its zip says. */
export type UnpackLimits = { readonly entries: number; readonly bytes: number };

/**
 * Unpacks an artifact's zip into a new folder and says how many bytes that are. Only plain files with plain names, at
 * most three folders deep, are taken; all others, and what is larger than it says, are refused with the whole.
 * @throws ArtifactFault, and then the folder holds a part.
 */
export const unpackArtifact = async (
  file: string,
  folder: string,
  limits: UnpackLimits,
): Promise<number> => {
  await mkdir(folder);
  try {
    const zip = await openPromise(file, { strictFileNames: true, autoClose: false });
    try {
      if (zip.entryCount > limits.entries) throw new ArtifactFault('holds too many files');
      let bytes = 0;
      for await (const entry of zip.eachEntry()) {
        const path = plainPath(entry);
        if (path === undefined) continue;
        bytes += entry.uncompressedSize;
        if (bytes > limits.bytes) throw new ArtifactFault('is too large once it is unpacked');
        const target = join(folder, path);
        await mkdir(dirname(target), { recursive: true });
        // It ends with an error where there are more bytes than the entry says.
        const content = await zip.openReadStreamPromise(entry);
        await pipeline(content, createWriteStream(target, { flags: 'wx' }));
      }
      return bytes;
    } finally {
      zip.close();
    }
  } catch (cause) {
    if (cause instanceof ArtifactFault) throw cause;
    const words = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new ArtifactFault(`is not a zip that a job leaves: ${words}`, { cause });
  }
};

const deepest = 3;
const typeMask = 0o170000;
const plainFile = 0o100000;

/** Where an entry goes; nothing for a folder, which its files bring. */
const plainPath = (entry: Entry): string | undefined => {
  const { fileName } = entry;
  const shown = JSON.stringify(fileName.slice(0, 200));
  const isFolder = fileName.endsWith('/');
  const parts = fileName.replace(/\/$/, '').split('/');
  if (parts.length > deepest || !parts.every(isSegment)) {
    throw new ArtifactFault(`holds ${shown}, which is not a name`);
  }
  const type = (entry.externalFileAttributes >>> 16) & typeMask;
  if (isFolder) return undefined;
  if ((type !== 0 && type !== plainFile) || entry.isEncrypted()) {
    throw new ArtifactFault(`holds ${shown}, which is not a plain file`);
  }
  return fileName;
};
