// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { parse } from 'yaml';
import { makeRepository, temporaryFolder } from '../workspace/with-repository.ts';

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

/** A step that starts the program with what it is given, in a repository without nights. */
const started: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
  'train-adapter': [
    { INPUT_AGENT: 'doc.frontmatter', INPUT_BASE: 'a "b" $(c)', INPUT_METHOD: 'lora' },
    /no night has ended yet in \S*vault-\w{8}\/traces/,
  ],
  'promote-adapter': [
    { INPUT_AGENT: 'doc.frontmatter', INPUT_PROFILE: 'gpu' },
    /models has no version of doc\.frontmatter\. Train one: pantheon train doc\.frontmatter/,
  ],
};

for (const [action, [inputs, says]] of Object.entries(started)) {
  test(`${action}: its step reaches the program whole, and its mistake fails the job`, (t) => {
    const { folder } = makeRepository(t, { 'a.md': '# A\n' });
    const { runs } = parse(readFileSync(join(actions, action, 'action.yml'), 'utf8'));
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', runs.steps[0].run];
    const home = temporaryFolder(t);
    const { status, stdout, stderr } = spawnSync('bash', args, {
      env: {
        PATH: process.env.PATH,
        PANTHEON_HOME: join(actions, '..'),
        PANTHEON_STATE: join(home, 'state'),
        PANTHEON_MODELS: join(home, 'models'),
        GITHUB_WORKSPACE: folder,
        GITHUB_REPOSITORY: 'Acme/Vault',
        INPUT_PYTHON: 'python3',
        INPUT_HELD_OUT: '0.1',
        ...inputs,
      },
    });
    t.not(status, 0);
    t.regex(stderr.toString(), says);
    t.regex(stdout.toString(), /^::stop-commands::[0-9a-f-]{36}\n/);
  });
}
