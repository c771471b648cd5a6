// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Execution } from './executor.ts';

const defaultMaxOutput = 1024 * 1024;

/** A process that left its streams open to a child that got away is given up on after this long. */
const closeGraceMs = 1000;

export type ProcessRequest = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly stdin?: string | Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly maxOutput?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Starts a process group and kills the group instead of the process. */
  readonly group?: boolean;
  /** Written to descriptors 3, 4 and so on; what comes out of the one behind them is `status`. */
  readonly feeds?: readonly (string | Uint8Array)[];
  /** Gets the status as it comes. */
  readonly onStatus?: (text: string) => void;
  /** Gets standard output as it comes. */
  readonly onStdout?: ((text: string) => void) | undefined;
};

export type ProcessResult = Execution & {
  /** What the process wrote to the descriptor behind `feeds`, where those were given. */
  readonly status: string;
  /** We ended it: the time limit or the signal. */
  readonly killed: boolean;
};

/**
 * Runs one process to its end with bounded time and output.
 * @throws the error of `spawn` when it could not be started.
 */
export const runProcess = (request: ProcessRequest): Promise<ProcessResult> =>
  new Promise((resolve, reject) => {
    if (request.signal?.aborted) return resolve(neverStarted);
    const feeds = request.feeds ?? [];
    const extra =
      request.feeds === undefined ? [] : [...feeds.map(() => 'pipe' as const), 'pipe' as const];
    const child = spawn(request.file, request.args, {
      cwd: request.cwd,
      env: request.env,
      detached: request.group === true,
      stdio: [request.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...extra],
    });
    const stdout = collect(child.stdout, request.maxOutput ?? defaultMaxOutput);
    const stderr = collect(child.stderr, request.maxOutput ?? defaultMaxOutput);
    const status = collect(child.stdio[3 + feeds.length], defaultMaxOutput);
    const { onStatus, onStdout } = request;
    if (onStdout) child.stdout?.on('data', (text) => onStdout(String(text)));
    if (onStatus) child.stdio[3 + feeds.length]?.on('data', (text) => onStatus(String(text)));
    feed(child.stdin, request.stdin);
    for (const [index, data] of feeds.entries()) feed(child.stdio[3 + index], data);

    let timedOut = false;
    let killed = false;
    const end = () => {
      killed = true;
      kill(child, request.group);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, request.timeoutMs);
    request.signal?.addEventListener('abort', end, { once: true });
    const settle = () => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', end);
    };
    child.once('error', (cause) => {
      settle();
      reject(cause);
    });
    child.once('exit', () => {
      settle();
      if (request.group) kill(child, true);
      const grace = setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
      }, closeGraceMs);
      child.once('close', (code) => {
        clearTimeout(grace);
        resolve({
          code: killed ? undefined : (code ?? undefined),
          stdout: stdout.text(),
          stderr: stderr.text(),
          status: status.text(),
          timedOut,
          killed,
          truncated: stdout.cut() > 0 || stderr.cut() > 0,
        });
      });
    });
  });

/** What comes of a process that was never started. */
export const neverStarted: ProcessResult = {
  code: undefined,
  stdout: '',
  stderr: '',
  status: '',
  timedOut: false,
  killed: true,
  truncated: false,
};

const kill = (child: ChildProcess, group: boolean | undefined): void => {
  if (child.pid === undefined) return;
  if (!group) {
    child.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // The whole group has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

type Stream = Readable | Writable | null | undefined;

const feed = (stream: Stream, data: string | Uint8Array | undefined): void => {
  if (data === undefined || !stream || !('end' in stream)) return;
  // A process that ends without reading all of it breaks the pipe, which is its right.
  stream.on('error', () => undefined);
  stream.end(data);
};

type Collected = { readonly text: () => string; readonly cut: () => number };

/** Keeps the first and the last half of `limit` bytes: a log's end says what went wrong. */
const collect = (stream: Stream, limit: number): Collected => {
  const half = Math.ceil(limit / 2);
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  let dropped = 0;
  const keep = (chunk: Buffer) => {
    const first = chunk.subarray(0, half - headBytes);
    if (first.length > 0) head.push(first);
    headBytes += first.length;
    const rest = chunk.subarray(first.length);
    if (rest.length === 0) return;
    tail.push(rest);
    tailBytes += rest.length;
    if (tailBytes < 2 * limit) return;
    const kept = Buffer.concat(tail).subarray(-half);
    dropped += tailBytes - kept.length;
    tail = [kept];
    tailBytes = kept.length;
  };
  if (stream && 'read' in stream) stream.on('data', keep);
  const cut = () => dropped + Math.max(0, tailBytes - half);
  const text = () => {
    const start = Buffer.concat(head);
    const end = Buffer.concat(tail);
    if (cut() === 0) return Buffer.concat([start, end]).toString();
    return `${start}\n[... ${cut()} bytes cut ...]\n${end.subarray(-half)}`;
  };
  return { text, cut };
};
