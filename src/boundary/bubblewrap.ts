// SPDX-License-Identifier: GPL-3.0-only
import { lstat, realpath } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import {
  type Command,
  type Execution,
  type Executor,
  SandboxFault,
  sandboxRoot,
  type TreeFolder,
} from './executor.ts';
import { holdTree } from './held-tree.ts';
import { defaultLimits } from './limits/limits.ts';
import { makeLinkFolder, makeMountPoint, removeLinkFolder } from './read-only-folder.ts';
import { hostPath, startBubblewrap } from './start-bubblewrap.ts';
import { coveredProc, systemPrograms } from './system-programs.ts';

export type BubblewrapOptions = {
  /** The program; default `bwrap` in the usual places. */
  readonly bwrap?: string;
  /** The Node that commands find; default the one that runs this. */
  readonly node?: string;
  /** Forbids namespaces inside the sandbox; bubblewrap before 0.8 cannot. */
  readonly disableUserns?: boolean;
};

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
export const createBubblewrap = (options: BubblewrapOptions = {}): Executor => {
  const trees = new Map<string, TreeFolder>();
  return {
    withTree: async (use, bytes = defaultLimits.tree) => {
      const tree = await holdTree(bytes, options.bwrap);
      trees.set(tree.path, tree);
      try {
        return await use(tree);
      } finally {
        trees.delete(tree.path);
        await tree.release();
      }
    },
    run: (command) => run(options, command, trees.get(command.root)),
  };
};

const run = async (
  options: BubblewrapOptions,
  command: Command,
  tree: TreeFolder | undefined,
): Promise<Execution> => {
  // A link in a tree of its own leads nowhere else: bubblewrap enters the folder from inside.
  const root = tree?.path ?? (await realpath(command.root));
  const inside = relative(root, tree ? command.cwd : await realpath(command.cwd));
  if (inside === '..' || inside.startsWith(`..${sep}`)) {
    throw new SandboxFault('the working folder is outside the root');
  }
  const shown = await showReadOnly(root, command);
  try {
    const setup = [
      ...(await systemArguments(options)),
      ...['--bind', tree?.seenAt ?? root, sandboxRoot],
      ...shown.args,
      ...['--chdir', posix.join(sandboxRoot, inside.split(sep).join('/'))],
      ...environment(command),
      ...['--remount-ro', '/'],
    ];
    return await startBubblewrap(options.bwrap, command, {
      setup,
      enter: tree?.enter ?? [],
      inMemory: ['/tmp', '/dev/shm', ...shown.inMemory],
      ...(tree && { tree: tree.path }),
    });
  } finally {
    shown.temporary.forEach(removeLinkFolder);
  }
};

const systemArguments = async ({
  node = process.execPath,
  disableUserns = true,
}: BubblewrapOptions): Promise<readonly string[]> => [
  ...['--unshare-all', '--unshare-user', '--die-with-parent', '--new-session', '--clearenv'],
  ...(disableUserns ? ['--disable-userns'] : []),
  ...['--cap-drop', 'ALL', '--uid', '1000', '--gid', '1000', '--hostname', 'sandbox'],
  ...(await systemPrograms()),
  ...['--proc', '/proc', '--dev', '/dev'],
  ...[...tmpfs('/dev/shm', sharedBytes), '--remount-ro', '/dev'],
  ...(await coveredProc()),
  ...[...tmpfs('/tmp'), '--dir', '/tmp/home'],
  ...['--ro-bind', await realpath(node), '/opt/node/bin/node'],
];

const environment = ({ env }: Command): readonly string[] =>
  Object.entries({
    PATH: `/opt/node/bin:${hostPath}`,
    HOME: '/tmp/home',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    ...env,
  }).flatMap(([name, value]) => ['--setenv', name, value]);

type Shown = {
  readonly args: readonly string[];
  readonly temporary: readonly string[];
  readonly inMemory: readonly string[];
};

const showReadOnly = async (root: string, { readOnly = [] }: Command): Promise<Shown> => {
  const args: string[] = [];
  const temporary: string[] = [];
  const inMemory: string[] = [];
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
    const folders = scratch.map((name) => posix.join(inside, name));
    args.push(...folders.flatMap((folder) => tmpfs(folder)));
    inMemory.push(...folders);
  }
  return { args, temporary, inMemory };
};
