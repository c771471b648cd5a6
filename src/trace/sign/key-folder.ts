// SPDX-License-Identifier: GPL-3.0-only
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { noHome, userFolder } from '../../config/user-folder.ts';
import { UserError } from '../../data/user-error.ts';
import type { Signer } from './dsse.ts';
import { formatPublicKeys, keyIdOf, type PublicKey, parsePublicKeys } from './public-keys.ts';

/*
 * The keys of this runner: `public.json` with every public key it had, the one that signs last, and
 * beside it that one's private key. Only what is outside of a night's confined processes sees them.
 */

/** `$PANTHEON_KEYS`, by default `pantheon/keys` in the XDG config folder. @throws UserError where nothing says. */
export const keyFolder = (environment: NodeJS.ProcessEnv = process.env): string => {
  if (environment.PANTHEON_KEYS) return resolve(environment.PANTHEON_KEYS);
  const folder = userFolder('CONFIG', environment);
  if (folder === undefined) throw noHome('PANTHEON_KEYS to a folder for the keys of this runner');
  return join(folder, 'pantheon', 'keys');
};

const listOf = (folder: string): string => join(folder, 'public.json');
const privateOf = (folder: string, keyid: string): string => join(folder, `${keyid}.pem`);

/** The public keys of this runner, the one that signs last; none before the first use. */
export const readKeys = (folder: string): readonly PublicKey[] => {
  const file = listOf(folder);
  const text = readIfThere(file);
  return text === undefined ? [] : parsePublicKeys(text, file);
};

/** A file's text, nothing where it is missing. */
export const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Who signs for this runner; its key is made on first use. @throws UserError where it may not be used. */
export const openSigner = (folder: string): Signer => {
  const { keyid } = readKeys(folder).at(-1) ?? makeFirst(folder);
  const file = privateOf(folder, keyid);
  const text = readIfThere(file);
  const [advice, place] = ['Make a new key with "pantheon keys rotate"', { file }];
  if (text === undefined) throw new UserError(`is missing. ${advice}`, { place });
  const { mode, uid } = statSync(file);
  if ((mode & 0o077) !== 0 || uid !== process.getuid?.()) {
    throw new UserError(
      `may be read by others. ${advice}, or run: chmod 600 ${file}; chown ${process.getuid?.()} ${file}`,
      { place },
    );
  }
  try {
    const key = createPrivateKey(text);
    if (keyIdOf(createPublicKey(key)) === keyid) return { keyid, key };
  } catch (cause) {
    throw new UserError(`is not a private key. ${advice}`, { place, cause });
  }
  throw new UserError(`is not the key that ${listOf(folder)} names. ${advice}`, { place });
};

/** Of several processes that make the first key at once, one does; the others use it. */
const makeFirst = (folder: string): PublicKey => {
  const made = makeKey(folder);
  const draft = draftList(folder, [made]);
  try {
    linkSync(draft, listOf(folder));
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    rmSync(privateOf(folder, made.keyid));
    return readKeys(folder).at(-1) as PublicKey;
  } finally {
    rmSync(draft);
  }
};

const makeKey = (folder: string): PublicKey => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const keyid = keyIdOf(publicKey);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(privateOf(folder, keyid), pem, { mode: 0o600, flag: 'wx', flush: true });
  const text = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { keyid, publicKey: text, created: new Date().toISOString() };
};

const draftList = (folder: string, keys: readonly PublicKey[]): string => {
  const draft = `${listOf(folder)}.${process.pid}`;
  writeFileSync(draft, formatPublicKeys(keys), { mode: 0o600, flush: true });
  return draft;
};

/**
 * Makes a new key that signs from now on. What the one before has signed stays valid; its private
 * part is deleted.
 */
export const rotateKey = (folder: string): PublicKey => {
  const before = readKeys(folder);
  const made = makeKey(folder);
  const retired = before.map((key) => ({ ...key, retired: key.retired ?? made.created }));
  renameSync(draftList(folder, [...retired, made]), listOf(folder));
  for (const { keyid } of before) rmSync(privateOf(folder, keyid), { force: true });
  return made;
};
