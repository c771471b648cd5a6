// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { configSchema } from '../../../src/config/schema.ts';
import { commitSettings } from '../../../src/night/decide/commit-settings.ts';
import { makeRepository } from '../../workspace/with-repository.ts';

process.env.GIT_CONFIG_GLOBAL = '/dev/null';
process.env.GIT_CONFIG_NOSYSTEM = '1';

const ada = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' };
const bob = { GIT_COMMITTER_NAME: 'Bob', GIT_COMMITTER_EMAIL: 'bob@example.org' };

type Row = readonly [
  commit: object,
  environment: NodeJS.ProcessEnv,
  git: readonly (readonly [key: string, value: string])[],
  expected: object,
];

const rows: Readonly<Record<string, Row>> = {
  'nothing is set': [{}, {}, [['user.name', 'Eve']], { sign: false }],
  "git's variables name the author": [
    {},
    ada,
    [],
    { sign: false, author: 'Ada <ada@example.org>' },
  ],
  'the settings come first': [
    { author: 'Cy <cy@example.org>' },
    ada,
    [],
    { sign: false, author: 'Cy <cy@example.org>' },
  ],
  'a name is written as git does': [
    { author: 'Ada Jr. <ada@example.org>' },
    {},
    [],
    { sign: false, author: 'Ada Jr <ada@example.org>' },
  ],
  'nobody has no name': [{}, { GIT_AUTHOR_NAME: '.', GIT_AUTHOR_EMAIL: 'x' }, [], { sign: false }],
  'Pantheon commits where nothing is signed': [{}, bob, [], { sign: false }],
  "git's setting signs, and its user commits": [
    {},
    {},
    [
      ['commit.gpgsign', 'yes'],
      ['user.name', 'Eve'],
      ['user.email', 'eve@example.org'],
    ],
    { sign: true, committer: 'Eve <eve@example.org>' },
  ],
  "git's variables name who commits": [
    { sign: true },
    bob,
    [['user.name', 'Eve']],
    { sign: true, committer: 'Bob <bob@example.org>' },
  ],
  'the settings say who commits': [
    { committer: 'Cy <cy@example.org>' },
    bob,
    [],
    { sign: false, committer: 'Cy <cy@example.org>' },
  ],
  'the settings say not to sign': [
    { sign: false },
    {},
    [['commit.gpgsign', 'true']],
    { sign: false },
  ],
  'nobody is known': [{ sign: true }, {}, [], { sign: true }],
};

for (const [title, [commit, environment, git, expected]] of Object.entries(rows)) {
  test(title, async (t) => {
    const { folder, run } = makeRepository(t, {});
    for (const setting of git) run(['config', ...setting]);
    const settings = configSchema.parse({ commit }).commit;
    t.deepEqual(await commitSettings(settings, folder, environment), {
      signOff: false,
      ...expected,
    });
  });
}
