// SPDX-License-Identifier: GPL-3.0-only
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 as hashText } from '../../data/digest.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import type { WantedFile } from './hub.ts';
import { type Web, type WebAnswer, WebFault, webFault, webRefusal } from './web.ts';

export type Downloaded = {
  /** The whole file, still in the folder of parts. */
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
};

export type DownloadOptions = {
  /** Where unfinished files wait for the next try. */
  readonly folder: string;
  readonly web: Web;
  readonly signal: AbortSignal;
  /** `done` bytes of `total` are here; throws when it must stop. */
  readonly onBytes: (done: number, total: number | undefined) => void;
  /** No file may be larger: what is free on the disk. */
  readonly maxBytes: number;
  /** Wait before the second try [ms], twice as long before each further one. */
  readonly pauseMs?: number;
};

/** What came is not what it should be: the bytes are of no use to another try. */
class Spoiled extends UserError {}

/** Attempts that bring nothing new; one that brought bytes starts the count again. */
const maxIdleTries = 5;

/** However slowly a server drips, it ends. */
const maxTries = 200;

/**
 * Fetches a file, going on where the last try or an earlier run was cut off as long as the server
 * still has the same content. Size, sha256 and git's object id are held to what is known.
 * @throws UserError when it cannot be had; what came stays for the next run unless it is of no use.
 */
export const downloadFile = async (
  wanted: WantedFile,
  options: DownloadOptions,
): Promise<Downloaded> => {
  const part = join(options.folder, wanted.sha256 ?? hashText(wanted.url));
  const started = await openPart(part, wanted);
  try {
    const before = started.size;
    const whole = await fetchWhole(started, wanted, options);
    const fault = faultIn(whole, wanted);
    if (fault === undefined) return { file: part, ...whole };
    if (before === 0) throw new Spoiled(`${wanted.path}: ${fault}; nothing of it was kept`);
  } catch (error) {
    if (error instanceof Spoiled) await remove(part);
    throw error;
  } finally {
    await started.handle.close();
  }
  // What lay there from an earlier run did not fit what came now: once more from the start.
  await remove(part);
  return downloadFile(wanted, options);
};

type Part = {
  readonly handle: FileHandle;
  readonly path: string;
  size: number;
  hashes: Hashes;
  /** Strong validator of the content that the bytes so far belong to. */
  etag: string | undefined;
};

type Hashes = { readonly sha256: Hash; readonly git: Hash | undefined };

const newHashes = ({ gitBlob, size }: WantedFile): Hashes => ({
  sha256: createHash('sha256'),
  git:
    gitBlob !== undefined && size !== undefined
      ? createHash('sha1').update(`blob ${size}\0`)
      : undefined,
});

const remove = async (part: string): Promise<void> => {
  await rm(part, { force: true });
  await rm(`${part}.etag`, { force: true });
};

const openPart = async (path: string, wanted: WantedFile): Promise<Part> => {
  const etag = await readFile(`${path}.etag`, 'utf8').catch(() => undefined);
  const there = await stat(path).catch(() => undefined);
  // Without a digest to expect or a validator to send, old bytes could belong to something else.
  const usable = there?.isFile() && (wanted.sha256 !== undefined || etag !== undefined);
  const handle = await open(path, usable ? 'r+' : 'w+', 0o600);
  const part: Part = { handle, path, size: 0, hashes: newHashes(wanted), etag };
  if (!usable) return part;
  const buffer = Buffer.alloc(1024 * 1024);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, part.size);
    if (bytesRead === 0) return part;
    count(part, buffer.subarray(0, bytesRead));
  }
};

const count = (part: Part, bytes: Uint8Array): void => {
  part.hashes.sha256.update(bytes);
  part.hashes.git?.update(bytes);
  part.size += bytes.length;
};

const startAnew = async (part: Part, wanted: WantedFile): Promise<void> => {
  await part.handle.truncate(0);
  part.size = 0;
  part.hashes = newHashes(wanted);
};

type Whole = Omit<Downloaded, 'file'> & { readonly gitBlob: string | undefined };

const fetchWhole = async (
  part: Part,
  wanted: WantedFile,
  options: DownloadOptions,
): Promise<Whole> => {
  let idle = 0;
  for (let attempts = 1; part.size === 0 || part.size !== wanted.size; attempts += 1) {
    const before = part.size;
    try {
      if (await fetchMore(part, wanted, options)) break;
    } catch (error) {
      if (!(error instanceof WebFault)) throw error;
      idle = part.size > before ? 0 : idle + 1;
      if (idle < maxIdleTries && attempts < maxTries) {
        const pause = (options.pauseMs ?? 1000) * 2 ** idle;
        await sleep(pause, undefined, { signal: options.signal }).catch(() => {});
        options.signal.throwIfAborted();
        continue;
      }
      throw new UserError(`${wanted.path}: ${error.message}; run it again to go on from here`, {
        cause: error,
      });
    }
  }
  await part.handle.sync();
  return {
    size: part.size,
    sha256: part.hashes.sha256.digest('hex'),
    gitBlob: part.hashes.git?.digest('hex'),
  };
};

/** One request. True when the file is whole, a WebFault when it was cut off. */
const fetchMore = async (
  part: Part,
  wanted: WantedFile,
  options: DownloadOptions,
): Promise<boolean> => {
  const { web, signal } = options;
  const url = new URL(wanted.url);
  const answer = await web.get(wanted.url, { headers: rangeOf(part), signal });
  if (answer.status === 416) {
    answer.body.destroy();
    await startAnew(part, wanted);
    throw new WebFault(`${url.host}: has less than was fetched before`);
  }
  if (answer.status !== 200 && answer.status !== 206) {
    answer.body.destroy();
    throw webRefusal(answer.status, url);
  }
  const { 'content-encoding': encoding = 'identity' } = answer.headers;
  if (encoding !== 'identity') {
    answer.body.destroy();
    throw new UserError(`${url.host}: compresses its answer unasked; use another source`);
  }
  const total = await begin(part, wanted, answer, options);
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      if (part.size + chunk.length > total.most) {
        throw new Spoiled(
          `${wanted.path}: ${url.host} sends more than the ${total.most} bytes ${total.said}; nothing of it was kept`,
        );
      }
      await part.handle.write(chunk, 0, chunk.length, part.size);
      count(part, chunk);
      options.onBytes(part.size, total.exact);
    }
  } catch (error) {
    answer.body.destroy();
    throw webFault(error, url, signal);
  }
  if (total.exact === undefined || part.size === total.exact) return true;
  throw new WebFault(
    `${url.host}: the connection ended after ${part.size} of ${total.exact} bytes`,
  );
};

const rangeOf = ({ size, etag }: Part): Readonly<Record<string, string>> => {
  if (size === 0) return {};
  return { range: `bytes=${size}-`, ...(etag !== undefined && { 'if-range': etag }) };
};

type Total = { readonly most: number; readonly exact: number | undefined; readonly said: string };

/** Takes over what the answer says of itself; starts again where it does not go on from here. */
const begin = async (
  part: Part,
  wanted: WantedFile,
  { status, headers }: WebAnswer,
  { maxBytes }: DownloadOptions,
): Promise<Total> => {
  const etag = strong(headers.etag);
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '');
  const goesOn = status === 206 && Number(range?.[1]) === part.size;
  if (status === 206 && (!goesOn || (part.etag !== undefined && etag !== part.etag))) {
    await startAnew(part, wanted);
    await keepEtag(part, undefined);
    throw new WebFault('the server sends another part than was asked for');
  }
  if (status === 200 && part.size > 0) await startAnew(part, wanted);
  await keepEtag(part, etag);
  const length = /^\d{1,15}$/.test(headers['content-length'] ?? '')
    ? Number(headers['content-length'])
    : undefined;
  const announced = range ? Number(range[2]) : length;
  const exact = wanted.size ?? announced;
  if (announced !== undefined && announced !== exact) {
    throw new Spoiled(
      `${wanted.path}: expected ${exact} bytes, the server has ${announced}; nothing of it was kept`,
    );
  }
  if (exact !== undefined && exact > maxBytes) throw noRoom(wanted.path, exact, maxBytes);
  return exact === undefined
    ? { most: maxBytes, exact, said: 'there is room for' }
    : { most: exact, exact, said: 'it should have' };
};

/** @throws nothing; what to say where a file finds no room. */
export const noRoom = (what: string, needed: number, free: number): UserError =>
  new UserError(
    `${printable(what)}: needs ${needed} bytes and the disk has room for ${Math.max(0, free)}; make room, or set PANTHEON_MODELS to a folder on another disk`,
  );

/** Weak validators say nothing about bytes (RFC 9110, 8.8.1). */
const strong = (etag: string | undefined): string | undefined =>
  etag !== undefined && /^"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : undefined;

const keepEtag = async (part: Part, etag: string | undefined): Promise<void> => {
  part.etag = etag;
  if (etag === undefined) await rm(`${part.path}.etag`, { force: true });
  else await writeFile(`${part.path}.etag`, etag);
};

const faultIn = (fetched: Whole, wanted: WantedFile): string | undefined => {
  if (wanted.size !== undefined && fetched.size !== wanted.size) {
    return `expected ${wanted.size} bytes, found ${fetched.size}`;
  }
  if (wanted.sha256 !== undefined && fetched.sha256 !== wanted.sha256) {
    return `expected sha256 ${wanted.sha256}, found ${fetched.sha256}`;
  }
  if (wanted.gitBlob !== undefined && fetched.gitBlob !== undefined) {
    const { gitBlob } = wanted;
    if (fetched.gitBlob !== gitBlob)
      return `expected git object ${gitBlob}, found ${fetched.gitBlob}`;
  }
  return undefined;
};
