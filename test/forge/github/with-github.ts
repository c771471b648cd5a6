// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { branchOf, type PullRequest } from '../../../src/forge/forge.ts';
import type { GithubSettings } from '../../../src/forge/github/github-context.ts';
import { readGithubRepository } from '../../../src/forge/github/repository.ts';
import { openGithubForge } from '../../../src/forge/github-forge.ts';
import { startSimulatedGithub, testToken } from '../../simulated-github/server.ts';
import { plainGit, temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';

type Test = {
  readonly teardown: (clean: () => unknown) => void;
  readonly is: (actual: unknown, expected: unknown) => unknown;
  readonly deepEqual: (actual: unknown, expected: unknown) => unknown;
};

const defaults: GithubSettings = { draft: false, labels: ['pantheon'], assignees: [] };

/** A commit on the base that is on no branch, as publish leaves it. */
const commitOn = (repository: string, text: string): string => {
  const run = plainGit(repository);
  const base = run(['rev-parse', 'main']).trim();
  run(['switch', '-q', '--detach', base]);
  writeFiles(repository, { 'a.txt': text });
  run(['commit', '-qam', 'Change']);
  const id = run(['rev-parse', 'HEAD']).trim();
  run(['switch', '-q', 'main']);
  return id;
};

type Template = { readonly home: string; readonly head: string; readonly commit: string };

let template: Template | undefined;

/** A repository, the bare one it was pushed to and a commit to send: made once, copied for each test. */
const madeOnce = (): Template => {
  if (template) return template;
  const home = mkdtempSync(join(tmpdir(), 'pantheon-github-'));
  process.on('exit', () => rmSync(home, { recursive: true, force: true }));
  const repository = join(home, 'vault');
  mkdirSync(repository);
  const run = plainGit(repository);
  run(['init', '-q', '-b', 'main']);
  writeFiles(repository, { 'a.txt': 'a\n' });
  run(['add', '-A']);
  run(['commit', '-q', '-m', 'Base']);
  run(['clone', '-q', '--bare', repository, join(home, 'vault.git')]);
  const head = run(['rev-parse', 'HEAD']).trim();
  template = { home, head, commit: commitOn(repository, 'changed\n') };
  return template;
};

/** A simulated GitHub with a bare repository, a clone of it on this machine, and a state folder. */
export const makeGithub = async (
  t: Test,
  settings: Partial<GithubSettings> = {},
  server: { readonly kill?: () => Promise<void> | void; readonly slowMs?: number } = {},
) => {
  const template = madeOnce();
  const { head } = template;
  const home = temporaryFolder(t);
  cpSync(template.home, home, { recursive: true });
  const [repository, remote] = [join(home, 'vault'), join(home, 'vault.git')];
  const run = plainGit(repository);
  const github = await startSimulatedGithub({ remote, ...server });
  t.teardown(() => github.close());
  const state = join(home, 'state');
  const said: string[] = [];
  const environment = {
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: 'https://github.test',
    GITHUB_REPOSITORY: 'octo/vault',
    GITHUB_TOKEN: testToken,
    PANTHEON_GIT_REMOTE: remote,
  };
  const places = { folder: join(state, 'github'), decisions: join(state, 'decisions.jsonl') };
  const open = (
    more: {
      readonly environment?: NodeJS.ProcessEnv;
      readonly timeoutMs?: number;
      readonly places?: typeof places;
      /** The branch to merge into; null: whatever is the repository's own. */
      readonly into?: null;
      readonly dashboard?: boolean;
    } = {},
  ) =>
    openGithubForge({
      ...(more.places ?? places),
      ...(more.into !== null && { into: 'main' }),
      repository,
      github: readGithubRepository({ ...environment, ...more.environment }, undefined),
      settings: { ...defaults, ...settings },
      dashboard: more.dashboard,
      timeoutMs: more.timeoutMs,
      say: (line) => said.push(line),
    });
  const commit = (text: string) => commitOn(repository, text);
  const request = (more: Partial<PullRequest> = {}): PullRequest => {
    const spec = more.spec ?? 'tidy';
    return {
      spec,
      specDigest: 'd'.repeat(64),
      night: '2026-11-21',
      title: 'Tidy',
      branch: branchOf(spec, more.specDigest ?? 'd'.repeat(64)),
      base: head,
      commit: more.commit ?? template.commit,
      digest: 'e'.repeat(64),
      units: { approved: ['u'], red: [] },
      supersedes: [],
      body: '# Tidy\n\nText.\n',
      ...more,
    };
  };
  const pulls = () => github.state.issues.filter(({ pull }) => pull);
  /** Nothing that was asked or answered broke GitHub's description. */
  const clean = () => t.deepEqual(github.state.violations, []);
  const tip = (branch: string) => plainGit(remote)(['rev-parse', branch]).trim();
  return {
    github,
    repository,
    remote,
    run,
    head,
    state,
    places,
    open,
    request,
    commit,
    pulls,
    clean,
    tip,
    said,
    environment,
    home,
  };
};
