// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type StateFolder, stateAt, stateFolder } from '../../../src/night/record/state-folder.ts';
import { type Files, plainGit, writeFiles } from '../../workspace/with-repository.ts';
import { type KillOrder, killer, orderVariable } from './killer.ts';
import { passExams } from './with-night.ts';

/*
 * A night small enough to be run hundreds of times: every kind of end in five specs and eleven
 * notes, and a patch of an exam among its units. A case is a copy of what `prepare` makes, with a state of its own.
 */

export const date = '2026-11-21T02:00:00Z';
export const nightId = '2026-11-21';

const committed: Files = {
  'notes/one.md': '# One\n\nText with #alpha and #beta.\n',
  'notes/two.md': '---\ntitle: Two\n---\n\nA body, and [one](one.md).\n',
  'notes/torn.md': '# Torn\n\n<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> other\n',
  'notes/three.md': '# Three\n\nMore text.\n',
  'notes/four.md': '---\ndraft: true\n---\n\n# Four\n',
  'docs/rules.md': '# Rules\n\nA document.\n',
  'decisions/first.md': '# First\n\nText.\n',
  'specs/header.yaml': `title: Add a header
scope: docs/
acceptance: [All *.md have GPL header]
`,
  'specs/notes.yaml': `title: Normalise the notes
flow: docops
scope: notes/
priority: 3
acceptance: [The frontmatter of every note is normalised]
`,
  'specs/failing.yaml': `title: Fail in the sandbox
flow: docops
scope: decisions/
acceptance: [The frontmatter of every note is normalised]
checks: [grep -q nothing-like-this decisions/first.md]
`,
  'specs/vague.yaml': `title: Ask for what nobody can check
scope: docs/
acceptance: [Reading it feels faster]
`,
  'specs/after.yaml': `title: Wait for the header
scope: docs/
dependsOn: [header]
acceptance: [All *.md have GPL header]
`,
  'specs/broken.yaml': 'title: Say where\nacceptance: [It is broken]\n',
};

/** What the user has not committed; a night must leave it, the index and HEAD as they are. */
const uncommitted: Files = {
  'notes/one.md': '# One\n\nAn edit of today.\n',
  'specs/draft.yaml': 'title: Not committed\n',
};

export type Prepared = { readonly root: string };

/** One copy of the repository with a state folder of its own. */
export type Case = {
  readonly root: string;
  readonly repository: string;
  readonly state: StateFolder;
  readonly environment: NodeJS.ProcessEnv;
};

/** Makes the repository and the certificates that all cases share. `clean` removes everything. */
export const prepare = async (): Promise<Prepared & { readonly clean: () => void }> => {
  const root = mkdtempSync(join(tmpdir(), 'pantheon-night-'));
  const repository = join(root, 'template', 'repository');
  mkdirSync(repository, { recursive: true });
  const git = plainGit(repository);
  git(['init', '-q', '-b', 'main']);
  writeFiles(repository, committed);
  git(['add', '-A']);
  git(['commit', '-q', '-m', 'Base']);
  writeFiles(repository, uncommitted);
  git(['add', 'notes/one.md']);
  await passExams(repository, stateAt(join(root, 'template', 'state')), ['spec2code', 'docops']);
  return { root, clean: () => rmSync(root, { recursive: true, force: true }) };
};

/** A fresh copy; `name` is its folder. */
export const copyCase = (prepared: Prepared, name: string): Case => {
  const root = join(prepared.root, 'cases', name);
  const repository = join(root, 'repository');
  const template = join(prepared.root, 'template');
  cpSync(join(template, 'repository'), repository, { recursive: true });
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    CI: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    PANTHEON_STATE: join(root, 'state'),
    // What a killed process leaves there goes with the case.
    TMPDIR: join(root, 'tmp'),
  };
  mkdirSync(join(root, 'tmp'));
  const state = stateFolder(join(repository, '.git'), environment);
  mkdirSync(state.root, { recursive: true });
  if (existsSync(join(template, 'state'))) {
    cpSync(join(template, 'state'), state.root, { recursive: true });
  }
  return { root, repository, state, environment };
};

const main = fileURLToPath(new URL('night-here.ts', import.meta.url));

/** Starts `pantheon night --json`, in a process group of its own as a shell would. */
export const startNight = (
  { repository, environment }: Case,
  args: readonly string[],
  order?: KillOrder,
): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...(order ? ['--import', killer] : []),
      main,
      ...['--json', '--repo', repository, '--date', date, ...args],
    ],
    {
      env: { ...environment, ...(order && { [orderVariable]: JSON.stringify(order) }) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );

export type NightRun = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Waits for the end of what `startNight` started. */
export const ended = async (child: ChildProcess): Promise<NightRun> => {
  if (!child.stdout || !child.stderr) throw new Error('the night has no pipes');
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, signal, stdout, stderr };
};

/** Runs a night to its end, be it its own or the one ordered. */
export const runNight = (
  place: Case,
  args: readonly string[] = [],
  order?: KillOrder,
): Promise<NightRun> => ended(startNight(place, args, order));
