// SPDX-License-Identifier: GPL-3.0-only
import { createReadStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 as hashText } from '../../data/digest.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { hashTree } from '../../engine/models/model-digest.ts';
import type { ModelFile } from '../../engine/models/models-lock.ts';
import { blobOid } from '../../workspace/blob-oid.ts';
import type { WantedFile } from './hub.ts';
import { type Web, type WebAnswer, WebFault, webFault, webRefusal } from './web.ts';

/** A file that was fetched whole, still in the folder of parts. */
export type Downloaded = Omit<ModelFile, 'path'> & { readonly file: string };

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
  const file = join(options.folder, hashText(wanted.url));
  const before = await usableBytes(file, wanted);
  try {
    await fetchWhole(file, wanted, options);
    const downloaded = await hashOf(file, options.signal);
    const fault = await faultIn(downloaded, wanted);
    if (fault === undefined) return downloaded;
    if (before === 0) throw new Spoiled(`${wanted.path}: ${fault}; nothing of it was kept`);
  } catch (error) {
    if (error instanceof Spoiled) await removePart(file);
    throw error;
  }
  // What lay there from an earlier run did not fit what came now: once more from the start.
  await removePart(file);
  return downloadFile(wanted, options);
};

/** A file of this machine, copied into the folder of parts. */
export const copyFile = async (
  from: string,
  { folder, signal, onBytes }: Pick<DownloadOptions, 'folder' | 'signal' | 'onBytes'>,
): Promise<Downloaded> => {
  const file = join(folder, hashText(from));
  try {
    const bytes = createReadStream(from, { signal });
    await write(file, 0, bytes, (done) => onBytes(done, undefined));
    return await hashOf(file, signal);
  } catch (error) {
    await rm(file, { force: true });
    throw signal.aborted ? signal.reason : error;
  }
};

/** Size and sha256 of a file that is there. */
export const hashOf = async (file: string, signal: AbortSignal): Promise<Downloaded> => {
  const [hashed] = await hashTree({ root: dirname(file), paths: [basename(file)] }, signal);
  const { size, sha256 } = hashed as ModelFile;
  return { file, size, sha256 };
};

/** Writes bytes behind the first `from` of a file, and says after each chunk how many there are. */
const write = (
  file: string,
  from: number,
  bytes: AsyncIterable<Buffer>,
  onBytes: (done: number) => void,
): Promise<void> => {
  const counted = async function* (): AsyncIterable<Buffer> {
    let size = from;
    for await (const chunk of bytes) {
      size += chunk.length;
      onBytes(size);
      yield chunk;
    }
  };
  return writeFile(file, counted(), { flag: from > 0 ? 'a' : 'w', mode: 0o600, flush: true });
};

/** Takes a file out of the folder of parts. */
export const removePart = async (file: string): Promise<void> => {
  await rm(file, { force: true });
  await rm(`${file}.etag`, { force: true });
};

const etagOf = (file: string): Promise<string | undefined> =>
  readFile(`${file}.etag`, 'utf8').catch(() => undefined);

/** Without a digest to expect or a validator to send, old bytes could belong to something else. */
const usableBytes = async (file: string, { sha256 }: WantedFile): Promise<number> => {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  return sha256 !== undefined || (await etagOf(file)) !== undefined ? size : 0;
};

const fetchWhole = async (
  file: string,
  wanted: WantedFile,
  options: DownloadOptions,
): Promise<void> => {
  let idle = 0;
  for (let attempts = 1; ; attempts += 1) {
    const before = await usableBytes(file, wanted);
    if (before > 0 && before === wanted.size) return;
    try {
      return await fetchMore(file, before, wanted, options);
    } catch (error) {
      if (!(error instanceof WebFault)) throw error;
      idle = (await usableBytes(file, wanted)) > before ? 0 : idle + 1;
      if (idle >= maxIdleTries || attempts >= maxTries) {
        throw new UserError(`${wanted.path}: ${error.message}; run it again to go on from here`, {
          cause: error,
        });
      }
      const pause = (options.pauseMs ?? 1000) * 2 ** idle;
      await sleep(pause, undefined, { signal: options.signal }).catch(() => {});
      options.signal.throwIfAborted();
    }
  }
};

/** One request. @throws WebFault when it was cut off. */
const fetchMore = async (
  file: string,
  start: number,
  wanted: WantedFile,
  { web, signal, onBytes, maxBytes }: DownloadOptions,
): Promise<void> => {
  const url = new URL(wanted.url);
  const etag = await etagOf(file);
  const range = start === 0 ? {} : { range: `bytes=${start}-`, ...(etag && { 'if-range': etag }) };
  const answer = await web.get(wanted.url, { headers: range, signal });
  try {
    const { from, announced } = await begin(file, { start, etag }, answer, url);
    const total = wanted.size ?? announced;
    if (announced !== undefined && announced !== total) {
      throw new Spoiled(
        `${wanted.path}: expected ${total} bytes, the server has ${announced}; nothing of it was kept`,
      );
    }
    const most = total ?? maxBytes;
    if (most > maxBytes) throw noRoom(wanted.path, most, maxBytes);
    let size = from;
    const tell = (done: number): void => {
      if (done > most) {
        throw new Spoiled(
          `${wanted.path}: ${url.host} sends more than the ${most} bytes ${total === undefined ? 'there is room for' : 'it should have'}; nothing of it was kept`,
        );
      }
      size = done;
      onBytes(done, total);
    };
    await write(file, from, answer.body, tell);
    if (total !== undefined && size < total) {
      throw new WebFault(`${url.host}: the connection ended after ${size} of ${total} bytes`);
    }
  } catch (error) {
    answer.body.destroy();
    throw webFault(error, url, signal);
  }
};

/** From where on the answer goes, and how long it says that the whole file is. */
const begin = async (
  file: string,
  { start, etag }: { readonly start: number; readonly etag: string | undefined },
  { status, headers }: WebAnswer,
  url: URL,
): Promise<{ readonly from: number; readonly announced: number | undefined }> => {
  if (status !== 200 && status !== 206 && status !== 416) throw webRefusal(status, url);
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding !== 'identity') {
    throw new UserError(`${url.host}: compresses its answer unasked; use another source`);
  }
  const now = strong(headers.etag);
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '');
  const goesOn = Number(range?.[1]) === start && (etag === undefined || now === etag);
  if (status !== 200 && !goesOn) {
    await removePart(file);
    throw new WebFault(`${url.host}: sends another part than was asked for`);
  }
  if (now === undefined) await rm(`${file}.etag`, { force: true });
  else await writeFile(`${file}.etag`, now);
  const length = range?.[2] ?? headers['content-length'] ?? '';
  return {
    from: status === 206 ? start : 0,
    announced: /^\d{1,15}$/.test(length) ? Number(length) : undefined,
  };
};

/** What to say where a file finds no room. */
export const noRoom = (what: string, needed: number, free: number): UserError =>
  new UserError(
    `${printable(what)}: needs ${needed} bytes and the disk has room for ${Math.max(0, free)}; make room, or set PANTHEON_MODELS to a folder on another disk`,
  );

/** Weak validators say nothing about bytes (RFC 9110, 8.8.1). */
const strong = (etag: string | undefined): string | undefined =>
  etag !== undefined && /^"[\x21\x23-\x7e]{1,200}"$/.test(etag) ? etag : undefined;

const faultIn = async (
  { file, size, sha256 }: Downloaded,
  wanted: WantedFile,
): Promise<string | undefined> => {
  if (wanted.size !== undefined && size !== wanted.size) {
    return `expected ${wanted.size} bytes, found ${size}`;
  }
  if (wanted.sha256 !== undefined) {
    return sha256 === wanted.sha256
      ? undefined
      : `expected sha256 ${wanted.sha256}, found ${sha256}`;
  }
  if (wanted.gitBlob === undefined) return undefined;
  // The hub keeps only small files in git.
  const oid = blobOid(await readFile(file), wanted.gitBlob.length);
  return oid === wanted.gitBlob ? undefined : `expected git object ${wanted.gitBlob}, found ${oid}`;
};
