// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import { BundleFault, bundleFileNames, bundleLimits, isSegment, manifestName } from './bundle.ts';
import {
  decodeLocalHeader,
  encodeDirectory,
  endsDirectory,
  localHeaderEnd,
  type ZipEntry,
} from './zip-format.ts';

/** Where a bundle lies in its pack: from its first entry's header to the end of its manifest. */
export type Extent = { readonly start: number; readonly end: number };

/**
 * What a pack holds. `bundles` is by `unit/node`; `end` is where the last whole bundle ends, and
 * what follows it is the directory of a finished pack or the torn rest of a write.
 */
export type PackIndex = {
  readonly bundles: Map<string, Extent>;
  readonly end: number;
  readonly finished: boolean;
};

const knownNames: ReadonlySet<string> = new Set([...bundleFileNames, manifestName]);
const longestName = 2 * 200 + 2 + 32;
const windowSize = 256 * 1024;

/** `unit/node` and file name of an entry. @throws BundleFault for a name no pack holds. */
export const splitEntryName = (
  name: string,
  file: string,
): readonly [key: string, base: string] => {
  const [unit, node, base, ...rest] = name.split('/');
  const known = unit && node && base && rest.length === 0 && isSegment(unit) && isSegment(node);
  if (!known || !knownNames.has(base)) {
    throw new BundleFault(file, `holds ${JSON.stringify(name)}, which is no file of a bundle`);
  }
  return [`${unit}/${node}`, base];
};

/**
 * The entries of a pack by their local headers, in order, until the last one that is there whole.
 * Central directories are for other tools: reading goes by what the writer wrote.
 * @throws BundleFault for an entry of a kind that no pack holds.
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
      throw new BundleFault(file, `holds an entry at byte ${offset} that no pack holds`);
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

/** Reads what a pack holds. @throws BundleFault when it is not a pack or a finished one was altered. */
export const scanPack = (fd: number, file: string): PackIndex => {
  const { size } = fstatSync(fd);
  const finished = endsDirectory(readAt(fd, Math.max(0, size - 22), Math.min(22, size)));
  const bundles = new Map<string, Extent>();
  const groups = groupBundles(scanEntries(fd, size, file), file, bundles);
  return finished
    ? { bundles, end: verifyDirectory(fd, size, groups, file), finished }
    : { bundles, end: dropTorn(fd, groups, file, bundles), finished };
};

/** Passes entries on, filling `bundles` as their manifests come by. */
function* groupBundles(
  entries: Iterable<ZipEntry>,
  file: string,
  bundles: Map<string, Extent>,
): Generator<ZipEntry> {
  let open: { key: string; start: number; names: Set<string> } | undefined;
  for (const entry of entries) {
    const [key, base] = splitEntryName(entry.name, file);
    open ??= { key, start: entry.offset, names: new Set() };
    if (open.key !== key || open.names.has(base) || bundles.has(key)) {
      throw new BundleFault(file, `holds ${entry.name} out of place or twice`);
    }
    open.names.add(base);
    if (base === manifestName) {
      bundles.set(key, { start: open.start, end: entry.end });
      open = undefined;
    }
    yield entry;
  }
}

/** Holds the directory to the one its entries ask for; returns where it starts. */
const verifyDirectory = (
  fd: number,
  size: number,
  entries: Iterable<ZipEntry>,
  file: string,
): number => {
  let end = 0;
  const noted = function* (): Generator<ZipEntry> {
    for (const entry of entries) {
      end = entry.end;
      yield entry;
    }
  };
  const expected = createHash('sha256');
  for (const chunk of encodeDirectory(noted())) expected.update(chunk);
  const found = createHash('sha256');
  for (let at = end; at < size; at += windowSize) {
    found.update(readAt(fd, at, Math.min(windowSize, size - at)));
  }
  if (!expected.digest().equals(found.digest())) {
    throw new BundleFault(file, `was altered: from byte ${end} on it is not what was written`);
  }
  return end;
};

/**
 * Where the last bundle of an unfinished pack ends whose bytes all arrived, forgetting those after
 * it. A damaged bundle before that point was altered, not torn: it stays, to be refused when read.
 */
const dropTorn = (
  fd: number,
  entries: Iterable<ZipEntry>,
  file: string,
  bundles: Map<string, Extent>,
): number => {
  let end = 0;
  let intact = true;
  for (const entry of entries) {
    intact &&= isIntact(fd, entry, file);
    if (!entry.name.endsWith(`/${manifestName}`)) continue;
    if (intact) end = entry.end;
    intact = true;
  }
  for (const [key, extent] of bundles) if (extent.end > end) bundles.delete(key);
  return end;
};

const isIntact = (fd: number, entry: ZipEntry, file: string): boolean => {
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
