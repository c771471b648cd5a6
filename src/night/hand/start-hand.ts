// SPDX-License-Identifier: GPL-3.0-only
import type { ChildProcess } from 'node:child_process';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ConfinedProcess,
  type Shown,
  startConfined,
} from '../../boundary/confined/start-confined.ts';
import { watchConfined } from '../../boundary/confined/watch-confined.ts';
import { limitsOf } from '../../boundary/limits/limits.ts';
import { startAdvice } from '../../boundary/start-advice.ts';
import { installationFolder } from '../../data/installation.ts';
import { messageOf } from '../../data/message-of.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { compiledCode, type ProcessKind } from './compiled-code.ts';
import { type FromHand, fromHandSchema, type HandSettings, type ToHand } from './messages.ts';
import { fromLine, toLine } from './wire.ts';

/** A process that runs code of a repository, as its parent sees it. */
export type HandProcess = {
  readonly send: (message: ToHand) => void;
  /** Who is told what it sends, and at last why it ended. */
  readonly listen: (listener: HandListener) => void;
  /** Keeps this process from ending while it works. */
  readonly keep: (busy: boolean) => void;
  readonly isAlive: () => boolean;
  /** Ends it at once, with all that it started. */
  readonly kill: (why: string) => void;
  readonly ended: Promise<void>;
};

export type HandListener = {
  readonly told: (message: FromHand) => void;
  readonly ended: (why: string, cause?: unknown) => void;
};

/** Its `folders` and `chores` are all that is shown of a repository. */
export type HandStart = HandSettings & {
  /** Further folders that sandboxes in it show. */
  readonly modules: readonly string[];
  readonly bwrap?: string;
};

/** Nothing confines code here, so none of it is run. */
export class Unconfined extends UserError {
  constructor(advice: string, cause: unknown) {
    super(`code of the repository cannot be confined, so none of it is run: ${advice}`, { cause });
  }
}

/** Of a process that only computes; what it has beside its heap is watched. */
const heapMiB = 1024;
const temporaryBytes = 1024 * 1024 * 1024;
/** A line that is longer is no answer. */
const longestLine = 64 * 1024 * 1024;
/** What waits to be read by it: a tree of a million names, or many files. */
const mostUnread = 512 * 1024 * 1024;
const startMs = 60_000;
const mostErrors = 2000;

export const handKind: ProcessKind = {
  name: 'hand',
  argv: [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    `--max-old-space-size=${heapMiB}`,
    fileURLToPath(new URL('./inside/main.ts', import.meta.url)),
  ],
  later: ['./inside/chores.ts', './inside/executor.ts', './inside/tools.ts', './reach.ts'].map(
    (path) => new URL(path, import.meta.url).href,
  ),
  shown: () => installation(),
};

/**
 * Starts a process that sees Pantheon's own code, these folders, and nothing else: no network, home folder,
 * repository, state or night, and none of this process's environment.
 * @throws Unconfined with the fix
 */
export const startHand = async (start: HandStart): Promise<HandProcess> => {
  const { chores, sandbox, folders, modules, bwrap } = start;
  const compiled = await compiledCode([handKind]);
  const confined: ConfinedProcess = {
    argv: handKind.argv,
    shown: [
      ...(await installation()),
      ...(await shownOf([...folders, ...chores])),
      ...modules.map(read),
      ...compiled.shown,
    ],
    temporary: temporaryBytes,
    env: { PANTHEON_HOME: installationFolder, ...compiled.env },
  };
  const child = await startConfined(confined, bwrap);
  const hand = talkTo(child);
  hand.send({ is: 'settings', settings: { chores, folders, sandbox } });
  const started = Promise.withResolvers<void>();
  hand.listen({
    told: ({ is }) => {
      if (is === 'ready') started.resolve();
      else hand.kill('it spoke before it was asked');
    },
    ended: (why, cause) => started.reject(cause ?? new Error(why)),
  });
  const timer = setTimeout(() => hand.kill(`it did not start within ${startMs} ms`), startMs);
  try {
    await started.promise;
    // Until now nothing ran but what ships.
    const stop = watchConfined(child.pid ?? 0, ['/tmp'], limitsOf(sandbox), hand.kill);
    hand.ended.then(stop);
    return hand;
  } catch (cause) {
    throw new Unconfined(await startAdvice(cause), cause);
  } finally {
    clearTimeout(timer);
  }
};

const talkTo = (child: ChildProcess): HandProcess => {
  const done = Promise.withResolvers<void>();
  let listener: HandListener | undefined;
  let errors = '';
  let reason: string | undefined;
  let failure: unknown;
  const end = (why: string): void => {
    reason ??= why;
    child.kill('SIGKILL');
  };
  const tell = (line: string): void => {
    if (reason !== undefined) return;
    const message = readMessage(line);
    if (message) listener?.told(message);
    else end('it wrote something that is not an answer');
  };
  readLines(child, tell, () => end(`it wrote more than ${longestLine / 1024 / 1024} MiB at once`));
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-mostErrors);
  });
  child.stdin?.on('error', () => {});
  child.on('error', (error) => {
    failure = error;
  });
  child.on('close', (code, signal) => {
    const last = printable(errors.trim().split('\n').at(-1) ?? '');
    const why = `its process ended (${signal ?? `code ${code}`}${last && `: ${last}`})`;
    reason ??= failure ? messageOf(failure) : why;
    listener?.ended(reason, failure);
    done.resolve();
  });
  const keep = (busy: boolean): void => {
    const change = busy ? 'ref' : 'unref';
    const all = [child, ...child.stdio] as unknown as readonly Kept[];
    for (const each of all) each[change]();
  };
  return {
    send: (message) => {
      child.stdin?.write(toLine(message));
      if ((child.stdin?.writableLength ?? 0) > mostUnread) end('it does not read what it asks for');
    },
    listen: (next) => {
      listener = next;
    },
    keep,
    isAlive: () => reason === undefined,
    kill: (why) => {
      // Whoever waits for its end waits here.
      keep(true);
      end(why);
    },
    ended: done.promise,
  };
};

type Kept = Readonly<Record<'ref' | 'unref', () => void>>;

const readMessage = (line: string): FromHand | undefined => {
  try {
    return fromHandSchema.safeParse(fromLine(line)).data;
  } catch {
    return undefined;
  }
};

const readLines = (
  { stdout }: ChildProcess,
  onLine: (line: string) => void,
  onTooLong: () => void,
): void => {
  let chunks: Buffer[] = [];
  let length = 0;
  stdout?.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10)) {
      const line = Buffer.concat([...chunks, rest.subarray(0, at)]).toString();
      chunks = [];
      length = 0;
      rest = rest.subarray(at + 1);
      onLine(line);
    }
    chunks.push(rest);
    length += rest.length;
    if (length <= longestLine) return;
    chunks = [];
    length = 0;
    onTooLong();
  });
};

const read = (source: string): Shown => ({ source, access: 'read' });

/** What of the installation is code: it may be a repository itself, with nights and state in it. */
const parts = ['package.json', 'node_modules', 'src', 'actions', 'chores'];

const installation = async (): Promise<readonly Shown[]> => {
  const around = dirname(installationFolder);
  const beside = basename(around) === 'node_modules' ? [around] : [];
  // What is named as the installation may be a folder of links.
  const folders = new Set([join(import.meta.dirname, '../../..'), installationFolder]);
  const paths = [...folders].flatMap((folder) => parts.map((name) => join(folder, name)));
  return [...beside, ...(await present(paths))].map(read);
};

/** Folders of code, each with the package.json that says what its files are. */
const shownOf = async (folders: readonly string[]): Promise<readonly Shown[]> => {
  const packages = await Promise.all(folders.map(packageOf));
  return [...new Set([...folders, ...packages.flat()])].map(read);
};

const packageOf = async (folder: string): Promise<readonly string[]> => {
  const [file] = await present([join(folder, 'package.json')]);
  if (file !== undefined) return [file];
  const above = dirname(folder);
  return above === folder ? [] : packageOf(above);
};

const present = async (paths: readonly string[]): Promise<readonly string[]> => {
  const stats = await Promise.all(paths.map((path) => lstat(path).catch(() => undefined)));
  return paths.filter((_, index) => stats[index]);
};
