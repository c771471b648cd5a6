// SPDX-License-Identifier: GPL-3.0-only
import fs from 'node:fs';
import fsp, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/*
 * Preloaded (`node --import`) into a night, it counts what the process writes to files and, at the
 * write it was told, sends its own process a signal. Production code has no hook for this.
 */

export const killer = fileURLToPath(import.meta.url);

/** The variable that tells a preloaded killer what to do, as JSON of `orderSchema`. */
export const orderVariable = 'PANTHEON_TEST_KILL';

export const orderSchema = z.strictObject({
  /** A regular expression: writes to other paths do not count. */
  path: z.string(),
  /** Which of them, from 1. */
  nth: z.int().positive(),
  /** `torn`: the first half of the bytes is written; a rename has no half and is not done. */
  when: z.enum(['before', 'torn', 'after']),
  signal: z.enum(['SIGKILL', 'SIGINT', 'SIGSTOP']),
  /** Where the paths of all writes are listed when the process ends. */
  list: z.string().optional(),
});

export type KillOrder = Readonly<z.output<typeof orderSchema>>;

const interfere = (order: KillOrder): void => {
  const counted = new RegExp(order.path);
  const seen: string[] = [];

  /** Says what is to happen at this write, which is counted. */
  const next = (path: string): KillOrder['when'] | undefined => {
    if (!counted.test(path)) return undefined;
    seen.push(path);
    return seen.length === order.nth ? order.when : undefined;
  };
  const strike = (): void => {
    process.kill(process.pid, order.signal);
  };
  const around = <T>(path: string, half: () => void, whole: () => T): T => {
    const when = next(path);
    if (when === 'torn') half();
    if (when === 'before' || when === 'torn') strike();
    const result = whole();
    if (when === 'after') {
      if (result instanceof Promise) return result.finally(strike) as T;
      strike();
    }
    return result;
  };

  const { openSync, closeSync, writeSync, appendFileSync, writeFileSync, renameSync } = fs;
  const { open, writeFile, rename } = fsp;
  const paths = new Map<number, string>();
  fs.openSync = (path, ...rest) => {
    const fd = openSync(path, ...rest);
    paths.set(fd, String(path));
    return fd;
  };
  fs.closeSync = (fd) => {
    paths.delete(fd);
    closeSync(fd);
  };
  // What writes a file whole may write to its descriptor, which is the same write.
  let whole = false;
  fs.writeSync = ((fd: number, bytes: Uint8Array, from = 0) =>
    around(
      whole ? '' : (paths.get(fd) ?? ''),
      () => writeSync(fd, halfOf(bytes)),
      () => writeSync(fd, bytes, from),
    )) as typeof fs.writeSync;
  fs.writeFileSync = ((path: string | number, data: string, ...rest: readonly []) => {
    // To a descriptor it writes as above.
    if (typeof path === 'number') return writeFileSync(path, data, ...rest);
    const write = () => {
      whole = true;
      try {
        writeFileSync(path, data, ...rest);
      } finally {
        whole = false;
      }
    };
    return around(path, () => writeFileSync(path, halfOf(data)), write);
  }) as typeof fs.writeFileSync;
  fs.renameSync = (from, to) =>
    around(
      String(to),
      () => {},
      () => renameSync(from, to),
    );
  fsp.writeFile = ((path: string, data: string, ...rest: readonly []) =>
    around(
      String(path),
      () => writeFileSync(path, halfOf(data)),
      () => writeFile(path, data, ...rest),
    )) as typeof fsp.writeFile;
  fsp.rename = (from, to) =>
    around(
      String(to),
      () => {},
      () => rename(from, to),
    );
  fsp.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    const appendFile: FileHandle['appendFile'] = handle.appendFile.bind(handle);
    handle.appendFile = (data, ...options) =>
      around(
        String(path),
        () => appendFileSync(path, halfOf(data as string)),
        () => appendFile(data, ...options),
      );
    return handle;
  };
  syncBuiltinESMExports();
  const { list } = order;
  if (list !== undefined) process.on('exit', () => writeFileSync(list, seen.join('\n')));
};

const halfOf = (data: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(data as string);
  return bytes.subarray(0, Math.ceil(bytes.length / 2));
};

const text = process.env[orderVariable];
if (text !== undefined) {
  delete process.env[orderVariable];
  interfere(orderSchema.parse(JSON.parse(text)));
}
