// SPDX-License-Identifier: GPL-3.0-only
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import test from 'ava';
import { findSecrets } from '../../../src/review/gate/secrets.ts';

// secretlint says which tokens there are. Samples are put together here, so that no scanner takes
// this file for a leak. `vcp_` (Vercel) is left out, as short words with that prefix are common, and
// so are passwords in URLs, which documents and tests are full of.

const letters = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR';
const hex = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const long = letters.repeat(5);

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
    t.deepEqual(
      findSecrets(content).map(({ line }) => line),
      [2],
    );
  },
});

test(found, 'aws', 'AWS_SECRET_ACCESS', '_KEY=', long.slice(0, 40));
test(found, 'github', 'gh', 'p_', letters, 'Ab12');
test(
  'a fine-grained token',
  found,
  'github',
  'github',
  '_pat_',
  long.slice(0, 22),
  '_',
  long.slice(0, 59),
);
test(
  'an installation token',
  found,
  'github',
  'gh',
  's_1234567_ey',
  letters,
  '.ey',
  letters,
  '.',
  letters,
);
test(found, 'gitlab', 'glp', 'at-', letters.slice(0, 20));
test(found, 'slack', 'xo', 'xb-123456789012-', letters);
test(
  'a webhook',
  found,
  'slack',
  'https://hooks.slack',
  '.com/services/T01ABCDEF2/B01ABCDEF2/',
  letters.slice(0, 24),
);
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
