// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHome, createVault } from './vault.ts';

/*
 * node_modules/.bin/node bench/night/protections.ts [UNITS]: what it costs that a night is worked in a
 * process that is confined and shows so, over the same night in one process that is not; CPU of all
 * processes, children included. One run each, in turn; the goal is 1.10 at most.
 */

const units = Number(process.argv[2] ?? 1000);
const root = join(import.meta.dirname, '..', '..');
const folder = await mkdtemp(join(tmpdir(), 'pantheon-bench-'));

/** Seconds of CPU of a command and all that it started. */
const cpuOf = async (name: string, argv: readonly string[]): Promise<number> => {
  const vault = join(folder, name);
  await cp(join(folder, 'vault'), vault, { recursive: true });
  const line = [...argv, '--json', '--repo', vault].map((word) => `'${word}'`).join(' ');
  const { stderr } = await promisify(execFile)(
    'bash',
    ['-c', `TIMEFORMAT='cpu %U %S'; time ${line} >/dev/null`],
    {
      env: {
        ...process.env,
        PANTHEON_HOME: join(folder, 'home'),
        PANTHEON_STATE: join(folder, `state-${name}`),
      },
      maxBuffer: 2 ** 26,
    },
  );
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
  return Number(user) + Number(system);
};

try {
  await createVault(join(folder, 'vault'), units);
  await createHome(join(folder, 'home'));
  const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
  const bare = [...node, join(root, 'test/night/support/night-here.ts'), '--date', '2026-01-01'];
  const confined = [join(root, 'bin/pantheon'), 'night', '--date', '2026-01-01'];
  await cpuOf('warm', confined);
  const [first, here, there] = [
    await cpuOf('a', bare),
    await cpuOf('b', confined),
    await cpuOf('c', bare),
  ];
  const ratio = (2 * here) / (first + there);
  console.log(
    `${units} units: ${here.toFixed(2)} s of CPU confined, ${((first + there) / 2).toFixed(2)} s in one process: ${ratio.toFixed(2)} (goal 1.10 at most)`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
