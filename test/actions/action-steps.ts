// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { parse } from 'yaml';

const actions = fileURLToPath(new URL('../../actions', import.meta.url));

/** Installs the release itself where the runner has none. */
const installs = 'spec-intake';

const agents = readdirSync(actions).filter(
  (agent) => agent !== installs && existsSync(join(actions, agent, 'action.yml')),
);

for (const agent of agents) {
  test(`${agent}: on a runner without PANTHEON_HOME its step says what is missing`, (t) => {
    const { runs } = parse(readFileSync(join(actions, agent, 'action.yml'), 'utf8'));
    const [{ shell, run }] = runs.steps;
    t.is(shell, 'bash');
    // github.com, "Workflow syntax for GitHub Actions": how `shell: bash` is started.
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run];
    const { status, stderr } = spawnSync('bash', args, { env: { PATH: process.env.PATH } });
    t.not(status, 0);
    t.regex(stderr.toString(), /PANTHEON_HOME: is not set on this runner; docs\/github\.md/);
  });
}
