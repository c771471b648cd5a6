// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import test from 'ava';
import { findSecrets } from '../../../src/review/gate/secrets.ts';
import { each } from '../../each.ts';

// Put together here, so that no scanner takes this file for a leak.
const letters = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR';
const long = letters.repeat(5);

const finds = test.macro((t, kind: string | undefined, ...parts: readonly string[]) => {
  const secrets = findSecrets(`first line\nvalue = ${parts.join('')} # end\n`);
  t.deepEqual(secrets, kind === undefined ? [] : [{ kind, line: 2 }]);
});

test('a PEM key', finds, 'private key', '-----BEGIN ', 'PRIVATE KEY-----');
test('an RSA key', finds, 'private key', '-----BEGIN RSA ', 'PRIVATE KEY-----');
test('an OpenSSH key', finds, 'private key', '-----BEGIN OPENSSH ', 'PRIVATE KEY-----');
test('a PGP key', finds, 'private key', '-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----');
test('an AWS key', finds, 'AWS access key', 'AK', 'IAQ3EGTY5KZ7MWNB2X');
test('an OpenAI key', finds, 'OpenAI key', 's', 'k-proj-', letters, 'T3Blbk', 'FJ', letters);
test('a Google key', finds, 'Google API key', 'AI', 'za', long.slice(0, 35));

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

const corpus = join(import.meta.dirname, '../../../../shared/corpus');
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

// secretlint says which tokens there are. Samples are put together here, so that no scanner takes
// this file for a leak. `vcp_` (Vercel) is left out, as short words with that prefix are common, and
// so are passwords in URLs, which documents and tests are full of.

const hex = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';

const reported = async (content: string): Promise<readonly string[]> => {
  const { messages } = await lintSource({
    source: { content, filePath: 'sample.txt', ext: '.txt', contentType: 'text' },
    options: { config: { rules: [{ id: 'preset', rule: creator }] } },
  });
  return messages.map(({ ruleId }) => ruleId.replace('@secretlint/secretlint-rule-', ''));
};

const found = test.macro({
  title: (name, rule) => `secretlint's ${rule}${name ? `: ${name}` : ''}`,
  async exec(t, rule: string, ...parts: readonly string[]) {
    const content = `first line\n${parts.join('')}\n`;
    t.deepEqual(await reported(content), [rule], 'secretlint knows the sample');
    const [secret, ...more] = findSecrets(content);
    t.is(secret?.line, 2);
    const kind = secret?.kind.toLowerCase().replaceAll(' ', '') ?? 'none';
    t.true(kind.includes(rule.split('-').at(-1) ?? ''), kind);
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
test(found, 'shopify', 'shp', 'at_', hex);
test(found, 'grafana', 'gls', 'a_', letters, '_', hex.slice(0, 8));
test(found, 'groq', 'gs', 'k_', long.slice(0, 52));
test(found, 'linear', 'lin', '_api_', long.slice(0, 40));
test(found, 'notion', 'nt', 'n_12345678901', long.slice(0, 35));
test(found, 'hashicorp-vault', 'hv', 's.', long.slice(0, 95));
test(found, 'databricks', 'da', 'pi', hex);
test(found, 'docker', 'dckr', '_pat_', letters.slice(0, 27));
test(found, 'figma', 'fig', 'd_', long.slice(0, 45));
test(found, 'cloudflare', 'cf', 'ut_', long.slice(0, 40), hex.slice(0, 8));
test(found, 'tailscale', 'ts', 'key-auth-', letters.slice(0, 12), '-', letters);
