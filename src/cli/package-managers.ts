// SPDX-License-Identifier: GPL-3.0-only
import { basename } from 'node:path';
import { runProcess } from '../boundary/run-process.ts';
import { UserError } from '../data/user-error.ts';

/** Who installs what a lockfile names. */
export type PackageManager = {
  readonly name: 'npm' | 'pnpm' | 'yarn';
  /** Ways to start it, the first that works counts. */
  readonly starts: readonly (readonly [file: string, ...args: string[]])[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files beside the lockfile that it reads too; none that names a server or runs code. */
  readonly also: readonly string[];
  /** Ways whose version is another's are passed over. */
  readonly suits: (version: string) => boolean;
  readonly advice: string;
};

/** Of a lockfile by its name and text; scripts of packages never run. */
export const managerOf = (lockfile: string, text: string): PackageManager => {
  const common = { env: {}, also: [], suits: () => true };
  switch (basename(lockfile)) {
    case 'pnpm-lock.yaml':
      return {
        ...common,
        name: 'pnpm',
        starts: [['pnpm'], ['corepack', 'pnpm']],
        args: [
          'install',
          '--frozen-lockfile',
          '--ignore-scripts',
          '--ignore-pnpmfile',
          '--prod=false',
        ],
        also: ['pnpm-workspace.yaml'],
        advice: 'install pnpm, or corepack, which fetches it',
      };
    case 'yarn.lock':
      return /^__metadata:/m.test(text) ? berry : classic;
    default:
      return {
        ...common,
        name: 'npm',
        starts: [['npm']],
        args: ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'],
        advice: 'install npm or put it into PATH',
      };
  }
};

const classic: PackageManager = {
  name: 'yarn',
  starts: [['yarn'], ['corepack', 'yarn@1']],
  args: [
    'install',
    '--frozen-lockfile',
    '--ignore-scripts',
    '--production=false',
    '--non-interactive',
  ],
  env: {},
  also: [],
  suits: (version) => version.startsWith('1.'),
  advice: 'install yarn 1, or corepack, which fetches it',
};

const berry: PackageManager = {
  name: 'yarn',
  starts: [['yarn'], ['corepack', 'yarn']],
  args: ['install', '--immutable', '--mode=skip-build'],
  env: {
    YARN_NODE_LINKER: 'node-modules',
    YARN_ENABLE_SCRIPTS: '0',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_ENABLE_GLOBAL_CACHE: '1',
  },
  also: [],
  suits: (version) => !version.startsWith('1.'),
  advice: 'install yarn 2 or later, or corepack, which fetches the one that "packageManager" names',
};

type Start = PackageManager['starts'][number];

const timeoutMs = 30 * 60_000;

/** The way that starts it in a folder with the package's manifest; `undefined` where there is none. */
export const findStart = async (
  { starts, suits, env }: PackageManager,
  cwd: string,
  signal?: AbortSignal,
): Promise<Start | undefined> => {
  for (const start of starts) {
    const ended = await runStart(start, ['--version'], { cwd, env, signal }).catch(() => undefined);
    signal?.throwIfAborted();
    if (ended?.code === 0 && suits(ended.stdout.trim())) return start;
  }
  return undefined;
};

/** @throws UserError in the manager's own words where it fails. */
export const installPackages = async (
  manager: PackageManager,
  { cwd, lockfile, signal }: { cwd: string; lockfile: string; signal?: AbortSignal | undefined },
): Promise<void> => {
  const { name, args, env, advice } = manager;
  const place = { file: lockfile };
  const start = await findStart(manager, cwd, signal);
  if (!start) throw new UserError(`${name} could not be started; ${advice}`, { place });
  const { code, stderr, stdout, timedOut } = await runStart(start, args, { cwd, env, signal });
  signal?.throwIfAborted();
  if (code === 0) return;
  const words = timedOut
    ? `still running after ${timeoutMs / 60_000} minutes`
    : lastWords(`${stderr}\n${stdout}`);
  const command = `${name} ${args[0]}${/frozen|immutable/.exec(args[1] ?? '') ? ` ${args[1]}` : ''}`;
  throw new UserError(`${command} failed: ${words}; make "${command}" pass in the checkout first`, {
    place,
  });
};

const runStart = (
  [file, ...first]: Start,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: PackageManager['env'];
    readonly signal: AbortSignal | undefined;
  },
) =>
  runProcess({
    ...options,
    file,
    args: [...first, ...args],
    env: { ...process.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0', ...options.env },
    timeoutMs,
    group: true,
  });

const said = /^(?:npm (?:error|ERR!)|error|\s*ERR_PNPM_\w+|➤ YN00(?!00|13|19)\d\d:) (?:code )?/;

/** The manager's error lines without its prefix and without the path of its log. */
const lastWords = (text: string): string =>
  text
    .split('\n')
    .filter((line) => said.test(line) && !line.includes('complete log'))
    .map((line) => line.replace(said, '').trim())
    .slice(0, 3)
    .join(' ') || text.trim().slice(-300);
