// SPDX-License-Identifier: GPL-3.0-only
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { acquireLock } from '../trace/lock.ts';
import { type ForgeIntent, forgeIntentSchema } from './intent.ts';

/*
 * What is to be written to a forge waits here, a file each, numbered as it was asked for.
 * A file goes when what it asks for is known to be done; so who sends it again after a crash
 * first asks the forge whether it went through.
 */

/** Something that waits, and the git bundle beside it where it needs one. */
export type QueuedIntent = {
  readonly id: string;
  readonly intent: ForgeIntent;
  readonly bundle: string | undefined;
};

/** Older versions wrote a number alone, or a time and the id of a process. */
const nameOf = /^(\d+)(?:-[0-9a-f]+)?\.json$/;

/** All that waits, in the order it was asked for. @throws UserError naming a `.json` that is not an intent. */
export const readOutbox = async (folder: string): Promise<readonly QueuedIntent[]> => {
  const names = await list(folder);
  const intents = names.filter((name) => name.endsWith('.json')).sort();
  const unknown = intents.find((name) => !nameOf.test(name));
  if (unknown !== undefined) {
    throw new UserError('this version of Pantheon does not know such a name. Move the file away.', {
      place: { file: join(folder, unknown) },
    });
  }
  const waiting: QueuedIntent[] = [];
  for (const name of intents) {
    const id = basename(name, '.json');
    const intent = await readIntent(join(folder, name));
    // Sent by another since the folder was listed.
    if (!intent) continue;
    const bundle = join(folder, `${id}.bundle`);
    waiting.push({ id, intent, bundle: names.includes(`${id}.bundle`) ? bundle : undefined });
  }
  return waiting;
};

/** Takes the outbox for sending, or says who has it. */
export const lockOutbox = async (
  folder: string,
): Promise<{ readonly release: () => void } | { readonly busy: string }> => {
  try {
    return { release: await acquireLock(join(folder, 'lock'), 'sync') };
  } catch (error) {
    if (error instanceof UserError) return { busy: error.message };
    throw error;
  }
};

/** Puts an intent on disk, flushed, behind all that wait, and returns its id. */
export const putIntent = async (
  folder: string,
  intent: ForgeIntent,
  bundle?: Uint8Array,
): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const id = await nextId(folder);
  // The bundle first: an intent is there with all it needs or not at all.
  if (bundle) await writeFlushed(join(folder, `${id}.bundle`), bundle);
  const draft = join(folder, `.${id}`);
  await writeFlushed(draft, `${JSON.stringify(intent, null, 2)}\n`);
  await rename(draft, join(folder, `${id}.json`));
  await flushFolder(folder);
  return id;
};

const numberOf = (name: string): number => Number(nameOf.exec(name)?.[1] ?? 0);

/** Behind all that wait, and another than that of any process which asks at the same time. */
const nextId = async (folder: string): Promise<string> => {
  const number = 1 + Math.max(0, ...(await list(folder)).map(numberOf));
  return `${String(number).padStart(8, '0')}-${randomBytes(4).toString('hex')}`;
};

/** Takes out what is done. */
export const dropIntent = async (folder: string, id: string): Promise<void> => {
  await rm(join(folder, `${id}.json`), { force: true });
  await rm(join(folder, `${id}.bundle`), { force: true });
};

/** Puts aside what the forge will never take, with the reason beside it. */
export const refuseIntent = async (folder: string, id: string, reason: string): Promise<void> => {
  const aside = join(folder, 'refused');
  await mkdir(aside, { recursive: true });
  const stamp = `${new Date().toISOString().replace(/[:.]/g, '-')}-${id}`;
  await writeFlushed(join(aside, `${stamp}.txt`), `${reason}\n`);
  await move(join(folder, `${id}.bundle`), join(aside, `${stamp}.bundle`));
  await move(join(folder, `${id}.json`), join(aside, `${stamp}.json`));
};

const list = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

const readIntent = async (file: string): Promise<ForgeIntent | undefined> => {
  try {
    return forgeIntentSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError('this version of Pantheon cannot send the file. Move it away.', {
      place: { file },
      cause,
    });
  }
};

const writeFlushed = async (file: string, content: string | Uint8Array): Promise<void> => {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const flushFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const move = async (from: string, to: string): Promise<void> => {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};
