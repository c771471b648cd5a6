// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import { runUrl } from '../run-url.ts';

/** Who a token speaks for, as far as it can be told before it is used. */
export type TokenKind = 'actions' | 'app' | 'personal' | 'none';

/** Where a repository is on a GitHub (github.com or an Enterprise Server), and the token for it. */
export type GithubRepository = {
  /** Without a slash at its end, such as `https://api.github.com` or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly owner: string;
  readonly repo: string;
  /** What git pushes to. */
  readonly remote: string;
  readonly token: string | undefined;
  readonly tokenKind: TokenKind;
  /** The page of the workflow run this is part of. */
  readonly runUrl: string | undefined;
};

/**
 * Reads the repository from the environment as GitHub Actions sets it; outside of it, from the address of
 * the repository's remote `origin`. `PANTHEON_GITHUB_TOKEN` counts before `GITHUB_TOKEN`;
 * `PANTHEON_GIT_REMOTE` names another remote to push to.
 * @throws UserError when no repository on a GitHub can be told.
 */
export const readGithubRepository = (
  environment: NodeJS.ProcessEnv,
  origin: string | undefined,
): GithubRepository => {
  const fromOrigin = origin === undefined ? undefined : readOrigin(origin);
  const serverUrl = withoutSlash(
    environment.GITHUB_SERVER_URL || fromOrigin?.serverUrl || 'https://github.com',
  );
  const name = environment.GITHUB_REPOSITORY || fromOrigin?.repository;
  const [, owner, repo] = /^([\w.-]{1,100})\/([\w.-]{1,100})$/.exec(name ?? '') ?? [];
  if (owner === undefined || repo === undefined) {
    throw new UserError(
      'The name of the repository on GitHub is not known. Set GITHUB_REPOSITORY to OWNER/NAME, or add a remote "origin".',
    );
  }
  const { token, tokenKind } = readToken(environment);
  return {
    apiUrl: withoutSlash(environment.GITHUB_API_URL || apiOf(serverUrl)),
    serverUrl,
    owner,
    repo,
    remote: environment.PANTHEON_GIT_REMOTE || `${serverUrl}/${owner}/${repo}.git`,
    token,
    tokenKind,
    runUrl: runUrl(environment),
  };
};

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** The REST API's address by the server's (docs.github.com, "Getting started with the REST API"). */
const apiOf = (serverUrl: string): string => {
  const { protocol, hostname, origin } = new URL(serverUrl);
  if (hostname === 'github.com') return 'https://api.github.com';
  // GitHub Enterprise Cloud with data residency.
  if (hostname.endsWith('.ghe.com')) return `${protocol}//api.${hostname}`;
  return `${origin}/api/v3`;
};

/** `https://HOST/OWNER/NAME.git`, `git@HOST:OWNER/NAME.git` or `ssh://git@HOST/OWNER/NAME`; nothing for a folder. */
export const readOrigin = (origin: string) => {
  const match =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|[\w.-]+@)([\w.-]+(?::\d+)?)[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
      origin,
    );
  if (!match?.[1] || !match[2]) return undefined;
  const plain = origin.startsWith('http://');
  // The port of ssh says nothing about the web's.
  const host = origin.startsWith('http') ? match[1] : match[1].replace(/:\d+$/, '');
  return { serverUrl: `${plain ? 'http' : 'https'}://${host}`, repository: match[2] };
};

const readToken = (
  environment: NodeJS.ProcessEnv,
): Pick<GithubRepository, 'token' | 'tokenKind'> => {
  const pantheonToken = environment.PANTHEON_GITHUB_TOKEN?.trim();
  const token = pantheonToken || environment.GITHUB_TOKEN?.trim();
  if (!token) return { token: undefined, tokenKind: 'none' };
  if (!/^[\x21-\x7e]{1,1000}$/.test(token)) {
    throw new UserError(
      'The token in the environment contains spaces or other invalid characters. Set it again.',
    );
  }
  // Prefixes of tokens: github.blog, "Behind GitHub's new authentication token formats" (2021).
  if (!token.startsWith('ghs_')) return { token, tokenKind: 'personal' };
  const ofActions = !pantheonToken || pantheonToken === environment.GITHUB_TOKEN?.trim();
  return { token, tokenKind: ofActions ? 'actions' : 'app' };
};

/** One line for the person who reads the pull request: what the token means for its checks. */
export const describeToken = (kind: TokenKind): string | undefined => {
  if (kind === 'actions') {
    return 'Opened with `GITHUB_TOKEN`: its checks start when somebody with write access chooses "Approve and run".';
  }
  if (kind === 'app') return 'Opened with the token of a GitHub App: its checks run at once.';
  if (kind === 'personal') return 'Opened with a personal token: its checks run at once.';
  return undefined;
};
