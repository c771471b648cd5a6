// SPDX-License-Identifier: GPL-3.0-only
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  writeFileSync,
} from 'node:fs';
import { type BundleAddress, BundleFault, bundleLimits } from './bundle.ts';
import type { BundleContents } from './bundle-codec.ts';
import { readAt, scanEntries, splitEntryName, unpackEntry } from './pack-entries.ts';
import { type Extent, type PackIndex, scanPack } from './pack-index.ts';
import { decodeLocalHeader, encodeDirectory, encodeEntry, localHeaderEnd } from './zip-format.ts';

/** The index of a pack, whoever writes it. @throws BundleFault as `scanPack` does. */
export const indexPack = (path: string): PackIndex =>
  withFile(path, constants.O_RDONLY, (fd) => scanPack(fd, path));

/**
 * Makes a pack ready to append to, creating it where it is missing and cutting off a directory or
 * what a crash left half written. @throws BundleFault when it was altered.
 */
export const recoverPack = (path: string): PackIndex =>
  withFile(path, constants.O_RDWR | constants.O_CREAT, (fd) => {
    const index = scanPack(fd, path);
    if (fstatSync(fd).size > index.end) ftruncateSync(fd, index.end);
    return { ...index, finished: false };
  });

/**
 * Appends one bundle in a single write at `end`, where the last one ended, and returns where it lies. Opening the file each time costs 2 microseconds and holds no descriptor,
 * however many specs are under way.
 * @throws Error when another process wrote to the file, or with the cause when it cannot be written.
 */
export const appendBundle = (
  path: string,
  end: number,
  address: BundleAddress,
  contents: BundleContents,
): Extent =>
  withFile(path, constants.O_WRONLY | constants.O_APPEND, (fd) => {
    if (fstatSync(fd).size !== end) {
      throw new Error(
        `${path} is being written by another process. Give each process its own pack`,
      );
    }
    const prefix = `${address.unit}/${address.node}/`;
    const bytes = Buffer.concat(
      [...contents].flatMap(([name, content]) => encodeEntry(prefix + name, content)),
    );
    try {
      writeFileSync(fd, bytes);
    } catch (cause) {
      // A full disk: take back what did arrive, so that the next bundle starts at a known place.
      ftruncateSync(fd, end);
      throw new Error(`${path} cannot be written`, { cause });
    }
    return { start: end, end: end + bytes.length };
  });

/** Writes the directory behind the bundles and waits for the disk. */
export const finishPack = (path: string, end: number): void =>
  withFile(path, constants.O_RDWR | constants.O_APPEND, (fd) => {
    ftruncateSync(fd, end);
    for (const chunk of encodeDirectory(scanEntries(fd, end, path))) writeFileSync(fd, chunk);
    fsyncSync(fd);
  });

/** Contents of the bundle at `extent`. @throws BundleFault when a checksum differs or a limit is exceeded. */
export const readExtent = (path: string, { start, end }: Extent): BundleContents => {
  const bytes = withFile(path, constants.O_RDONLY, (fd) => readAt(fd, start, end - start));
  const contents = new Map<string, Buffer>();
  let total = 0;
  for (let at = 0; at < bytes.length; ) {
    const headerEnd = localHeaderEnd(bytes, at);
    const entry =
      headerEnd !== undefined && headerEnd <= bytes.length && decodeLocalHeader(bytes, at, at);
    total += entry ? entry.size : 0;
    if (!entry || entry.end > bytes.length || total > bundleLimits.bundleBytes) {
      throw new BundleFault(path, `was altered at byte ${start + at}`);
    }
    const [, name] = splitEntryName(entry.name, path);
    contents.set(name, unpackEntry(entry, bytes.subarray(entry.dataOffset, entry.end), path));
    at = entry.end;
  }
  return contents;
};

const withFile = <T>(path: string, flags: number, use: (fd: number) => T): T => {
  const fd = openSync(path, flags, 0o644);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
};
