// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './world.ts';

/** The environment that a unit gives its program. */
const environmentOf = (unit: string): Readonly<Record<string, string>> => {
  const text = readFileSync(join(root, 'runner-setup/systemd', unit), 'utf8');
  const pairs = [...text.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line = '']) =>
    line.split(' '),
  );
  return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
};

/** Runs a program as a user of the machine, with the rights and the environment that the unit of a night gives. */
export const asNightUnit = (script: string, user = 'pantheon-runner') => {
  const identity = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs'];
  const { status, stdout, stderr } = spawnSync(
    'setpriv',
    [...identity, '--inh-caps=-all', '--bounding-set=-all', 'bash', '-c', `umask 077; ${script}`],
    {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', ...environmentOf('pantheon-night@.service') },
      encoding: 'utf8',
      timeout: 110_000,
    },
  );
  return { status, said: `${stdout}${stderr}` };
};
