// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compileProtected } from '../../src/spec/protected-paths.ts';

test('protected paths are written as scopes are', (t) => {
  for (const pattern of [
    'secrets',
    'secrets/',
    './secrets/',
    '/secrets/',
    '`secrets/`',
    'Secrets/**',
  ]) {
    t.true(compileProtected([pattern])('secrets/key.pem'), pattern);
    t.false(compileProtected([pattern])('docs/secrets.md'), pattern);
  }
});
