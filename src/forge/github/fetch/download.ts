// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ForgeFault } from '../../forge-fault.ts';
import { chooseFetch } from '../fetch-whole.ts';

/** Nothing that a night leaves takes longer. */
const timeoutMs = 600_000;

/**
 * Writes what lies at an address into a new file, of at most `mostBytes` and with that sha256. The address is one that
 * GitHub sends to and holds its own permission: no token goes there.
 * @throws ForgeFault
 */
export const downloadTo = async (
  url: URL,
  {
    file,
    mostBytes,
    digest,
    signal,
  }: {
    readonly file: string;
    readonly mostBytes: number;
    readonly digest?: string;
    readonly signal?: AbortSignal;
  },
): Promise<void> => {
  const timeout = AbortSignal.timeout(timeoutMs);
  const fetchHere = await chooseFetch();
  const hash = createHash('sha256');
  try {
    const answer = await fetchHere(url.href, {
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (answer.status !== 200 || !answer.body) throw new Error(`it answered ${answer.status}`);
    let size = 0;
    const body = answer.body;
    await pipeline(
      async function* () {
        for await (const part of body) {
          size += part.length;
          if (size > mostBytes) throw new Error(`it is larger than ${mostBytes} bytes`);
          hash.update(part);
          yield part;
        }
      },
      createWriteStream(file, { flags: 'wx' }),
    );
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    const words = cause instanceof Error ? cause.message : 'failed';
    throw new ForgeFault('unreachable', `an artifact cannot be fetched: ${words}`, { cause });
  }
  if (digest !== undefined && hash.digest('hex') !== digest) {
    throw new ForgeFault(
      'unreachable',
      'an artifact is not the one that GitHub lists: its sha256 differs',
    );
  }
};
