// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { UserError } from '../../data/user-error.ts';
import { acquireLock } from '../../trace/lock.ts';
import {
  keyFolder,
  openSigner,
  readIfThere,
  readKeys,
  rotateKey,
} from '../../trace/sign/key-folder.ts';
import {
  formatPublicKeys,
  type PublicKey,
  parsePublicKeys,
  publicKeysName,
} from '../../trace/sign/public-keys.ts';
import { sealAsIs } from '../../trace/sign/seal.ts';
import { resolveRepository } from '../../workspace/repository.ts';
import { locate } from '../shared/state.ts';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** `pantheon keys new`: makes the first key where there is none. */
export const newKey = (): void => {
  const folder = keyFolder();
  const [current] = readKeys(folder).slice(-1);
  if (current) {
    throw new UserError(`has a key already; "pantheon keys rotate" makes another`, {
      place: { file: folder },
    });
  }
  print(`${openSigner(folder).keyid} signs for this runner; its key is in ${folder}`);
};

/** `pantheon keys rotate` */
export const rotateCommand = (): void => {
  const folder = keyFolder();
  const before = readKeys(folder).length;
  const { keyid } = rotateKey(folder);
  const kept = before === 0 ? '' : ' What earlier keys signed stays valid.';
  print(`${keyid} signs for this runner from now on.${kept} Export it: pantheon keys export`);
};

/** `pantheon keys list` */
export const listKeys = ({ json }: { readonly json?: true }): void => {
  const folder = keyFolder();
  const keys = readKeys(folder);
  if (json) print(JSON.stringify({ folder, keys }, null, 2));
  else if (keys.length === 0) print(`There is no key in ${folder}; the first night makes one.`);
  else {
    const rows = keys.map(
      ({ keyid, created, retired }) =>
        `${keyid}  ${created} ${retired === undefined ? 'signs' : `retired ${retired}`}`,
    );
    print([folder, ...rows].join('\n'));
  }
};

type ExportArguments = { readonly repo: string; readonly out?: string };

/** `pantheon keys export`: adds this runner's public keys to the file of a repository. */
export const exportKeys = async ({ repo, out }: ExportArguments): Promise<void> => {
  openSigner(keyFolder());
  const mine = readKeys(keyFolder());
  if (out === '-') {
    process.stdout.write(formatPublicKeys(mine));
    return;
  }
  const file =
    out === undefined ? join((await resolveRepository(repo)).root, publicKeysName) : resolve(out);
  const text = readIfThere(file);
  const there = text === undefined ? [] : parsePublicKeys(text, file);
  const ids = new Set(mine.map(({ keyid }) => keyid));
  const others = there.filter(({ keyid }: PublicKey) => !ids.has(keyid));
  writeFileSync(file, formatPublicKeys([...others, ...mine]));
  print(
    `${file} has ${countNoun(others.length + mine.length, 'key')}. Commit it, so that others can verify your nights.`,
  );
};

/** `pantheon keys seal`: what a state folder holds counts as it is. */
export const sealCommand = async ({ repo }: { readonly repo: string }): Promise<void> => {
  const { state } = await locate(repo);
  const release = await acquireLock(state.lock, 'keys seal');
  try {
    sealAsIs(state.root);
  } finally {
    release();
  }
  print(`${state.root} is sealed as it is.`);
};
