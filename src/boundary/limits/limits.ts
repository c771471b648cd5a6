// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { type SandboxConfig, sandboxSchema } from '../../config/schema.ts';
import type { Execution, Limits } from '../executor.ts';

const mebibyte = 1024 * 1024;

/** The limits that settings ask for; threads follow from processes. */
export const limitsOf = (config: SandboxConfig): Limits => ({
  memory: config.memory * mebibyte,
  processes: config.processes,
  threads: 16 * config.processes,
  files: config.files,
  tree: config.tree * mebibyte,
  fileSize: config.fileSize * mebibyte,
  openFiles: config.openFiles,
  cpu: config.cpu,
});

export const defaultLimits: Limits = limitsOf(sandboxSchema.parse({}));

/** Runs a command under the limits that the kernel itself keeps for each process (setrlimit(2)). */
export const withKernelLimits = (
  limits: Limits,
  argv: readonly string[],
): readonly [string, ...string[]] => [
  '/usr/bin/prlimit',
  '--core=0',
  ...Object.entries({
    fsize: limits.fileSize,
    nofile: limits.openFiles,
    nproc: limits.threads,
  }).map(([name, value]) => `--${name}=${Math.min(value, hostLimit(name))}`),
  // At the first a process is told by a signal of its own, at the second it is killed.
  `--cpu=${Math.min(limits.cpu, hostLimit('cpu'))}:${Math.min(limits.cpu + 1, hostLimit('cpu'))}`,
  '--',
  ...argv,
];

const hostNames: Readonly<Record<string, string>> = {
  fsize: 'Max file size',
  nofile: 'Max open files',
  nproc: 'Max processes',
  cpu: 'Max cpu time',
};

/** Nobody may raise what this machine allows its users. */
const hostLimit = (name: string): number => {
  hostLimits ??= readFileSync('/proc/self/limits', 'latin1');
  const [, , hard] =
    new RegExp(`^${hostNames[name]}\\s+(\\S+)\\s+(\\S+)`, 'm').exec(hostLimits) ?? [];
  const value = Number(hard);
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
};

let hostLimits: string | undefined;

type Keys = Exclude<keyof Limits, 'threads'>;

const what: Readonly<Record<Keys, (limits: Limits) => string>> = {
  memory: ({ memory }) => `it used more than ${memory / mebibyte} MiB of memory`,
  processes: ({ processes, threads }) =>
    `it had more than ${processes} processes, or ${threads} threads, at once`,
  files: ({ files }) => `it made more than ${files} files`,
  tree: ({ tree }) => `its tree took more than ${tree / mebibyte} MiB, or another folder was full`,
  fileSize: ({ fileSize }) => `it wrote more than ${fileSize / mebibyte} MiB into one file`,
  openFiles: ({ openFiles }) => `it had more than ${openFiles} files open`,
  cpu: ({ cpu }) => `a process computed for more than ${cpu} s`,
};

/** What passed a limit, and the setting that raises it. */
export const sayLimit = (limit: Keys, limits: Limits): string =>
  `${what[limit](limits)}. Raise sandbox.${limit} in pantheon.yaml if it needs more`;

/** Limits that the kernel keeps show themselves by a signal, or by the error that a program prints. */
const signs: readonly (readonly [limit: Keys, code: number | undefined, text: RegExp])[] = [
  ['cpu', 128 + 24, /CPU time limit exceeded/],
  ['fileSize', 128 + 25, /\bEFBIG\b|File too large|File size limit exceeded/i],
  ['tree', undefined, /\bENOSPC\b|No space left on device/i],
  ['openFiles', undefined, /\bEMFILE\b|Too many open files/i],
  [
    'processes',
    undefined,
    /\bfork\b.*Resource temporarily unavailable|\bspawn\b.*\bEAGAIN\b|Cannot fork/i,
  ],
];

/** The limit that a command which failed seems to have met. */
export const metLimit = ({ code, stdout, stderr }: Execution): Keys | undefined =>
  code === 0 || code === undefined
    ? undefined
    : signs.find(([, exit, text]) => exit === code || text.test(stderr) || text.test(stdout))?.[0];
