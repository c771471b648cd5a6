// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import { configEnvironment, GitFault, git } from '../../workspace/git.ts';
import { isShallow } from '../../workspace/repository.ts';
import { type FaultKind, ForgeFault } from '../forge-fault.ts';
import type { GithubRepository } from './repository.ts';

const limitMs = 300_000;

/**
 * What the remote has at a branch, and at the one to merge it into: by default the remote's own.
 * @throws ForgeFault.
 */
export const remoteTips = async (
  repository: string,
  github: GithubRepository,
  branch: string,
  into: string | undefined,
): Promise<Readonly<Record<'there' | 'into' | 'tip', string | undefined>>> => {
  const [ref, target] = [
    `refs/heads/${branch}`,
    into === undefined ? 'HEAD' : `refs/heads/${into}`,
  ];
  const args = ['ls-remote', '--symref', '--', github.remote, ref, target];
  const lines = (await reach(repository, github, args)).split('\n');
  const oidAt = (name: string): string | undefined =>
    lines.find((line) => line.endsWith(`\t${name}`) && !line.startsWith('ref: '))?.split('\t')[0];
  const [, head] = /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(lines.join('\n')) ?? [];
  return { there: oidAt(ref), tip: oidAt(target), into: into ?? head };
};

/** The names of all branches that are `pantheon` or below it on the remote. @throws ForgeFault. */
export const remoteBranches = async (
  repository: string,
  github: GithubRepository,
): Promise<readonly string[]> => {
  const patterns = ['refs/heads/pantheon', 'refs/heads/pantheon/*'];
  const text = await reach(repository, github, ['ls-remote', '--', github.remote, ...patterns]);
  return [...text.matchAll(/\trefs\/heads\/(.+)$/gm)].map(([, name = '']) => name);
};

/** Makes a new branch on the remote. @throws ForgeFault, `refused` when there is one of that name. */
export const pushBranch = async (
  repository: string,
  github: GithubRepository,
  branch: string,
  commit: string,
): Promise<void> => {
  const ref = `refs/heads/${branch}`;
  // An empty lease: the branch may not exist, not even behind the commit.
  const args = ['push', '--quiet', '--no-verify', `--force-with-lease=${ref}:`];
  await reach(repository, github, [...args, '--', github.remote, `${commit}:${ref}`]);
};

/** Brings a commit of the remote into the repository; no ref changes. @throws ForgeFault. */
export const fetchCommit = async (
  repository: string,
  github: GithubRepository,
  commit: string,
): Promise<void> => {
  const depth = (await isShallow(repository)) ? ['--depth=1'] : [];
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', ...depth];
  await reach(repository, github, [...args, '--', github.remote, commit]);
};

const reach = async (
  repository: string,
  github: GithubRepository,
  args: readonly string[],
): Promise<string> => {
  try {
    const env = remoteEnvironment(github);
    const signal = AbortSignal.timeout(limitMs);
    const { stdout } = await git(repository, args, { env, signal });
    return stdout.toString('utf8');
  } catch (cause) {
    if (cause instanceof GitFault && cause.code !== undefined) throw faultOfGit(cause);
    throw new ForgeFault('unreachable', 'git did not finish in time', { cause });
  }
};

/**
 * Credentials reach git by its environment alone, through a helper that answers for this server only:
 * never in an argument, which every process here may read, and never in a file.
 */
const remoteEnvironment = ({ remote, token }: GithubRepository): Record<string, string> => {
  const origin = URL.canParse(remote) ? new URL(remote) : undefined;
  const web = origin?.protocol === 'https:' || origin?.protocol === 'http:';
  const settings: (readonly [string, string])[] = [
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '1000'],
    ['http.lowSpeedTime', '60'],
    ['push.negotiate', 'false'],
    ['submodule.recurse', 'false'],
  ];
  if (web && token !== undefined) {
    settings.push(['credential.helper', ''], [`credential.${origin.origin}.helper`, helper]);
  }
  return {
    ...configEnvironment(settings),
    GIT_ALLOW_PROTOCOL: web ? origin.protocol.slice(0, -1) : origin ? 'ssh:file' : 'file:ssh',
    ...(web && token !== undefined && { PANTHEON_GIT_PASSWORD: token }),
  };
};

/** git runs it with `get`, `store` or `erase` (gitcredentials(7)). */
const helper =
  '!f() { test "$1" = get && printf "username=x-access-token\\npassword=%s\\n" "$PANTHEON_GIT_PASSWORD"; }; f';

const kinds: readonly (readonly [RegExp, FaultKind, string])[] = [
  [
    /Authentication failed|could not read (?:Username|Password)|returned error: 40[13]|Permission (?:to .+ )?denied/i,
    'denied',
    'the token may not push; it needs the permission "contents: write"',
  ],
  [
    /repository .* not found|does not appear to be a git repository/i,
    'denied',
    'the repository does not exist, or the token may not see it',
  ],
  [/stale info|\[rejected\]/i, 'refused', 'the branch already exists with other commits'],
  [
    /refs\/heads\/pantheon' exists; cannot create/i,
    'blocked',
    'a branch named "pantheon" leaves no room for branches below that name; rename it on the forge',
  ],
  [
    /GH013|rule violations/i,
    'blocked',
    'a rule of the repository refuses the branch (GH013); let "pantheon/**" pass it, or lift it, and run pantheon sync',
  ],
  [
    /protected branch|GH0\d\d|pre-receive hook declined|hook declined/i,
    'blocked',
    'a protection or a hook of the forge refuses the branch; let "pantheon/**" pass it, and run pantheon sync',
  ],
  [
    /refusing to allow/i,
    'denied',
    'the token may not push this; it needs the permission that the forge names',
  ],
  [
    /cannot lock ref|failed to update ref|internal (?:server )?error|unpacker error|timed? ?out/i,
    'unreachable',
    'the forge could not take the branch just now',
  ],
  [/\[remote rejected\]/i, 'refused', 'the forge refused the branch'],
];

const faultOfGit = (cause: GitFault): ForgeFault => {
  const match = kinds.find(([pattern]) => pattern.test(cause.stderr));
  const words = printable(cause.stderr.replaceAll(/\/\/[^@/\s]+@/g, '//')).slice(0, 300);
  const [, kind, meaning] = match ?? [undefined, 'unreachable', 'git cannot reach the forge'];
  return new ForgeFault(kind, `${meaning}: ${words}`, { cause });
};
