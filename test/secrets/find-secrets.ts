// SPDX-License-Identifier: GPL-3.0-only

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import test from 'ava';
import { findSecrets } from '../../src/secrets/find-secrets.ts';
import { growsLinearly } from '../cpu-time.ts';
import { each } from '../each.ts';
import { hex32, jsonWebToken, letters, long } from './planted.ts';

const finds = test.macro((t, kind: string | undefined, ...parts: readonly string[]) => {
  const secrets = findSecrets(`first line\nvalue = ${parts.join('')} # end\n`);
  t.deepEqual(secrets, kind === undefined ? [] : [{ kind, line: 2 }]);
});

test('a PEM key', finds, 'private key', '-----BEGIN ', 'PRIVATE KEY-----');
test('an RSA key', finds, 'private key', '-----BEGIN RSA ', 'PRIVATE KEY-----');
test('an OpenSSH key', finds, 'private key', '-----BEGIN OPENSSH ', 'PRIVATE KEY-----');
test('a PGP key', finds, 'private key', '-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----');
test('an AWS key', finds, 'AWS access key', 'AK', 'IAQ3EGTY5KZ7MWNB2X');
test(
  'an AWS key after an escaped line break',
  finds,
  'AWS access key',
  '"a\\nAK',
  'IAQ3EGTY5KZ7MWNB2X\\n"',
);
test('an OpenAI key', finds, 'OpenAI key', 's', 'k-proj-', letters, 'T3Blbk', 'FJ', letters);
test('a Google key', finds, 'Google API key', 'AI', 'za', long.slice(0, 35));

test('a JSON Web Token', finds, 'JSON Web Token', jsonWebToken({ sub: '17', name: 'Ada' }));
test(
  'an AWS secret key',
  finds,
  'AWS secret key',
  'aws_secret',
  '_access_key: ',
  long.slice(0, 40),
);
test(
  'an AWS secret key in code',
  finds,
  'AWS secret key',
  'secret',
  "AccessKey: '",
  long.slice(0, 40),
  "'",
);
test(
  'an Azure account',
  finds,
  'Azure key',
  'DefaultEndpointsProtocol=https;Account',
  'Key=',
  long.slice(0, 86),
  '==',
);
test('an Azure bus', finds, 'Azure key', 'SharedAccess', 'Key=', long.slice(0, 43), '=');
test('an Azure application', finds, 'Azure key', 'abc8', 'Q~', letters, 'ab');
test('an Azure setting', finds, 'Azure key', 'AZURE_OPENAI', '_KEY=', hex32);
test(
  'an Azure link',
  finds,
  'Azure signature',
  'https://x.blob.test/a?sv=2024&s',
  'ig=',
  long.slice(0, 43),
  '%3D',
);
test('a Twilio key', finds, 'Twilio key', 'S', 'K', hex32);
test('a Twilio token', finds, 'Twilio token', 'TWILIO_AUTH', '_TOKEN=', hex32);
test(
  'a Discord webhook',
  finds,
  'Discord webhook',
  'https://discord',
  '.com/api/webhooks/',
  '123456789012345678/',
  long.slice(0, 68),
);
test(
  'a password of a database',
  finds,
  'password in a URL',
  'postgres://app:',
  'kX9f-Lm2q',
  '@db.test:5432/app',
);
test(
  'a password of a site',
  finds,
  'password in a URL',
  'https://ada:',
  'Tr0ub4dor',
  '@git.test/a.git',
);
test(
  'a password without a user',
  finds,
  'password in a URL',
  'redis://:',
  'kX9fLm2q',
  '@cache:6379',
);
test('a password in code', finds, 'password', 'const pass', 'word = "', 'kX9f-Lm2q', '";');
test('a password in JSON', finds, 'password', '{ "pass', 'word": "', 'Tr0ub4dor&3', '" }');
test('a password in single quotes', finds, 'password', 'pass', "wd => '", 'kX9f-Lm2q', "'");
test('a pass phrase', finds, 'password', 'pass', 'phrase: `', 'kX9f-Lm2q', '`');

const ofLine = test.macro((t, kind: string | undefined, ...parts: readonly string[]) => {
  const secrets = findSecrets(`first line\n${parts.join('')}\nlast line\n`);
  t.deepEqual(secrets, kind === undefined ? [] : [{ kind, line: 2 }]);
});

test('a password in YAML', ofLine, 'password', '  pass', 'word: ', 'kX9f-Lm2q');
test('a password in a shell file', ofLine, 'password', 'export DB_PASS', 'WORD=', 'kX9fLm2q');
test('a password before a Windows line end', ofLine, 'password', 'pass', 'word=', 'kX9fLm2q\r');

const nothing = test.macro({
  title: (_, ...parts: string[]) => `no secret: ${parts.join('')}`,
  exec: (t, ...parts: string[]) => {
    t.deepEqual(findSecrets(`first line\n${parts.join('')}\nlast line\n`), []);
  },
});

for (const line of [
  'password = "changeme"',
  'password = "change-me-123"',
  'password: "your_password_here"',
  'password = "xxxxxxxx"',
  'password = "********"',
  'password = "<your password>"',
  ['password = "$', '{DB_PASSWORD}"'],
  'password = "{{ secrets.password }}"',
  'password = "$1"',
  'password = process.env.PASSWORD1',
  'password = getPassword(user1)',
  'const password = hash2(value);',
  'password: string1 | undefined',
  'password: "Passwort!"',
  'password: "invalid-password"',
  'password: "testPassword123"',
  'password: "P@ssw0rd1!"',
  'password: "s3cret"',
  'password: "a1b2c3d4"',
  'password: z.string().min(8)',
  'PASSWORD=',
  'PASSWORD=$DB_PASSWORD1',
  'PASSWORD_FILE=/run/secrets/db1',
  'PWD=/home/user1/project2',
  'Password: at least 8 characters',
  'The password is kept in a1b2c3d4e5.',
  '| password | Tr0ub4dor |',
  'token = "<your token>"',
  'API_KEY=xxx',
  'https://user:password@host.test/',
  'postgres://postgres:postgres@localhost:5432/db',
  'mongodb://root:example@mongo:27017/',
  ['https://$', '{user}:$', '{token}@github.com/a/b.git'],
  'https://<user>:<password>@github.com/a/b.git',
  ['https://x-access-token:$', '{{ secrets.TOKEN }}@github.com/a/b.git'],
  'http://localhost:8080/@scope/name',
  'https://test.test:8443/a@b',
  'see https://a.test/x: mail ada@mail.test',
  'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'azure_client_secret = var.azure_client_secret',
  'twilio_auth_token = your_auth_token',
  'https://discord.com/api/webhooks/123456789012345678/your-token',
  'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  'eyJ0 is how a token begins',
]) {
  test(nothing, ...[line].flat());
}

test(nothing, jsonWebToken({ sub: '1234567890', name: 'John Doe', iat: 1516239022 }));
test(nothing, 'gh', 'p_PersonalAccessToken01245678900000000');

test('a secret after a placeholder on its line is found', (t) => {
  const token = ['gh', 'p_', letters, 'Ab12'].join('');
  t.deepEqual(findSecrets(`password = "changeme" # ${token}`), [{ kind: 'GitHub token', line: 1 }]);
});

test('a long text is scanned in time that grows as it does, whatever is in it', (t) => {
  const key = ['-----BEGIN ', 'PRIVATE KEY-----'].join('');
  const hostile: readonly ((size: number) => string)[] = [
    (size) => 'password='.repeat(size / 9),
    (size) => `password="${'a1'.repeat(size / 2)}`,
    (size) => '://:'.repeat(size / 4),
    (size) => `://${'a'.repeat(size)}`,
    (size) => 'eyJ'.repeat(size / 3),
    (size) => `eyJ${'a'.repeat(size / 2)}.eyJ${'b'.repeat(size / 2)}`,
    (size) => key.repeat(size / 27),
    (size) => `${key}${'\n'.repeat(size)}`,
    (size) => 'azure'.repeat(size / 5),
    (size) => 'twilio_key_'.repeat(size / 11),
    (size) => 'ghs_1_a.'.repeat(size / 8),
    (size) => 'sk-'.repeat(size / 3),
  ];
  for (const text of hostile) growsLinearly(t, text, findSecrets, 100_000);
});

test('a placeholder', finds, undefined, 'gh', 'p_', 'x'.repeat(36));
test('the documented AWS key', finds, undefined, 'AK', 'IAIOSFODNN7EXAMPLE');
test('a public key', finds, undefined, '-----BEGIN PUBLIC KEY-----');
test('a commit id', finds, undefined, '4b825dc642cb6eb9a060e54bf8d69288fbee4904');
test('a word that starts like a token', finds, undefined, 'npm_config_registry and sk-eleton');

test('every secret is named, in order', (t) => {
  const key = ['-----BEGIN ', 'PRIVATE KEY-----'].join('');
  const token = ['gh', 'p_', letters, 'Ab12'].join('');
  t.deepEqual(
    findSecrets(`${token}\n\n${key}\n${key}\n`).map(({ line }) => line),
    [1, 3, 4],
  );
});

const corpus = join(import.meta.dirname, '../../../shared/corpus');
const withCorpus = existsSync(corpus) ? test : test.skip;

withCorpus('nothing is found in real documents (needs a corpus beside the repository)', (t) => {
  const files = readdirSync(corpus, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  t.true(files.length > 0);
  t.deepEqual(
    files.filter((file) => findSecrets(readFileSync(file, 'utf8')).length > 0),
    [],
  );
});

// secretlint says which tokens there are. `vcp_` (Vercel) is left out, as short words with that prefix
// are common.

const reported = async (content: string): Promise<readonly string[]> => {
  const { messages } = await lintSource({
    source: { content, filePath: 'sample.txt', ext: '.txt', contentType: 'text' },
    options: { config: { rules: [{ id: 'preset', rule: creator }] } },
  });
  return messages.map(({ ruleId }) => ruleId.replace('@secretlint/secretlint-rule-', ''));
};

/** Its rules about an address with a password in it. */
const passwordRules = new Set(['basicauth', 'database-connection-string']);

const found = test.macro({
  title: (name, rule) => `secretlint's ${rule}${name ? `: ${name}` : ''}`,
  async exec(t, rule: string, ...parts: readonly string[]) {
    const content = `first line\n${parts.join('')}\n`;
    t.deepEqual(await reported(content), [rule], 'secretlint knows the sample');
    const [secret, ...more] = findSecrets(content);
    t.is(secret?.line, 2);
    const kind = secret?.kind.toLowerCase().replaceAll(' ', '') ?? 'none';
    const name = passwordRules.has(rule) ? 'passwordinaurl' : (rule.split('-').at(-1) ?? '');
    t.true(kind.includes(name), kind);
    t.deepEqual(more, []);
  },
});

test(found, 'aws', 'AWS_SECRET_ACCESS', '_KEY=', long.slice(0, 40));
test(found, 'github', 'gh', 'p_', letters, 'Ab12');

test(found, 'gitlab', 'glp', 'at-', letters.slice(0, 20));

test(found, 'slack', 'xo', 'xb-123456789012-', letters);

each(found, {
  'a fine-grained token': ['github', 'github', '_pat_', long.slice(0, 22), '_', long.slice(0, 59)],
  'an installation token': ['github', 'gh', 's_1234567_ey', letters, '.ey', letters, '.', letters],
  'a webhook': [
    'slack',
    'https://hooks.slack',
    '.com/services/T01ABCDEF2/B01ABCDEF2/',
    letters.slice(0, 24),
  ],
});
test(found, 'npm', 'np', 'm_', letters, 'Ab12');
test(found, 'openai', 's', 'k-', letters.slice(0, 20), 'T3Blbk', 'FJ', letters.slice(0, 20));
test(found, 'anthropic', 'sk-a', 'nt-api03-', long.slice(0, 93), 'AA');
test(found, 'huggingface', 'h', 'f_', 'aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH');
test(found, 'stripe', 'sk_li', 've_', letters.slice(0, 24));
test(found, 'sendgrid', 'S', 'G.', letters.slice(0, 22), '.', long.slice(0, 43));
test(found, 'shopify', 'shp', 'at_', hex32);
test(found, 'grafana', 'gls', 'a_', letters, '_', hex32.slice(0, 8));
test(found, 'groq', 'gs', 'k_', long.slice(0, 52));
test(found, 'linear', 'lin', '_api_', long.slice(0, 40));
test(found, 'notion', 'nt', 'n_12345678901', long.slice(0, 35));
test(found, 'hashicorp-vault', 'hv', 's.', long.slice(0, 95));
test(found, 'databricks', 'da', 'pi', hex32);
test(found, 'docker', 'dckr', '_pat_', letters.slice(0, 27));
test(found, 'figma', 'fig', 'd_', long.slice(0, 45));
test(found, 'cloudflare', 'cf', 'ut_', long.slice(0, 40), hex32.slice(0, 8));
test(found, 'basicauth', 'https://ada:', 'Tr0ub4dor', '@git.test/a.git');
test(found, 'database-connection-string', 'postgres://app:', 'kX9fLm2qRt', '@db.test:5432/app');
test(found, 'tailscale', 'ts', 'key-auth-', letters.slice(0, 12), '-', letters);
