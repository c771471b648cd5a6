// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { BundleFault, manifestName } from './bundle.ts';
import {
  isEntryIntact,
  longestHeader,
  readAt,
  scanEntries,
  splitEntryName,
  windowSize,
} from './pack-entries.ts';
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
 * What a pack contains. `bundles` is by `unit/node`; `end` is where the last whole bundle ends, and
 * what follows it is the directory of a finished pack or the torn rest of a write.
 */
export type PackIndex = {
  readonly bundles: Map<string, Extent>;
  readonly end: number;
  readonly finished: boolean;
};

/** Reads what a pack contains. @throws BundleFault when it is not a pack or a finished one was altered. */
export const scanPack = (fd: number, file: string): PackIndex => {
  const { size } = fstatSync(fd);
  const finished = endsDirectory(readAt(fd, Math.max(0, size - 22), Math.min(22, size)));
  const bundles = new Map<string, Extent>();
  const groups = groupBundles(scanEntries(fd, size, file), file, bundles);
  return finished
    ? { bundles, end: verifyDirectory(fd, size, groups, file), finished }
    : { bundles, end: dropTorn(fd, size, groups, file, bundles), finished };
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
      throw new BundleFault(file, `contains ${entry.name} twice or in the wrong place`);
    }
    open.names.add(base);
    if (base === manifestName) {
      bundles.set(key, { start: open.start, end: entry.end });
      open = undefined;
    }
    yield entry;
  }
}

/** Compares the directory with the one that the entries give; returns where it starts. */
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
  const actual = createHash('sha256');
  for (let at = end; at < size; at += windowSize) {
    actual.update(readAt(fd, at, Math.min(windowSize, size - at)));
  }
  if (!expected.digest().equals(actual.digest())) {
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
  size: number,
  entries: Iterable<ZipEntry>,
  file: string,
  bundles: Map<string, Extent>,
): number => {
  let end = 0;
  let next = 0;
  let intact = true;
  let fault: BundleFault | undefined;
  try {
    for (const entry of entries) {
      next = entry.end;
      intact &&= isEntryIntact(fd, entry, file);
      if (!entry.name.endsWith(manifestEnd)) continue;
      if (intact) end = next;
      intact = true;
    }
  } catch (error) {
    if (!(error instanceof BundleFault)) throw error;
    fault = error;
  }
  if (holdsManifest(fd, next, size, file)) {
    throw fault ?? new BundleFault(file, `was altered at byte ${next}: whole bundles follow`);
  }
  for (const [key, extent] of bundles) if (extent.end > end) bundles.delete(key);
  return end;
};

const manifestEnd = `/${manifestName}`;

/**
 * Whether a whole manifest lies behind the point where entries end. A crash tears only what was
 * written last, so then the pack was damaged, and cutting it there would lose what follows.
 */
const holdsManifest = (fd: number, from: number, size: number, file: string): boolean => {
  for (let start = from; start < size; start += windowSize) {
    const window = readAt(fd, start, Math.min(windowSize + longestHeader, size - start));
    for (let at = window.indexOf(signature); at >= 0 && at < windowSize; ) {
      const headerEnd = localHeaderEnd(window, at) ?? Number.POSITIVE_INFINITY;
      const entry = headerEnd <= window.length && decodeLocalHeader(window, at, start + at);
      const whole = entry && entry.end <= size && entry.name.endsWith(manifestEnd);
      if (whole && isEntryIntact(fd, entry, file)) return true;
      at = window.indexOf(signature, at + 1);
    }
  }
  return false;
};

const signature = Buffer.from('PK\x03\x04', 'latin1');
