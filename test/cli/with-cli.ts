// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import { type StateFolder, stateFolder } from '../../src/night/record/state-folder.ts';
import { tinyHouse } from '../night/support/tiny-house.ts';
import { passExams } from '../night/support/with-night.ts';
import {
  type Files,
  makeRepository,
  plainGit,
  type Run,
  temporaryFolder,
} from '../workspace/with-repository.ts';

const program = fileURLToPath(new URL('../../bin/pantheon', import.meta.url));

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Place = {
  readonly folder: string;
  readonly run: Run;
  readonly state: StateFolder;
  /** The program as a person starts it in the repository, its output to a pipe. */
  readonly pantheon: (...args: readonly string[]) => Promise<Ended>;
};

type Cleaning = { readonly teardown: (clean: () => void) => void };

/** A repository, a state folder of its own and the program; the tiny house's exams are passed. */
export const makePlace = async (t: Cleaning, files: Files): Promise<Place> => {
  const { folder, run } = makeRepository(t, { ...tinyHouse, ...files });
  run(['config', 'user.name', 'Tester']);
  run(['config', 'user.email', 'tester@localhost']);
  const place = placeIn(t, folder);
  await passExams(folder, place.state, ['tiny']);
  return place;
};

/** The same repository and state once more. */
export const copyPlace = (t: Cleaning, { folder, state }: Place): Place => {
  const copy = placeIn(t, temporaryFolder(t));
  cpSync(folder, copy.folder, { recursive: true });
  cpSync(state.root, copy.state.root, { recursive: true });
  return copy;
};

const placeIn = (t: Cleaning, folder: string): Place => {
  const environment = { PANTHEON_STATE: join(temporaryFolder(t), 'state') };
  const state = stateFolder(join(folder, '.git'), environment);
  const pantheon: Place['pantheon'] = (...args) => start(args, folder, environment);
  return { folder, run: plainGit(folder), state, pantheon };
};

/** Tests of a file start all at once; as many programs would starve each other. */
const programs = new PQueue({ concurrency: 2 });

/** Starts the program and waits for its end. */
export const start = (...args: Parameters<typeof spawnProgram>): Promise<Ended> =>
  programs.add(() => spawnProgram(...args));

const spawnProgram = (
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', CI: '1', ...environment };
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk) => stdout.push(chunk));
    child.stderr.on('data', (chunk) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
