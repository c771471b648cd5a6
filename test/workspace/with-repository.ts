// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

type Cleaning = { readonly teardown: (clean: () => void) => void };

/** A folder that goes when the test ends. */
export const temporaryFolder = (t: Cleaning): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-workspace-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Tester',
  GIT_AUTHOR_EMAIL: 'tester@localhost',
  GIT_COMMITTER_NAME: 'Tester',
  GIT_COMMITTER_EMAIL: 'tester@localhost',
  GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
  GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
  // A commit would start another git to look whether there is anything to tidy.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'maintenance.auto',
  GIT_CONFIG_VALUE_0: 'false',
};

export type Run = (args: readonly string[], input?: string | Uint8Array) => string;

/** Plain git, apart from the code under test. */
export const plainGit =
  (folder: string): Run =>
  (args, input) =>
    execFileSync('git', args, {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 1e9,
      ...(input !== undefined && { input }),
    }).toString();

export type Files = Readonly<Record<string, string | Uint8Array>>;

export const writeFiles = (folder: string, files: Files): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
};

export type TestRepository = { readonly folder: string; readonly run: Run; readonly head: string };

/** A real repository with one commit of `files`; `before` may prepare the folder once git is in it. */
export const makeRepository = (
  t: Cleaning,
  files: Files,
  options: { format?: 'sha1' | 'sha256'; before?: (folder: string, run: Run) => void } = {},
): TestRepository => {
  const folder = temporaryFolder(t);
  const run = plainGit(folder);
  cpSync(emptyRepository(options.format ?? 'sha1'), join(folder, '.git'), { recursive: true });
  writeFiles(folder, files);
  options.before?.(folder, run);
  run(['add', '-A']);
  run(['commit', '-q', '--allow-empty', '-m', 'Base']);
  const head = readFileSync(join(folder, '.git', 'refs', 'heads', 'main'), 'utf8').trim();
  return { folder, run, head };
};

const empty = new Map<string, string>();

/** What `git init` makes, once a process: a copy costs a tenth of another git. */
const emptyRepository = (format: 'sha1' | 'sha256'): string => {
  const made = empty.get(format);
  if (made !== undefined) return made;
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-template-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  plainGit(folder)(['init', '-q', '-b', 'main', '--template=', `--object-format=${format}`]);
  const repository = join(folder, '.git');
  empty.set(format, repository);
  return repository;
};

/** An overlay's reach that lets everything through. */
export const everything = { mayRead: () => true, mayWrite: () => true };
