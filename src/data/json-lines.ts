// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { canonicalJson } from './digest.ts';
import { UserError } from './user-error.ts';

/**
 * Reads an append-only file of JSON lines; a missing file is empty and a last line that a crash
 * left half written is left out.
 * @throws UserError on any other line that is not JSON of that schema.
 */
export const readJsonLines = async <S extends z.ZodType>(
  path: string,
  schema: S,
): Promise<readonly z.output<S>[]> => {
  const { lines, torn } = splitLines(await readText(path));
  const whole = lines.map((line, index) => parseLine(line, schema, path, index + 1));
  // Without its line feed a line may still be whole; only one that does not parse was torn.
  const last = torn === '' ? undefined : parseTorn(torn, schema);
  return last === undefined ? whole : [...whole, last];
};

/** Appends one line per value and flushes; a torn last line is cut off first. */
export const appendJsonLines = async <S extends z.ZodType>(
  path: string,
  schema: S,
  values: readonly z.output<S>[],
): Promise<void> => {
  if (values.length === 0) return;
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a+');
  try {
    const bytes = await handle.readFile();
    const end = bytes.lastIndexOf('\n') + 1;
    const torn = bytes.subarray(end).toString('utf8');
    const whole = torn !== '' && parseTorn(torn, schema) !== undefined;
    if (torn !== '' && !whole) await handle.truncate(end);
    const added = values.map((value) => `${canonicalJson(value)}\n`).join('');
    await handle.appendFile(whole ? `\n${added}` : added);
    await handle.datasync();
  } finally {
    await handle.close();
  }
};

const readText = async (path: string): Promise<string> => {
  const handle = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new UserError(`cannot be read (${cause.code}). Check its permissions`, {
      place: { file: path },
      cause,
    });
  });
  if (!handle) return '';
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
};

const splitLines = (text: string): { lines: readonly string[]; torn: string } => {
  const parts = text.split('\n');
  return { lines: parts.slice(0, -1), torn: parts.at(-1) ?? '' };
};

const parseLine = <S extends z.ZodType>(
  line: string,
  schema: S,
  file: string,
  number: number,
): z.output<S> => {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new UserError('is not a line that Pantheon wrote. Restore or remove the line', {
      place: { file, line: number },
      cause,
    });
  }
};

const parseTorn = <S extends z.ZodType>(line: string, schema: S): z.output<S> | undefined => {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
};
