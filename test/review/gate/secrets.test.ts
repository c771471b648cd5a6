// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { findSecrets } from '../../../src/review/gate/secrets.ts';

// Put together here, so that no scanner takes this file for a leak.
const letters = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR';
const long = letters.repeat(4);

const finds = test.macro((t, kind: string | undefined, ...parts: readonly string[]) => {
  const secrets = findSecrets(`first line\nvalue = ${parts.join('')} # end\n`);
  t.deepEqual(secrets, kind === undefined ? [] : [{ kind, line: 2 }]);
});

test('a PEM key', finds, 'private key', '-----BEGIN ', 'PRIVATE KEY-----');
test('an RSA key', finds, 'private key', '-----BEGIN RSA ', 'PRIVATE KEY-----');
test('an OpenSSH key', finds, 'private key', '-----BEGIN OPENSSH ', 'PRIVATE KEY-----');
test('a PGP key', finds, 'private key', '-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----');
test('an AWS key', finds, 'AWS access key', 'AK', 'IAQ3EGTY5KZ7MWNB2X');
test('a GitHub token', finds, 'GitHub token', 'gh', 'p_', letters, 'Ab12');
test(
  'a fine-grained GitHub token',
  finds,
  'GitHub token',
  'github',
  '_pat_',
  long.slice(0, 22),
  '_',
  long.slice(0, 59),
);
test('a GitLab token', finds, 'GitLab token', 'glp', 'at-', letters.slice(0, 20));
test('a Slack token', finds, 'Slack token', 'xo', 'xb-123456789012-', letters);
test(
  'a Slack webhook',
  finds,
  'Slack webhook',
  'https://hooks.slack',
  '.com/services/T01ABCDEF2/B01ABCDEF2/',
  letters.slice(0, 24),
);
test('an npm token', finds, 'npm token', 'np', 'm_', letters, 'Ab12');
test('an OpenAI key', finds, 'OpenAI key', 's', 'k-proj-', letters, 'T3Blbk', 'FJ', letters);
test('an Anthropic key', finds, 'Anthropic key', 'sk-a', 'nt-api03-', long.slice(0, 95));
test('a Stripe key', finds, 'Stripe key', 'sk_li', 've_', letters.slice(0, 24));
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

test('nothing is found in real documents', (t) => {
  const corpus = join(import.meta.dirname, '../../../../shared/corpus');
  let files: readonly string[];
  try {
    files = readdirSync(corpus, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
  } catch {
    t.log('skipped: there is no corpus beside the repository');
    t.pass();
    return;
  }
  t.deepEqual(
    files.filter((file) => findSecrets(readFileSync(file, 'utf8')).length > 0),
    [],
  );
});
