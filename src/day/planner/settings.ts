// SPDX-License-Identifier: GPL-3.0-only
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { noHome, userFolder } from '../../config/user-folder.ts';
import { readDocument } from '../../data/read-document.ts';
import { UserError } from '../../data/user-error.ts';
import { webUrl } from '../models/source.ts';

/** The planner a person opted in to. */
export type PlannerSettings = {
  /** `chat/completions` is below it. */
  readonly url: URL;
  readonly model: string;
  readonly key?: string;
};

const fileSchema = z.strictObject({
  url: z.string().min(1).max(2000),
  model: z.string().min(1).max(200),
  key: z.string().min(1).max(1000).optional(),
});

/** `pantheon/day.yaml` in the XDG config folder. */
export const settingsFile = (environment: NodeJS.ProcessEnv): string => {
  const folder = userFolder('CONFIG', environment);
  if (folder === undefined) throw noHome('PANTHEON_DAY_URL and PANTHEON_DAY_MODEL');
  return join(folder, 'pantheon', 'day.yaml');
};

/**
 * The planner of the environment, else of the user's own file; never of a repository, and never a
 * mixture: an address from one place must not get the key of another.
 * @throws UserError when there is none, it is incomplete, or others could have written it.
 */
export const plannerSettings = async (environment: NodeJS.ProcessEnv): Promise<PlannerSettings> => {
  const { PANTHEON_DAY_URL: url, PANTHEON_DAY_MODEL: model, PANTHEON_DAY_KEY: key } = environment;
  if (url || model || key) {
    if (!url || !model) {
      throw new UserError('set both PANTHEON_DAY_URL and PANTHEON_DAY_MODEL, or neither');
    }
    return checked({ url, model, ...(key && { key }) }, 'PANTHEON_DAY_URL');
  }
  const path = settingsFile(environment);
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) {
    throw new UserError(
      `no planner is set up, and nothing needs one; to use one, set PANTHEON_DAY_URL and PANTHEON_DAY_MODEL, or write url and model into ${path}`,
    );
  }
  const uid = process.getuid?.();
  if (!stats.isFile() || (uid !== undefined && stats.uid !== uid) || (stats.mode & 0o022) !== 0) {
    throw new UserError('is not a file of yours that only you can write; make it one (chmod 600)', {
      place: { file: path },
    });
  }
  const settings = await readDocument(path, fileSchema);
  if (settings.key !== undefined && (stats.mode & 0o077) !== 0) {
    throw new UserError('contains a key and others can read it; chmod 600', {
      place: { file: path },
    });
  }
  return checked(settings, path);
};

const checked = (
  { url, model, key }: z.output<typeof fileSchema>,
  from: string,
): PlannerSettings => {
  const base = webUrl(url, from);
  if (base.search !== '' || base.hash !== '') {
    throw new UserError(
      `${from}: contains a "?" or a "#"; give the address before /chat/completions`,
    );
  }
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new UserError(`${from}: the key contains a blank or a character that no key has`);
  }
  base.pathname = base.pathname.replace(/\/*$/, '/');
  return { url: base, model, ...(key !== undefined && { key }) };
};
