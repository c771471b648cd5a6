// SPDX-License-Identifier: GPL-3.0-only
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type ConfinedProcess,
  type Shown,
  startConfined,
} from '../../boundary/confined/start-confined.ts';
import { removeTree } from '../../boundary/read-only-folder.ts';
import { userFolder } from '../../config/user-folder.ts';
import { sha256 } from '../../data/digest.ts';
import { pantheonVersion } from '../../data/installation.ts';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';

const seenAt = '/night/compiled';

/** What a night loads, without doing anything. */
const loading = [
  './work-here.ts',
  './messages.ts',
  '../gate/run-gate.ts',
  '../run/act-as-model.ts',
].map((path) => new URL(path, import.meta.url).href);

/**
 * Shows a child what Node compiled of Pantheon's code before (module.enableCompileCache), read-only: else
 * each night compiles it again. It is filled once, by a child that is given nothing to work on; without a
 * cache folder there is none.
 */
export const withCompiledCode = async (
  confined: ConfinedProcess,
  shownInstallation: readonly Shown[],
): Promise<ConfinedProcess> => {
  const base = userFolder('CACHE', process.env);
  if (base === undefined) return confined;
  const key = sha256([import.meta.url, process.version, ...confined.argv].join(' ')).slice(0, 8);
  const folder = join(base, 'pantheon', `child-${pantheonVersion}-${key}`);
  if (!existsSync(folder)) await fill(folder, confined, shownInstallation).catch(() => {});
  if (!existsSync(folder)) return confined;
  return {
    ...confined,
    env: { ...confined.env, NODE_COMPILE_CACHE: seenAt },
    shown: [...confined.shown, { source: folder, target: seenAt, access: 'read' }],
  };
};

const fill = async (
  folder: string,
  { argv }: ConfinedProcess,
  shown: readonly Shown[],
): Promise<void> => {
  // What was compiled under other flags is not used.
  const [node, ...flags] = argv.slice(0, -1) as [string, ...string[]];
  await mkdir(dirname(folder), { recursive: true });
  const [making, temporary] = [`${folder}.${process.pid}`, await makeTemporaryFolder('child')];
  await mkdir(making);
  try {
    const script = `await Promise.all(${JSON.stringify(loading)}.map((path) => import(path)))`;
    const child = await startConfined({
      argv: [node, ...flags, '--input-type=module', '-e', script],
      shown: [...shown, { source: making, target: seenAt, access: 'write' }],
      temporary,
      env: { NODE_COMPILE_CACHE: seenAt },
    });
    const [code] = await once(child, 'exit');
    if (code === 0) await rename(making, folder);
  } finally {
    await Promise.all([removeTree(making), removeTree(temporary)]);
  }
};
