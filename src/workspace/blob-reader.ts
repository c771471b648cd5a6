// SPDX-License-Identifier: GPL-3.0-only
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createCache } from '../data/bounded-cache.ts';
import { GitFault, spawnGit } from './git.ts';

type Pending = {
  readonly oid: string;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (fault: GitFault) => void;
};

type Batch = { readonly child: ChildProcessWithoutNullStreams; readonly pending: Pending[] };

export type BlobReader = {
  readonly read: (oid: string) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
};

/**
 * Blobs through one `git cat-file --batch`, requests pipelined, answers in order. It starts with the
 * first read; one that dies fails the reads under way, and the next read starts another. The last
 * few are kept: what a worker reads, its reviewers and the gate read again.
 */
export const openBlobReader = (repository: string): BlobReader => {
  const kept = createCache<string, Uint8Array>(keptBytes, ({ length }) => length);
  let batch: Batch | undefined;
  let closed = false;

  const start = (): Batch => {
    const child = spawnGit(repository, ['cat-file', '--batch']);
    const started: Batch = { child, pending: [] };
    const fail = (fault: GitFault): void => {
      if (batch === started) batch = undefined;
      child.kill();
      for (const { reject } of started.pending.splice(0)) reject(fault);
    };
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = `${stderr}${chunk}`.slice(-2000);
    });
    child.stdin.on('error', () => undefined);
    child.on('error', (cause) => fail(new GitFault('git cat-file did not start', { cause })));
    child.on('close', (code, killedBy) => {
      const how = `git cat-file ended (${killedBy ?? `code ${code}`}) before it had answered`;
      fail(new GitFault(`${how}${stderr && `: ${stderr.trim()}`}`, { stderr }));
    });
    child.stdout.on(
      'data',
      // Closing waits for git to end, answers or not.
      createParser(started.pending, () => hold(started, closed)),
    );
    return started;
  };

  return {
    read: (oid) =>
      new Promise((resolve, reject) => {
        if (closed) throw new GitFault('the base tree is closed');
        if (!/^[0-9a-f]{40,64}$/.test(oid)) throw new GitFault(`${oid} is not an object id`);
        const cached = kept.get(oid);
        if (cached) {
          resolve(cached.slice());
          return;
        }
        batch ??= start();
        batch.pending.push({
          oid,
          resolve: (bytes) => {
            if (bytes.length <= keptBytes / 2) kept.set(oid, bytes);
            resolve(bytes.slice());
          },
          reject,
        });
        if (batch.pending.length === 1) hold(batch, true);
        batch.child.stdin.write(`${oid}\n`);
      }),
    close: async () => {
      closed = true;
      const child = batch?.child;
      if (!batch || !child) return;
      hold(batch, true);
      child.stdin.end();
      await once(child, 'close');
    },
  };
};

/** Of the newest blobs together; one that would fill half of it is not kept. */
const keptBytes = 4 * 1024 * 1024;

/** Keeps this process alive while reads are under way, and only then. */
const hold = ({ child }: Batch, busy: boolean): void => {
  const method = busy ? 'ref' : 'unref';
  child[method]();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    (stream as unknown as Socket)[method]();
  }
};

/** Cuts the answers `<oid> SP <type> SP <size> LF <bytes> LF` out of the chunks of stdout. */
const createParser = (pending: Pending[], onIdle: () => void): ((chunk: Buffer) => void) => {
  let chunks: Buffer[] = [];
  let available = 0;
  let needed = 0;
  return (chunk) => {
    chunks.push(chunk);
    available += chunk.length;
    if (available < needed) return;
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, available);
    needed = 0;
    for (let next = pending[0]; next; next = pending[0]) {
      const end = bytes.indexOf(0x0a);
      if (end < 0) break;
      const header = bytes.toString('latin1', 0, end);
      const size = /^[0-9a-f]+ [a-z]+ (\d+)$/.exec(header)?.[1];
      const whole = size === undefined ? end + 1 : end + 1 + Number(size) + 1;
      if (bytes.length < whole) {
        needed = whole;
        break;
      }
      pending.shift();
      answer(next, header, bytes.subarray(end + 1, whole - 1));
      bytes = bytes.subarray(whole);
    }
    chunks = bytes.length > 0 ? [bytes] : [];
    available = bytes.length;
    if (pending.length === 0) onIdle();
  };
};

const answer = ({ oid, resolve, reject }: Pending, header: string, content: Buffer): void => {
  if (header.startsWith(`${oid} blob `)) resolve(new Uint8Array(content));
  else if (header === `${oid} missing`) {
    reject(new GitFault(`object ${oid} is not in the repository (is it a partial clone?)`));
  } else reject(new GitFault(`object ${oid} is not a blob: git cat-file answered "${header}"`));
};
