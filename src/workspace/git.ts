// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export type GitOptions = {
  readonly stdin?: string | Uint8Array;
  /** Added to the safe environment; may replace a part of it. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What goes before git, to run it where it sees other folders. */
  readonly enter?: readonly string[];
};

/** git could not be started, failed, or answered what it never should; `stderr` is git's own words. */
export class GitFault extends Error {
  override readonly name = 'GitFault';
  readonly stderr: string;
  /** What it had printed until then. */
  readonly stdout: string;
  /** Exit code; `undefined` when it did not start or was killed. */
  readonly code: number | undefined;

  constructor(
    message: string,
    options: {
      stderr?: string;
      stdout?: string;
      code?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.stderr = options.stderr ?? '';
    this.stdout = options.stdout ?? '';
    this.code = options.code;
  }
}

/** Settings that keep a repository's or a user's configuration from running or changing anything. */
const safeConfig = [
  'core.hooksPath=/dev/null',
  'core.autocrlf=false',
  'core.fsmonitor=false',
  'protocol.ext.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
  'log.showSignature=false',
].flatMap((setting) => ['-c', setting]);

/**
 * The environment of every git here. A caller's own GIT_DIR and the like must not redirect it, so
 * only the variables that name configuration pass. No protocol but local files: a partial clone
 * never fetches behind our back (GIT_NO_LAZY_FETCH says so to git 2.44 and later).
 */
const safeEnvironment = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => {
  const inherited = Object.entries(process.env).filter(
    ([key]) => !key.startsWith('GIT_') || key.startsWith('GIT_CONFIG_'),
  );
  return {
    ...Object.fromEntries(inherited),
    GIT_ALLOW_PROTOCOL: 'file',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    ...extra,
  };
};

/** Settings by the environment (git-config(1), GIT_CONFIG_COUNT), after those that are there. */
export const configEnvironment = (
  settings: readonly (readonly [key: string, value: string])[],
): Readonly<Record<string, string>> => {
  const first = Number(process.env.GIT_CONFIG_COUNT ?? 0) || 0;
  const entries = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ]);
  return { ...Object.fromEntries(entries), GIT_CONFIG_COUNT: String(first + settings.length) };
};

/** Starts git in `folder` with the safe settings; for one that lives long. See `git`. */
export const spawnGit = (
  folder: string,
  args: readonly string[],
  options: Omit<GitOptions, 'stdin'> = {},
): ChildProcessWithoutNullStreams => {
  const [file = '', ...before] = [...(options.enter ?? []), 'git'];
  return spawn(file, [...before, '--no-pager', ...safeConfig, ...args], {
    cwd: folder,
    env: safeEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.signal && { signal: options.signal }),
  });
};

/**
 * Runs git in `folder`: no hooks, filters of the checkout aside, no pager, no prompt, no network,
 * pathspecs taken literally, messages in English.
 * @throws GitFault when it fails; rejects with the signal's reason when aborted.
 */
export const git = (
  folder: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<{ readonly stdout: Buffer }> =>
  new Promise((resolve, reject) => {
    options.signal?.throwIfAborted();
    const child = spawnGit(folder, args, options);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (cause) => {
      reject(options.signal?.aborted ? options.signal.reason : startFault(folder, cause));
    });
    child.on('close', (code, killedBy) => {
      if (code === 0) return resolve({ stdout: Buffer.concat(stdout) });
      const said = {
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      };
      reject(exitFault(args, code, killedBy, said));
    });
    // git may end before it has read all; what matters then is its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin);
  });

const startFault = (folder: string, cause: Error): GitFault =>
  new GitFault(`git could not be started in ${folder}: ${cause.message}`, { cause });

const exitFault = (
  args: readonly string[],
  code: number | null,
  killedBy: string | null,
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): GitFault => {
  const how = code === null ? `was ended by ${killedBy}` : `failed with code ${code}`;
  const words = stderr.trim();
  return new GitFault(`git ${args.join(' ')} ${how}${words && `: ${words}`}`, {
    stderr,
    stdout,
    ...(code !== null && { code }),
  });
};

/**
 * Environment in which git reads files as they lie there: a filter that the repository's
 * configuration names would be a command of its choice.
 */
export const withoutFilters = async (
  repository: string,
): Promise<Readonly<Record<string, string>>> => {
  const { stdout } = await git(repository, ['config', '--list', '--name-only', '-z']);
  const names = stdout
    .toString('utf8')
    .split('\0')
    .flatMap((key) => /^filter\.(.+)\.[^.]+$/.exec(key)?.[1] ?? []);
  // Not by `-c`, which would cut a name at its first `=`.
  return configEnvironment(
    [...new Set(names)].flatMap((name) => [
      [`filter.${name}.clean`, ''] as const,
      [`filter.${name}.process`, ''] as const,
      [`filter.${name}.required`, 'false'] as const,
    ]),
  );
};
