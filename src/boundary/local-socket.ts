// SPDX-License-Identifier: GPL-3.0-only
import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { type LocalResult, type NotLocal, refuseLocal } from './local-address.ts';

/** A socket as it was judged; `id` tells whether the one connected to is still the same. */
export type LocalSocket = { readonly path: string; readonly id: string };

/** What sockaddr_un holds, less its closing zero (unix(7)) [bytes]. */
const maxPath = 107;

/** What is wrong with a socket's path before anything is looked at. */
export const judgeSocketPath = (path: string): LocalResult<string> => {
  if (path.includes('\0') || path.startsWith('@')) {
    return refuseLocal(
      'is an abstract socket, which any process on the machine can take',
      'let the server listen on a path',
    );
  }
  if (!isAbsolute(path)) return refuseLocal('is not an absolute path', 'write the path from / on');
  if (Buffer.byteLength(path) > maxPath) {
    return refuseLocal(
      `is longer than the ${maxPath} bytes of a socket's path`,
      'use a shorter path',
    );
  }
  return { local: true, value: normalize(path) };
};

/**
 * Judges the socket at a path: links are followed, what they end in must be a socket of this user
 * or of root, in folders in which nobody else can put another one.
 * @throws the file system's error when it is not there or may not be looked at.
 */
export const judgeSocket = async (
  path: string,
  user: number | undefined = process.getuid?.(),
): Promise<LocalResult<LocalSocket>> => {
  const named = judgeSocketPath(path);
  if (!named.local) return named;
  // It is asked twice for each request: at once, as each turn of another thread would take longer.
  const real = realpathSync.native(named.value);
  const stats = statSync(real);
  if (!stats.isSocket()) {
    return refuseLocal(
      `is ${kindOf(stats)} and not a socket`,
      'write the path on which the server listens',
    );
  }
  if (!trusted(stats, user)) {
    return refuseLocal(
      `belongs to ${await userName(stats.uid)}, who would read every request`,
      'run the server as this user or as root, or give the socket to one of them',
    );
  }
  for (const place of placesOf(named.value)) {
    const refusal = await judgePlace(place, user);
    if (refusal) return refusal;
  }
  return { local: true, value: { path: real, id: `${stats.dev}:${stats.ino}:${stats.ctimeMs}` } };
};

const trusted = ({ uid }: Stats, user: number | undefined): boolean => uid === 0 || uid === user;

/** Who can replace the folder or the link can lead to another socket. */
const judgePlace = async (
  place: string,
  user: number | undefined,
): Promise<NotLocal | undefined> => {
  const stats = lstatSync(place);
  if (!trusted(stats, user)) {
    return refuseLocal(
      `is reached through ${place}, which belongs to ${await userName(stats.uid)}`,
      'let the server listen in a folder of this user or of root',
    );
  }
  // In a sticky folder such as /tmp only its owner can replace a file.
  const anybody = stats.isDirectory() && (stats.mode & 0o1002) === 0o0002;
  return anybody
    ? refuseLocal(
        `is in ${place}, where every user can replace it`,
        `chmod o-w ${place}, or let the server listen in another folder`,
      )
    : undefined;
};

/** As many links as Linux follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * Every folder and every link that lies on the way to what a path ends in, in the order in which the
 * system comes by them. @throws the file system's error.
 */
const placesOf = (path: string): readonly string[] => {
  const places = new Set(['/']);
  let at = '/';
  let left = partsOf(path);
  for (let links = 0; left.length > 0; ) {
    const [part = '', ...rest] = left;
    const here = part === '..' ? dirname(at) : join(at, part);
    if (lstatSync(here).isSymbolicLink()) {
      links += 1;
      if (links > mostLinks) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
      places.add(here);
      const target = readlinkSync(here);
      if (isAbsolute(target)) at = '/';
      left = [...partsOf(target), ...rest];
    } else {
      if (rest.length > 0) places.add(here);
      at = here;
      left = rest;
    }
  }
  return [...places];
};

const partsOf = (path: string): readonly string[] =>
  path.split('/').filter((part) => part !== '' && part !== '.');

const kindOf = (stats: Stats): string =>
  stats.isFile()
    ? 'a file'
    : stats.isDirectory()
      ? 'a folder'
      : stats.isFIFO()
        ? 'a pipe'
        : 'a device';

/** `anna (uid 1001)`, or the number alone where no name is known. */
const userName = async (uid: number): Promise<string> => {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = users.split('\n').find((entry) => entry.split(':')[2] === String(uid));
  return line ? `${line.split(':')[0]} (uid ${uid})` : `uid ${uid}`;
};
