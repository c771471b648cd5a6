// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { githubPin, pagePin } from '../../src/flow/compile/pins.ts';
import type { CompileSettings } from '../../src/flow/compile/settings.ts';
import { plainGit, temporaryFolder } from '../workspace/with-repository.ts';

export const home = fileURLToPath(new URL('../..', import.meta.url));

/** A person's repository with the example vault, its compiled workflows, and a bare remote. */
export type Vault = {
  readonly folder: string;
  readonly remote: string;
  readonly state: string;
  /** Beside the repository. */
  readonly scratch: string;
};

const release = `acme/pantheon@${'0123456789'.repeat(4)}`;

/** Lays the vault out as a user has it after `pantheon flow compile`; `jobs` is what a job works. */
export const layVault = (
  t: { readonly teardown: (clean: () => void) => void },
  jobs: CompileSettings['jobs'] = 'node',
): Vault => {
  const scratch = temporaryFolder(t);
  const folder = join(scratch, 'vault');
  cpSync(join(home, 'examples/vault'), folder, { recursive: true });
  cpSync(join(home, 'examples/specs'), join(folder, 'specs'), { recursive: true });
  cpSync(join(home, 'flows'), join(folder, 'flows'), { recursive: true });
  const settings = `github:\n  jobs: ${jobs}\n  shards: 2\n  actions: "${release} # v0.1.0"\n`;
  writeFileSync(join(folder, 'pantheon.yaml'), settings);
  execFileSync(join(home, 'bin/pantheon'), ['flow', 'compile', '--repo', folder]);
  const git = plainGit(folder);
  git(['init', '-q', '-b', 'main']);
  git(['add', '-A']);
  git(['commit', '-q', '-m', 'Begin']);
  const remote = join(scratch, 'remote.git');
  git(['clone', '-q', '--bare', folder, remote]);
  return { folder, remote, state: join(scratch, 'state'), scratch };
};

/** Small actions that do here what GitHub's do there, by what a workflow takes them for. */
const standIns = {
  checkout: 'checkout',
  upload: 'upload-artifact',
  download: 'download-artifact',
} as const;

/** What a release has for workflows: every action.yml, and no packages. */
const layRelease = (scratch: string): string => {
  const folder = join(scratch, 'release');
  for (const file of globSync('actions/*/action.yml', { cwd: home })) {
    cpSync(join(home, file), join(folder, file), { recursive: true });
  }
  return folder;
};

/** The workflow but for `queue`, which act does not know: it leaves `concurrency` to GitHub. */
const forAct = ({ folder, scratch }: Vault, flow: string): string => {
  const name = `night-${flow}.yml`;
  const text = readFileSync(join(folder, '.github/workflows', name), 'utf8');
  const place = join(scratch, 'workflows');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, name), text.replace(/^ {2}queue: max\n/m, ''));
  return join(place, name);
};

export type ActOptions = {
  readonly act: string;
  /** Where npm installed @actions/artifact. */
  readonly artifact: string;
  readonly flow: string;
  /** act gives every run the same id, and its artifacts with it. */
  readonly run: number;
  readonly apiUrl: string;
  readonly token: string;
  readonly event?: string;
  readonly inputs?: Readonly<Record<string, string>>;
};

/** Runs a compiled night on this host and waits for its end. */
export const runAct = async (
  vault: Vault,
  options: ActOptions,
): Promise<{ code: number | null; log: string }> => {
  const { act, artifact, flow, run, apiUrl, token, event = 'schedule', inputs = {} } = options;
  const actHome = join(vault.scratch, 'home');
  mkdirSync(actHome, { recursive: true });
  const local = [
    `${release}=${layRelease(vault.scratch)}`,
    `${pagePin.uses}=${join(home, 'test/act/actions', standIns.upload)}`,
    ...Object.entries(standIns).map(
      ([action, folder]) =>
        `${githubPin('github.com', action as keyof typeof standIns).uses}=${join(home, 'test/act/actions', folder)}`,
    ),
  ];
  const environment = {
    PANTHEON_HOME: home,
    PANTHEON_ARTIFACT: artifact,
    PANTHEON_STATE: vault.state,
    // The vault has no packages of its own.
    PANTHEON_EXAMPLE: '1',
    PANTHEON_GIT_REMOTE: vault.remote,
    GITHUB_API_URL: apiUrl,
    GITHUB_REPOSITORY: 'octo/vault',
    CI: '1',
  };
  const args = [
    event,
    ...['--workflows', forAct(vault, flow)],
    ...['--platform', 'self-hosted=-self-hosted'],
    ...['--artifact-server-path', join(vault.scratch, 'artifacts', String(run))],
    ...['--artifact-server-addr', '127.0.0.1', '--artifact-server-port', String(await freePort())],
    // So that a job has of the repository what its own checkout fetches.
    ...['--no-cache-server', '--no-skip-checkout'],
    ...local.flatMap((pair) => ['--local-repository', pair]),
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...Object.entries(inputs).flatMap(([key, value]) => ['--input', `${key}=${value}`]),
    ...['--secret', `GITHUB_TOKEN=${token}`],
  ];
  return new Promise((resolve, reject) => {
    // act copies its own environment into the jobs.
    const env = { PATH: process.env.PATH, HOME: actHome };
    const child = spawn(act, args, { cwd: vault.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, log: Buffer.concat(chunks).toString() }));
  });
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
