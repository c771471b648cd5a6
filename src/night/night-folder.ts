// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { readJournal } from '../trace/journal.ts';
import { journalSchema, type Night, nightSchema } from './records.ts';

/** Makes `traces/<date>`, or `<date>-2` and so on where that night has been. */
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
    }
  }
};

/** Writes `night.json` by rename: a night is decided whole or not at all. */
export const writeNight = async (folder: string, night: Night): Promise<void> => {
  await writeFile(join(folder, 'night.json.new'), `${JSON.stringify(night, null, 2)}\n`);
  await rename(join(folder, 'night.json.new'), join(folder, 'night.json'));
};

/** @throws UserError when the file is not what a night wrote. */
export const readNight = async (folder: string): Promise<Night> => {
  const file = join(folder, 'night.json');
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UserError('is missing; that folder holds no night', { place: { file }, cause });
  });
  try {
    return nightSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError('is not a night this version wrote; start a new one', {
      place: { file },
      cause,
    });
  }
};

/**
 * The newest night when it was decided and has not ended: the one to resume. A folder without
 * `night.json` was interrupted before anything was decided and holds nothing.
 */
export const unfinishedNight = async (traces: string): Promise<string | undefined> => {
  const names = await readdir(traces).catch(() => []);
  const [newest] = names.sort(byNight).reverse();
  if (newest === undefined) return undefined;
  const folder = join(traces, newest);
  if (!(await readdir(folder)).includes('night.json')) return undefined;
  const records = await readJournal(join(folder, 'journal.jsonl'), journalSchema);
  const last = records.at(-1);
  return last?.type === 'night' && last.state === 'end' ? undefined : folder;
};

/** `2026-11-21` before `2026-11-21-2` before `2026-11-21-10` before `2026-11-22`. */
const byNight = (a: string, b: string): number =>
  a.localeCompare(b, 'en', { numeric: true, sensitivity: 'variant' });
