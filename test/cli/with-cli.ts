// SPDX-License-Identifier: GPL-3.0-only
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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
  /** The program in the repository, its output to a pipe. */
  readonly pantheon: (...args: readonly string[]) => Promise<Ended>;
  /** The same in a process of its own. */
  readonly alone: Place['pantheon'];
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
  return {
    folder,
    run: plainGit(folder),
    state,
    pantheon: (...args) => start(args, folder, environment),
    alone: (...args) => startAlone(args, folder, environment),
  };
};

/** Tests of a file start all at once; as many programs would starve each other. */
const programs = new PQueue({ concurrency: 2 });
const hosted = new PQueue({ concurrency: 1 });

/** Arguments, folder and what is added to the environment. */
export type Start = readonly [
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
];

/** Runs the program to its end, in a process that has loaded it already: see `program-host.ts`. */
export const start = (...[args, folder, environment]: Start): Promise<Ended> =>
  hosted.add(async () => {
    const child = host();
    child.ref();
    child.channel?.ref();
    child.send([args, folder, { ...environmentOf(environment), PANTHEON_COMMAND: program }]);
    const [{ ended, message }] = (await once(child, 'message')) as [
      { readonly ended?: Ended; readonly message?: string },
    ];
    child.unref();
    child.channel?.unref();
    if (ended === undefined) throw new Error(message);
    return ended;
  });

let hosting: ChildProcess | undefined;

/** The process that runs the program for the tests of a file; it ends with theirs. */
const host = (): ChildProcess => {
  hosting ??= fork(new URL('program-host.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return hosting;
};

/** Starts the program as a person does, and waits for its end. */
export const startAlone = (...[args, cwd, environment]: Start): Promise<Ended> =>
  programs.add(async () => {
    const env = environmentOf(environment);
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [[code], stdout, stderr] = await Promise.all([
      once(child, 'close') as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, stdout, stderr };
  });

const environmentOf = (more: Start[2]): NodeJS.ProcessEnv => ({
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  CI: '1',
  ...more,
});
