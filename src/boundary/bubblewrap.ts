// SPDX-License-Identifier: GPL-3.0-only
import { lstat, readlink, realpath } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import {
  type Command,
  type Execution,
  type Executor,
  SandboxFault,
  sandboxRoot,
} from './executor.ts';
import { makeLinkFolder, makeMountPoint, removeTree } from './read-only-folder.ts';
import { type ProcessResult, runProcess } from './run-process.ts';
import { seccompFilter } from './seccomp/filter.ts';
import { startAdvice } from './start-advice.ts';

export type BubblewrapOptions = {
  /** The program; default `bwrap` in the usual places. */
  readonly bwrap?: string;
  /** The Node that commands find; default the one that runs this. */
  readonly node?: string;
  /** Forbids namespaces inside the sandbox; bubblewrap before 0.8 cannot. */
  readonly disableUserns?: boolean;
};

const hostPath = '/usr/local/bin:/usr/bin:/bin';
const kernelSwitches = ['sys', 'sysrq-trigger', 'mtrr', 'pressure', 'scsi', 'acpi'].map(
  (name) => `/proc/${name}`,
);
/** A tmpfs without a size takes half of the machine's memory. */
const tmpBytes = 1024 * 1024 * 1024;
const sharedBytes = 256 * 1024 * 1024;
const tmpfs = (path: string, bytes = tmpBytes): readonly string[] => [
  ...['--size', String(bytes)],
  ...['--tmpfs', path],
];

/**
 * Runs each command in new namespaces without network: it sees the system's programs, its own root
 * at `sandboxRoot`, what `readOnly` names, and nothing else of this machine.
 */
export const createBubblewrap = (options: BubblewrapOptions = {}): Executor => ({
  run: async (command) => {
    const root = await realpath(command.root);
    const inside = relative(root, await realpath(command.cwd));
    if (inside === '..' || inside.startsWith(`..${sep}`)) {
      throw new SandboxFault('the working folder is outside the root');
    }
    const shown = await showReadOnly(root, command);
    try {
      const setup = [
        ...(await systemArguments(options)),
        ...['--bind', root, sandboxRoot],
        ...shown.args,
        ...['--chdir', posix.join(sandboxRoot, inside.split(sep).join('/'))],
        ...environment(command),
        ...['--remount-ro', '/'],
      ];
      return await start(options, command, setup);
    } finally {
      await Promise.all(shown.temporary.map(removeTree));
    }
  },
});

const start = async (
  { bwrap = 'bwrap' }: BubblewrapOptions,
  command: Command,
  setup: readonly string[],
): Promise<Execution> => {
  if (setup.some((argument) => argument.includes('\0'))) {
    throw new SandboxFault('an argument contains a NUL byte');
  }
  const result = await runProcess({
    ...command,
    file: bwrap,
    // The setup goes through a descriptor: on the command line, processes inside could read it.
    args: ['--args', '3', '--seccomp', '4', '--json-status-fd', '5', '--', ...command.argv],
    cwd: '/',
    env: { PATH: hostPath },
    feeds: [setup.map((argument) => `${argument}\0`).join(''), filterHere()],
  }).catch(async (cause: unknown) => {
    throw new SandboxFault(await startAdvice(cause), { cause });
  });
  return judge(result);
};

const filterHere = (): Uint8Array => {
  const { arch } = process;
  if (arch === 'x64' || arch === 'arm64') return seccompFilter(arch);
  throw new SandboxFault(
    `there is no filter of system calls for ${arch}. Run nights on x86_64 or aarch64`,
  );
};

/** Tells the end of the command from a sandbox that never started it. */
const judge = async (result: ProcessResult): Promise<Execution> => {
  const { status, killed, ...execution } = result;
  // Written only once the command has been executed (bwrap(1), --json-status-fd).
  if (killed || status.includes('"exit-code"')) return execution;
  if (/^bwrap: execvp /m.test(execution.stderr)) return { ...execution, code: 127 };
  throw new SandboxFault(await startAdvice(execution.stderr));
};

const systemArguments = async ({
  node = process.execPath,
  disableUserns = true,
}: BubblewrapOptions): Promise<readonly string[]> => [
  ...['--unshare-all', '--unshare-user', '--die-with-parent', '--new-session', '--clearenv'],
  ...(disableUserns ? ['--disable-userns'] : []),
  ...['--cap-drop', 'ALL', '--uid', '1000', '--gid', '1000', '--hostname', 'sandbox'],
  ...['--ro-bind', '/usr', '/usr'],
  ...(await Promise.all(['/bin', '/sbin', '/lib', '/lib64'].map(systemFolder))).flat(),
  ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
  ...['--ro-bind-try', '/etc/alternatives', '/etc/alternatives'],
  ...['passwd', 'group', 'hosts', 'nsswitch.conf'].flatMap((name) => [
    '--ro-bind',
    join(import.meta.dirname, 'etc', name),
    `/etc/${name}`,
  ]),
  ...['--proc', '/proc', '--dev', '/dev'],
  ...[...tmpfs('/dev/shm', sharedBytes), '--remount-ro', '/dev'],
  // Root's own id opens these even without capabilities, and core_pattern leads out of any sandbox.
  ...kernelSwitches.flatMap((path) => ['--ro-bind-try', path, path]),
  ...[...tmpfs('/tmp'), '--dir', '/tmp/home'],
  ...['--ro-bind', await realpath(node), '/opt/node/bin/node'],
];

/** `/lib` and its kin are links into `/usr` on most systems and folders on some. */
const systemFolder = async (path: string): Promise<readonly string[]> => {
  const stat = await lstat(path).catch(() => undefined);
  if (stat?.isSymbolicLink()) return ['--symlink', await readlink(path), path];
  return stat?.isDirectory() ? ['--ro-bind', path, path] : [];
};

const environment = ({ env }: Command): readonly string[] =>
  Object.entries({
    PATH: `/opt/node/bin:${hostPath}`,
    HOME: '/tmp/home',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    ...env,
  }).flatMap(([name, value]) => ['--setenv', name, value]);

type Shown = { readonly args: readonly string[]; readonly temporary: readonly string[] };

const showReadOnly = async (root: string, { readOnly = [] }: Command): Promise<Shown> => {
  const args: string[] = [];
  const temporary: string[] = [];
  for (const [index, { source, target, scratch }] of readOnly.entries()) {
    await makeMountPoint(root, target);
    const inside = posix.join(sandboxRoot, target);
    if (scratch === undefined) {
      args.push('--ro-bind', source, inside);
      continue;
    }
    const places = await Promise.all(
      scratch.map((name) => lstat(join(source, name)).catch(() => undefined)),
    );
    if (places.every((place) => place?.isDirectory())) {
      args.push('--ro-bind', source, inside);
    } else {
      const seenAt = `/deps/${index}/node_modules`;
      const links = await makeLinkFolder(source, seenAt, scratch);
      temporary.push(links);
      args.push('--ro-bind', source, seenAt, '--ro-bind', links, inside);
    }
    args.push(...scratch.flatMap((name) => tmpfs(posix.join(inside, name))));
  }
  return { args, temporary };
};
