// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawn } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { filterHere } from '../seccomp/filter-here.ts';
import { hostPath } from '../start-bubblewrap.ts';
import { coveredProc, systemPrograms } from '../system-programs.ts';
import { withOwnKeyring } from './own-keyring.ts';

/** A folder, file, socket or device of this machine, and where a process sees it. */
export type Shown = {
  readonly source: string;
  /** Default: where it lies. */
  readonly target?: string;
  readonly access: 'read' | 'write' | 'device';
};

export type ConfinedProcess = {
  /** The program by its path, which is shown to it, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Everything it sees beside the system's programs; a later one lies upon an earlier. */
  readonly shown: readonly Shown[];
  /** A folder that is its `/tmp`, with its home in it; or bytes, for one in memory that ends with it. */
  readonly temporary: string | number;
  /** All of its environment but PATH, HOME, TMPDIR and LANG. */
  readonly env: Readonly<Record<string, string>>;
};

const kinds = { read: '--ro-bind', write: '--bind', device: '--dev-bind' } as const;

/**
 * Starts a process of Pantheon in namespaces of its own (network, pid, ipc, uts, mount, user), with a new
 * session keyring, under a filter of system calls; it may start sandboxes in them. It talks through stdin,
 * stdout and stderr, and ends with this process.
 */
export const startConfined = async (
  { argv, shown, temporary, env }: ConfinedProcess,
  bwrap = 'bwrap',
): Promise<ChildProcess> => {
  const [program, ...args] = argv;
  const setup = [
    ...['--unshare-user', '--die-with-parent', '--new-session', '--clearenv'],
    ...(await systemPrograms()),
    ...(await processes()),
    ...['--dev', '/dev', ...temporaryFolder(temporary), '--dir', '/tmp/home'],
    ...['--ro-bind', await realpath(program), program],
    ...shown.flatMap(({ source, target = source, access }) => [kinds[access], source, target]),
    ...Object.entries({
      PATH: hostPath,
      HOME: '/tmp/home',
      TMPDIR: '/tmp',
      LANG: 'C.UTF-8',
      ...env,
    }).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--remount-ro', '/', '--chdir', '/tmp'],
  ];
  const [file = '', ...before] = [...withOwnKeyring(), ...entering(), bwrap];
  const child = spawn(file, [...before, '--args', '3', '--seccomp', '4', '--', program, ...args], {
    cwd: '/',
    env: { PATH: hostPath },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  feed(child, 3, setup.map((argument) => `${argument}\0`).join(''));
  feed(child, 4, filterHere(true));
  return child;
};

const temporaryFolder = (temporary: string | number): readonly string[] =>
  typeof temporary === 'string'
    ? ['--bind', temporary, '/tmp']
    : ['--size', String(temporary), '--tmpfs', '/tmp'];

const feed = (child: ChildProcess, descriptor: number, data: string | Uint8Array): void => {
  const stream = child.stdio[descriptor];
  if (!stream || !('end' in stream)) return;
  // What ends before it has read all breaks the pipe, and its end says why.
  stream.on('error', () => {});
  stream.end(data);
};

const namespaces = ['net', 'pid', 'ipc', 'uts'];

/**
 * As root bubblewrap covers parts of `/proc` by itself, and then the kernel lets no sandbox inside mount
 * another (`mount_too_revealing`): the namespaces are made before it, with one that is whole.
 */
const isRoot = (): boolean => process.getuid?.() === 0;

const entering = (): readonly string[] =>
  isRoot()
    ? [
        ...['setpriv', '--pdeathsig', 'KILL', 'unshare', '--user', '--map-current-user'],
        ...namespaces.map((name) => `--${name}`),
        ...['--mount', '--fork', '--kill-child=KILL', '--mount-proc', '--'],
      ]
    : [];

const processes = async (): Promise<readonly string[]> => [
  // A whole one is there for the kernel to find, and out of reach.
  ...(isRoot()
    ? ['--bind', '/proc', '/whole/proc']
    : [...namespaces.map((name) => `--unshare-${name}`), '--proc', '/whole/proc']),
  ...['--tmpfs', '/whole', '--remount-ro', '/whole', '--proc', '/proc'],
  ...(await coveredProc()),
  // How many namespaces sandboxes inside may have: it counts for these namespaces alone.
  ...['--bind-try', '/proc/sys/user', '/proc/sys/user'],
];
