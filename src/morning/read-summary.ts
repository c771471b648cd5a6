// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { type Summary, summarySchema } from './summary.ts';

/** `summary.json` of a night's folder. @throws UserError where it is missing, cut or of another version. */
export const readSummary = async (folder: string): Promise<Summary> => {
  const file = join(folder, 'summary.json');
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UserError('is missing: that night was not published', { place: { file }, cause });
  });
  try {
    return summarySchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      'is not the summary of a night that was published. It may be cut, or of another version of Pantheon',
      { place: { file }, cause },
    );
  }
};

/** The same, or nothing for a night whose summary cannot be read: it must not stand in the way of the others. */
export const summaryIfReadable = async (folder: string): Promise<Summary | undefined> => {
  try {
    return await readSummary(folder);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};
