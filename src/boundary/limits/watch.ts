// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import type { Limits } from '../executor.ts';

/** What everything in one sandbox uses together. */
type Usage = {
  readonly processes: number;
  readonly threads: number;
  /** Bytes of processes, with their page tables, and of the folders in memory. */
  readonly memory: number;
  /** Files in the folders in memory. */
  readonly files: number;
};

export type Watched = {
  /** The first process inside, as this machine counts. */
  readonly pid: number;
  /** Where folders in memory are, as seen inside, which were empty when it started. */
  readonly inMemory: readonly string[];
  /** Its tree, as this process sees it, and the files in it before. */
  readonly tree?: { readonly path: string; readonly before: number };
};

/** A sandbox that will be started, by its first process. */
export const sandboxIn = (
  inMemory: readonly string[],
  tree?: string,
): ((pid: number) => Watched) => {
  const before = tree === undefined ? 0 : countFiles(tree);
  return (pid) => ({ pid, inMemory, ...(tree !== undefined && { tree: { path: tree, before } }) });
};

const everyMs = 100;
/** A busy machine takes a while to mount everything; for longer, nothing runs that is not counted. */
const blindLooks = 100;

/**
 * Looks at a sandbox from outside until it is told to stop, and says the first limit that is passed. No
 * process inside can hide: its /proc is its own pid namespace's, and read through its first process.
 */
export const watchSandbox = (
  sandbox: Watched,
  limits: Limits,
  onPassed: (limit: 'processes' | 'memory' | 'files' | 'unseen') => void,
): (() => void) => {
  let isInside = false;
  let looks = 0;
  const timer = setInterval(() => {
    isInside ||= hasOwnProc(sandbox);
    if (!isInside) {
      looks += 1;
      if (looks > blindLooks) onPassed('unseen');
      return;
    }
    const usage = measure(sandbox, limits.memory);
    const { processes, threads, memory, files } = usage;
    if (processes > limits.processes || threads > limits.threads) onPassed('processes');
    else if (memory > limits.memory) onPassed('memory');
    else if (files > limits.files) onPassed('files');
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};

/** What its first process sees as `/` (proc_pid_root(5)). */
const rootOf = ({ pid }: Pick<Watched, 'pid'>): string => `/proc/${pid}/root`;

/** Until everything is mounted, its first process still sees this machine. */
const hasOwnProc = (sandbox: Watched): boolean =>
  attempt(false, () => statSync(`${rootOf(sandbox)}/proc`).dev !== statSync('/proc').dev);

const measure = (sandbox: Watched, most: number): Usage => {
  const root = rootOf(sandbox);
  const pids = attempt([], () => readdirSync(`${root}/proc`)).filter((name) => /^\d/.test(name));
  const kept = sandbox.inMemory.map((folder) => usedBytes(`${root}${folder}`));
  const base = sum(kept);
  const statuses = pids.map((pid) =>
    attempt('', () => readFileSync(`${root}/proc/${pid}/status`, 'latin1')),
  );
  const resident = base + sum(statuses.map(residentBytes));
  return {
    processes: pids.length,
    threads: sum(statuses.map((status) => field(status, 'Threads'))),
    // Pages that processes share count once for each above; that is looked into only when it matters.
    memory:
      resident > most
        ? base +
          sum(pids.map((pid, index) => shareOf(`${root}/proc/${pid}`, statuses[index] ?? '')))
        : resident,
    files: filesIn(sandbox),
  };
};

/** Pages of files can be dropped at any time and are not counted. */
const counted = ['RssAnon', 'RssShmem', 'VmSwap', 'VmPTE'];

const residentBytes = (status: string): number =>
  1024 * sum(counted.map((name) => field(status, name)));

/** Like `residentBytes`, with pages that several processes share divided among them. */
const shareOf = (process: string, status: string): number => {
  try {
    const rollup = readFileSync(`${process}/smaps_rollup`, 'latin1');
    const names = ['Pss_Anon', 'Pss_Shmem', 'SwapPss'];
    return 1024 * (sum(names.map((name) => field(rollup, name))) + field(status, 'VmPTE'));
  } catch (error) {
    // A process can keep others from looking closer, but not by that count for less.
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? residentBytes(status) : 0;
  }
};

const field = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);

const usedBytes = (folder: string): number =>
  attempt(0, () => {
    const { blocks, bfree, bsize } = statfsSync(folder);
    return (blocks - bfree) * bsize;
  });

const filesIn = (sandbox: Watched): number => {
  const { inMemory, tree } = sandbox;
  const root = rootOf(sandbox);
  return (
    sum(inMemory.map((folder) => countFiles(`${root}${folder}`))) +
    (tree ? countFiles(tree.path) - tree.before : 0)
  );
};

/** Files in use of a filesystem that is all in memory. */
const countFiles = (folder: string): number =>
  attempt(0, () => {
    const { files, ffree } = statfsSync(folder);
    return files - ffree;
  });

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** A process may end while it is looked at. */
const attempt = <T>(otherwise: T, look: () => T): T => {
  try {
    return look();
  } catch {
    return otherwise;
  }
};
