// SPDX-License-Identifier: GPL-3.0-only
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'ava';
import { sweepTemporaryFolders } from '../../src/boundary/sweep-temporary.ts';
import { makeTemporaryFolder, ownerOf, processNamespace } from '../../src/data/temporary-folder.ts';

import { makePlace, start } from '../cli/with-cli.ts';
import { confinedTest } from './with-bubblewrap.ts';

const here = processNamespace();
/** The number of a process that has ended. */
const gone = (): number => spawnSync('true').pid;

const rows: Readonly<Record<string, readonly [name: () => string, stays: boolean]>> = {
  'of a process that is gone': [() => `pantheon-tree-${gone()}-${here}-abcDE1`, false],
  'of this process': [() => `pantheon-tree-${process.pid}-${here}-abcDE1`, true],
  'of a process that runs': [() => `pantheon-tree-${process.ppid}-${here}-abcDE1`, true],
  'of a process of another namespace': [() => `pantheon-tree-${gone()}-${here}9-abcDE1`, true],
  'of a night by day': [() => 'pantheon-example-2026-11-21-abcDE1', true],
  'without a number': [() => 'pantheon-tree-abcDE1', true],
  'of another program': [() => `other-tree-${gone()}-${here}-abcDE1`, true],
};

for (const [title, [name, stays]] of Object.entries(rows)) {
  test(`a folder ${title} ${stays ? 'stays' : 'goes'}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const path = join(folder, name());
    mkdirSync(join(path, 'locked'), { recursive: true });
    writeFileSync(join(path, 'locked', 'file'), 'x');
    chmodSync(join(path, 'locked'), 0o500);
    t.is(await sweepTemporaryFolders(folder), stays ? 0 : 1);
    t.is(existsSync(path), stays);
    if (stays) chmodSync(join(path, 'locked'), 0o700);
  });
}

test('a link and a file of such a name stay', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
  const aim = mkdtempSync(join(tmpdir(), 'sweep-aim-'));
  t.teardown(() => {
    for (const path of [folder, aim]) rmSync(path, { recursive: true });
  });
  symlinkSync(aim, join(folder, `pantheon-tree-${gone()}-${here}-abcDE1`));
  writeFileSync(join(folder, `pantheon-tree-${gone()}-${here}-abcDE2`), '');
  t.is(await sweepTemporaryFolders(folder), 0);
  t.true(existsSync(aim));
});

test('a folder says whose it is', async (t) => {
  const path = await makeTemporaryFolder('tree');
  t.teardown(() => rmSync(path, { recursive: true }));
  t.deepEqual(ownerOf(basename(path)), { pid: process.pid, namespace: here });
});

confinedTest('the next night removes what a killed process left', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sweep-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const script = `
    const { makeTemporaryFolder } = await import(${JSON.stringify(new URL('../../src/data/temporary-folder.ts', import.meta.url).href)});
    console.log(await makeTemporaryFolder('tree'));
    setInterval(() => {}, 1000);
  `;
  const killed = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [path] = await once(killed.stdout, 'data');
  const left = String(path).trim();
  const ended = once(killed, 'exit');
  killed.kill('SIGKILL');
  await ended;
  t.true(existsSync(left));
  const place = await makePlace(t, {});
  const night = await start(['night'], place.folder, {
    PANTHEON_STATE: join(folder, 'state'),
    TMPDIR: folder,
  });
  t.regex(night.stdout, /no spec to work/, night.stderr);
  t.false(existsSync(left));
});
