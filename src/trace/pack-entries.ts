// SPDX-License-Identifier: GPL-3.0-only
import { readSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import { BundleFault, bundleFileNames, bundleLimits, isSegment, manifestName } from './bundle.ts';
import { decodeLocalHeader, localHeaderEnd, localHeaderSize, type ZipEntry } from './zip-format.ts';

const knownNames: ReadonlySet<string> = new Set([...bundleFileNames, manifestName]);
const longestName = 2 * 200 + 2 + 32;

/** The most bytes a local header with its name may have. */
export const longestHeader = localHeaderSize + longestName;

/** Packs are read in pieces of this many bytes. */
export const windowSize = 256 * 1024;

/** `unit/node` and file name of an entry. @throws BundleFault for a name that is not one of a pack. */
export const splitEntryName = (
  name: string,
  file: string,
): readonly [key: string, base: string] => {
  const [unit, node, base, ...rest] = name.split('/');
  const isEntryPath =
    unit && node && base && rest.length === 0 && isSegment(unit) && isSegment(node);
  if (!isEntryPath || !knownNames.has(base)) {
    throw new BundleFault(
      file,
      `contains ${JSON.stringify(name)}, which is not a file of a bundle`,
    );
  }
  return [`${unit}/${node}`, base];
};

/**
 * The entries of a pack by their local headers, in order, until the last one that is there whole.
 * Central directories are for other tools: reading goes by what the writer wrote.
 * @throws BundleFault for an entry of another kind than packs have.
 */
export function* scanEntries(fd: number, size: number, file: string): Generator<ZipEntry> {
  let window: Buffer = Buffer.alloc(0);
  let windowStart = 0;
  let offset = 0;
  for (;;) {
    let at = offset - windowStart;
    let headerEnd = at < window.length ? localHeaderEnd(window, at) : undefined;
    if (headerEnd === undefined || headerEnd > window.length) {
      window = readAt(fd, offset, Math.min(windowSize, size - offset));
      windowStart = offset;
      at = 0;
      headerEnd = localHeaderEnd(window, 0);
    }
    if (headerEnd === undefined || headerEnd > window.length) return;
    const entry = decodeLocalHeader(window, at, offset);
    if (!entry || entry.name.length > longestName || entry.size > bundleLimits.fileBytes) {
      throw new BundleFault(file, `has an entry at byte ${offset} that is not an entry of a pack`);
    }
    if (entry.end > size) return;
    yield entry;
    offset = entry.end;
  }
}

/**
 * Content of an entry, its checksum verified; `packed` is the entry's data.
 * @throws BundleFault when it is not what the header says.
 */
export const unpackEntry = (entry: ZipEntry, packed: Buffer, file: string): Buffer => {
  const content = entry.deflated ? inflate(packed, entry.size) : packed;
  if (content?.length !== entry.size || crc32(content) !== entry.crc) {
    throw new BundleFault(`${file}/${entry.name}`, 'was altered: its checksum differs');
  }
  return content;
};

const inflate = (packed: Buffer, size: number): Buffer | undefined => {
  try {
    return inflateRawSync(packed, { maxOutputLength: size });
  } catch {
    // Damaged or longer than announced; either way not what was written.
    return undefined;
  }
};

/** Whether an entry's data is what its header says. */
export const isEntryIntact = (fd: number, entry: ZipEntry, file: string): boolean => {
  try {
    unpackEntry(entry, readAt(fd, entry.dataOffset, entry.packedSize), file);
    return true;
  } catch (error) {
    if (error instanceof BundleFault) return false;
    throw error;
  }
};

/** `length` bytes from `offset` on, fewer where the file ends. */
export const readAt = (fd: number, offset: number, length: number): Buffer => {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, offset + filled);
    if (count === 0) return bytes.subarray(0, filled);
    filled += count;
  }
  return bytes;
};
