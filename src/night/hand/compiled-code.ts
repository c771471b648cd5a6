// SPDX-License-Identifier: GPL-3.0-only
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ConfinedProcess,
  type Shown,
  startConfined,
} from '../../boundary/confined/start-confined.ts';
import { userFolder } from '../../config/user-folder.ts';
import { sha256 } from '../../data/digest.ts';
import { pantheonVersion } from '../../data/installation.ts';
import { makeOnce } from '../../data/make-once.ts';

/** A kind of process of Pantheon, and what Node compiles for it. */
export type ProcessKind = {
  readonly name: 'child' | 'hand';
  /** Node, its flags, and the main module, which ends when its input does. */
  readonly argv: ConfinedProcess['argv'];
  /** Modules that are loaded when they are needed, by URL. */
  readonly later: readonly string[];
  /** Everything that it loads lies in these. */
  readonly shown: () => Promise<readonly Shown[]>;
};

const seenAt = '/night/compiled';

/**
 * Shows a process what Node compiled of Pantheon's code before (module.enableCompileCache), read-only: else
 * each compiles it again. It is made by processes that are given nothing to work on, and again where the
 * installation has changed; without a cache folder there is none.
 */
export const compiledCode = async (
  kinds: readonly ProcessKind[],
): Promise<Pick<ConfinedProcess, 'env' | 'shown'>> => {
  const folder = await compiledFolder(kinds);
  return folder === undefined
    ? { env: {}, shown: [] }
    : {
        env: { NODE_COMPILE_CACHE: seenAt },
        shown: [{ source: folder, target: seenAt, access: 'read' }],
      };
};

const codeFolder = join(import.meta.dirname, '../../..');

const compiledFolder = async (kinds: readonly ProcessKind[]): Promise<string | undefined> => {
  // A night hands on what it was shown.
  if (process.env.NODE_COMPILE_CACHE === seenAt) return seenAt;
  const cache = userFolder('CACHE', process.env);
  if (cache === undefined) return undefined;
  const folder = join(cache, 'pantheon', `compiled-${sha256(codeFolder).slice(0, 8)}`);
  for (const kind of kinds) {
    // Without it a process starts later.
    await makeOnce(made, `${folder}/${kind.name}`, () => make(folder, kind).catch(() => {}));
  }
  return existsSync(folder) ? folder : undefined;
};

const made = new Map<string, Promise<void>>();

/** Agents, chores and tools that ship are found by name; what starts an action runs when it is loaded. */
const foundByName = (): readonly string[] =>
  globSync(['actions/*/**/*.{ts,js}', 'chores/**/*.{ts,js}', 'src/tool/*.{ts,js}'], {
    cwd: codeFolder,
  })
    .filter((path) => !path.endsWith('.d.ts') && !/^main\./.test(basename(path)))
    .map((path) => pathToFileURL(join(codeFolder, path)).href);

const make = async (folder: string, kind: ProcessKind): Promise<void> => {
  const stamp = join(folder, kind.name);
  const identity = identityOf(kind);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === identity) return;
  await mkdir(folder, { recursive: true });
  const [node, ...rest] = kind.argv;
  const urls = JSON.stringify([...kind.later, ...foundByName()]);
  const load = `await Promise.all(${urls}.map((url) => import(url)))`;
  const child = await startConfined({
    argv: [node, '--import', `data:text/javascript,${encodeURIComponent(load)}`, ...rest],
    shown: [...(await kind.shown()), { source: folder, target: seenAt, access: 'write' }],
    temporary: 64 * 1024 * 1024,
    env: { NODE_COMPILE_CACHE: seenAt },
  });
  child.stdin?.end();
  for (const stream of [child.stdout, child.stderr]) stream?.resume();
  const [code] = await once(child, 'exit');
  if (code === 0) await writeFile(stamp, identity);
};

/** Another version of Node or Pantheon, or a commit that was checked out, has other code. */
const identityOf = ({ argv, later }: ProcessKind): string => {
  const moved = statSync(join(codeFolder, '.git/logs/HEAD'), { throwIfNoEntry: false })?.mtimeMs;
  return JSON.stringify([pantheonVersion, process.version, moved ?? 0, argv, later]);
};
