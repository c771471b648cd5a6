// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { printable } from '../data/printable.ts';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { UserError } from '../data/user-error.ts';
import { CommitFault, pantheonAuthor } from '../workspace/commit.ts';
import { GitFault, git } from '../workspace/git.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * Signs a commit as git is set up to (`gpg.format`, `user.signingKey`): the same with a signature, which the
 * repository has then beside it. Signed again it may have another id.
 * @throws UserError where git cannot sign, CommitFault where it makes another commit of it.
 */
export const signCommit = async (repository: string, commit: string): Promise<string> =>
  sign(repository, await readText(repository, commit));

/** Whether the second is the first with a signature. */
export const isSigned = async (
  repository: string,
  commit: string,
  signed: string,
): Promise<boolean> => {
  const texts = [commit, signed].map((id) => readText(repository, id));
  const [plain, other] = await Promise.all(texts).catch(() => []);
  return plain !== undefined && other !== undefined && withoutSignature(other) === plain;
};

/** Signs a commit that nobody keeps. @throws UserError where git cannot sign. */
export const trySigning = async (
  repository: string,
  base: string,
  committer = pantheonAuthor,
): Promise<void> => {
  const asked = ['rev-parse', '--path-format=absolute', `${base}^{tree}`, '--git-path', 'objects'];
  const { stdout } = await git(repository, asked);
  const [tree, objects = ''] = stdout.toString('utf8').split('\n');
  const folder = await makeTemporaryFolder('signing');
  try {
    const own = join(folder, 'objects');
    mkdirSync(own);
    const env = { GIT_OBJECT_DIRECTORY: own, GIT_ALTERNATE_OBJECT_DIRECTORIES: objects };
    const who = `${committer} 0 +0000`;
    await sign(repository, `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nTrial\n`, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const sign = async (repository: string, text: string, env: Environment = {}): Promise<string> => {
  const headEnd = text.indexOf('\n\n');
  const headers = text
    .slice(0, headEnd)
    .split('\n')
    .map((line) => line.split(/ (.*)/s, 2) as [key: string, value: string]);
  const of = (name: string) => headers.flatMap(([key, value]) => (key === name ? [value] : []));
  const parents = of('parent').flatMap((parent) => ['-p', parent]);
  const args = ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', '-S', ...parents, ...of('tree')];
  const people = ['author', 'committer'].flatMap((role) => of(role).map((who) => named(role, who)));
  const commit = await commitTree(repository, args, text.slice(headEnd + 2), {
    ...Object.assign({}, ...people),
    // Nobody is there to type a passphrase (ssh(1)).
    SSH_ASKPASS_REQUIRE: 'never',
    ...env,
  });
  const signed = await readText(repository, commit, env);
  if (withoutSignature(signed) !== text) {
    throw new CommitFault('git signed another commit than the one that was approved');
  }
  return commit;
};

const withoutSignature = (text: string): string =>
  text.replace(/^gpgsig(?:-sha256)? .*\n(?: .*\n)*/m, '');

/** A commit as git stores it. */
const readText = async (repository: string, commit: string, env: Environment = {}) =>
  (await git(repository, ['cat-file', 'commit', commit], { env })).stdout.toString('utf8');

const named = (role: string, who: string): Environment => {
  const [, name = '', mail = '', date = ''] = /^(.*) <(.*)> (.*)$/.exec(who) ?? [];
  const prefix = `GIT_${role.toUpperCase()}`;
  return { [`${prefix}_NAME`]: name, [`${prefix}_EMAIL`]: mail, [`${prefix}_DATE`]: `@${date}` };
};

/** A key that waits for somebody must not keep a night waiting. */
const limitMs = 60_000;

const commitTree = async (
  repository: string,
  args: readonly string[],
  stdin: string,
  env: Environment,
): Promise<string> => {
  const signal = AbortSignal.timeout(limitMs);
  try {
    const { stdout } = await git(repository, args, { env, stdin, signal });
    return stdout.toString('utf8').trim();
  } catch (cause) {
    const why = signal.aborted ? `nothing came in ${limitMs / 1000} s` : reasonIn(cause);
    if (why === undefined) throw cause;
    throw new UserError(
      `git cannot sign commits (${why}). Set gpg.format and user.signingKey to a key that needs no passphrase, or \`commit: { sign: false }\` in pantheon.yaml`,
      { cause },
    );
  }
};

const reasonIn = (fault: unknown): string | undefined => {
  if (!(fault instanceof GitFault) || fault.code === undefined) return undefined;
  const lines = fault.stderr.split('\n').map((line) => line.replace(/^(?:error|fatal|gpg): /, ''));
  const own = lines.filter((line) => !/^(?:\[GNUPG:\]|failed to write commit|$)/.test(line));
  return printable(own.join(' ')).slice(0, 300) || `exit code ${fault.code}`;
};
