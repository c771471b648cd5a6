// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { scrub, scrubTexts, secretValues } from '../../src/secrets/scrub.ts';
import { planted, textWith } from './planted.ts';

const values = secretValues({ DEPLOY_TOKEN: 'opensesame-17' });

for (const [kind, [value]] of Object.entries(planted)) {
  test(`what looks like a secret is replaced by its kind, and nothing else is: ${kind}`, (t) => {
    t.is(
      scrub(textWith(kind)),
      textWith(kind).replace(value, () => `[removed: ${kind}]`),
    );
  });
}

test('a key that is cut in the middle goes as far as it goes', (t) => {
  const [key = ''] = planted['private key'] ?? [];
  const [begin, body = ''] = key.split('\n');
  t.is(scrub(`${begin}\n${body}\n${body}\n(cut)`), '[removed: private key](cut)');
  t.is(scrub(JSON.stringify({ key })), '{"key":"[removed: private key]"}');
});

test('a value of the environment is replaced by its name, wherever it stands', (t) => {
  t.is(
    scrub('said:opensesame-17, opensesame-17\n', { values }),
    'said:[removed: DEPLOY_TOKEN], [removed: DEPLOY_TOKEN]\n',
  );
  t.is(scrub('opensesame', { values }), 'opensesame');
});

test('of two values the longer goes first', (t) => {
  const both = secretValues({ A_SECRET: 'opensesame-17', B_SECRET: 'opensesame-17-and-more' });
  t.is(scrub('opensesame-17-and-more', { values: both }), '[removed: B_SECRET]');
});

test('a long text is cut and says by how much, between characters', (t) => {
  t.is(scrub('a'.repeat(12), { most: 10 }), `${'a'.repeat(10)} [2 characters cut]`);
  t.is(scrub(`${'a'.repeat(9)}\u{1f511}`, { most: 10 }), `${'a'.repeat(9)} [1 characters cut]`);
  t.is(scrub('a'.repeat(10), { most: 10 }), 'a'.repeat(10));
});

test('texts of a value are scrubbed, and only these', (t) => {
  const value = { a: ['opensesame-17', 1, null], b: { c: true }, 'opensesame-17': 'x' };
  t.deepEqual(scrubTexts(value, { values }), {
    ...value,
    a: ['[removed: DEPLOY_TOKEN]', 1, null],
  });
});

const named = test.macro(
  (t, environment: Readonly<Record<string, string>>, names: readonly string[]) => {
    t.deepEqual(
      secretValues(environment).map(({ name }) => name),
      names,
    );
  },
);

test(
  'names of secrets',
  named,
  {
    GITHUB_TOKEN: 'a-value-1',
    AWS_SECRET_ACCESS_KEY: 'a-value-2',
    db_password: 'a-value-3',
    OPENAI_API_KEY: 'a-value-4',
    PGPASSWORD: 'a-value-5',
    GH_PAT: 'a-value-6',
    SECRETS: 'letters-alone-but-many',
  },
  [
    'SECRETS',
    'GITHUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'db_password',
    'OPENAI_API_KEY',
    'PGPASSWORD',
    'GH_PAT',
  ],
);

test(
  'values that any text may hold',
  named,
  {
    PWD: '/home/ada/project1',
    SSH_AUTH_SOCK: '/tmp/ssh-1/agent.1',
    TOKEN_FILE: '/run/secrets/token1',
    CI_TOKEN: 'short1',
    NODE_ENV: 'production1',
    TOKEN: 'production',
    KEYBOARD: 'qwertz-layout-1',
    PATH: '/usr/bin:/bin',
  },
  [],
);
