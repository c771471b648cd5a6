// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { isSegment } from '../../trace/bundle.ts';
import { type Night, nightEnd, nightSchema } from './night-schemas.ts';

/**
 * Makes `traces/<date>`, or `<date>-2` and so on where that night has been. A night that was
 * interrupted before anything was decided has not been.
 */
export const createNightFolder = async (
  traces: string,
  startedAt: string,
): Promise<{ readonly id: string; readonly folder: string }> => {
  await mkdir(traces, { recursive: true });
  const date = startedAt.slice(0, 10);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? date : `${date}-${number}`;
    const folder = join(traces, id);
    try {
      await mkdir(folder);
      return { id, folder };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await isUndecided(folder)) return { id, folder };
    }
  }
};

const isUndecided = async (folder: string): Promise<boolean> => {
  const names = await readdir(folder).catch(() => undefined);
  return names?.every((name) => name === draft) === true;
};

const draft = 'night.json.new';

/** Ends the name of a night's folder that was given up. */
export const putAside = '.aside';

/** Writes `night.json` by rename: a night is decided whole or not at all. */
export const writeNight = async (folder: string, night: Night): Promise<void> => {
  await writeFile(join(folder, draft), `${JSON.stringify(nightSchema.encode(night), null, 2)}\n`);
  await rename(join(folder, draft), join(folder, 'night.json'));
};

/** A night's folder among the others, for a night that came from elsewhere. @throws UserError for an invalid name. */
export const nightFolderIn =
  (traces: string) =>
  ({ id }: Pick<Night, 'id'>): string => {
    if (!isSegment(id)) throw new UserError(`"${id}" is not the id of a night`);
    return join(traces, id);
  };

/** @throws UserError with advice when the file is not what a night of this version wrote. */
export const readNight = async (folder: string, advice = 'Start a new one'): Promise<Night> => {
  const file = join(folder, 'night.json');
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UserError('is missing; that folder is not a night', { place: { file }, cause });
  });
  try {
    return nightSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(`${whyUnread(cause)}. ${advice}`, { place: { file }, cause });
  }
};

const whyUnread = (cause: unknown): string => {
  const changed =
    cause instanceof z.ZodError ? cause.issues.find(({ code }) => code === 'custom') : undefined;
  return changed === undefined
    ? 'was not written by this version of Pantheon'
    : `${changed.path.join('.')} ${changed.message}, so it was changed since the night began`;
};

/**
 * Folders of the nights that were decided and have not ended, in the order of their names. All are
 * looked at: the one that was interrupted may bear an earlier date than one that ended.
 */
export const unfinishedNights = async (traces: string): Promise<readonly string[]> => {
  const names = await readdir(traces).catch(() => []);
  const unfinished: string[] = [];
  for (const name of names.sort(byNight)) {
    const folder = join(traces, name);
    if (name.endsWith(putAside)) continue;
    const files = await readdir(folder).catch((): string[] => []);
    if (files.includes('night.json') && !(await hasEnded(folder))) unfinished.push(folder);
  }
  return unfinished;
};

const lastLine = Buffer.from(`${JSON.stringify(nightEnd)}\n`);

/** Reads no more of a journal than its last line: there is one for every night so far. */
const hasEnded = async (folder: string): Promise<boolean> => {
  const journal = await open(join(folder, 'journal.jsonl')).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!journal) return false;
  try {
    const { size } = await journal.stat();
    const { length } = lastLine;
    const { buffer } = await journal.read(
      Buffer.alloc(length),
      0,
      length,
      Math.max(0, size - length),
    );
    return buffer.equals(lastLine);
  } finally {
    await journal.close();
  }
};

/** Compares the names of nights: `2026-11-21` before `2026-11-21-2` before `2026-11-21-10` before `2026-11-22`. */
export const byNight = (a: string, b: string): number =>
  a.localeCompare(b, 'en', { numeric: true, sensitivity: 'variant' });
