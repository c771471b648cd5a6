// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, sha256 } from '../data/digest.ts';
import { installationFolder } from '../data/installation.ts';
import { memoise } from '../data/memoise.ts';
import { UserError } from '../data/user-error.ts';
import type { Asked } from '../spec/asked.ts';
import { type LikelyAsked, likelyAsked } from './likely/likely-asked.ts';
import { type OwnChores, refuseOwnChores } from './own-chores.ts';
import { type Chore, readChore } from './read-chore.ts';
import { readPlainSentence, readSentence } from './read-sentence.ts';

/** All chores that may be asked for, and what reads a sentence as such. */
export type Chores = {
  readonly all: ReadonlyMap<string, Chore>;
  /** sha256 over the manifests and modules of all of them. */
  readonly digest: string;
  /** See `readSentence`. */
  readonly read: (sentence: string) => readonly Asked[] | undefined;
  /** What a sentence that is not understood may mean. */
  readonly near: (sentence: string) => readonly Asked[] | undefined;
  /** See `likelyAsked`. */
  readonly likely: (sentence: string) => LikelyAsked | undefined;
  /** What runs the code of those that do not ship. */
  readonly own: OwnChores;
};

/** Those that ship are the same all night; a repository's are in another folder for each commit. */
const readOnce = memoise(100, readChore);

const open = memoise(20, (key): Omit<Chores, 'own'> => {
  const folders: readonly string[] = JSON.parse(key);
  const all = new Map<string, Chore>();
  const digests: Record<string, string> = {};
  for (const folder of folders.flatMap(choreFolders)) {
    const { chore, texts } = readOnce(folder);
    const { name } = chore.manifest;
    const other = all.get(name);
    if (other) {
      throw new UserError(`the chore "${name}" is in ${other.folder} too; rename one of them`, {
        place: { file: join(folder, 'chore.yaml') },
      });
    }
    all.set(name, chore);
    for (const [file, text] of texts) digests[`${name}/${file}`] = sha256(text);
  }
  const said = new Map([...all].map(([name, { sayings }]) => [name, sayings]));
  const near = new Map([...all].map(([name, chore]) => [name, [...chore.sayings, ...chore.near]]));
  return {
    all,
    digest: digestOf(digests),
    read: memoise(1000, (sentence) => readSentence(said, sentence)),
    near: (sentence) => readSentence(near, sentence),
    likely: likelyAsked([...all.values()], (clause) => readPlainSentence(near, clause)),
  };
});

/**
 * The chores that ship and those of further folders, each `<folder>/<name>/chore.yaml`; folders that do
 * not exist are passed over. @throws UserError with the place of a mistake, or on a name that stands twice.
 */
export const openChores = (
  folders: readonly string[] = [],
  own: OwnChores = refuseOwnChores,
): Chores => ({ ...open(JSON.stringify([join(installationFolder, 'chores'), ...folders])), own });

/** Opens chores where they are asked for: much of a night needs none of them. */
export type OpenChores = () => Promise<Chores>;

/** Those that ship. */
export const shippedChores: OpenChores = async () => openChores();

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
};

const choreFolders = (folder: string): readonly string[] =>
  namesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => namesIn(path).includes('chore.yaml'));
