// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { dialectOf } from '../../src/agent/choose-dialect.ts';
import { envelope } from '../../src/agent/dialects/envelope.ts';
import { qwen } from '../../src/agent/dialects/qwen.ts';
import { runtimeDigest } from '../../src/agent/runtime.ts';
import { UserError } from '../../src/data/user-error.ts';

test('an exam is tied to the dialect, and the default one changes no digest', (t) => {
  const probe = {
    identity: {
      engine: 'vllm',
      origin: 'loopback',
      version: '1',
      modelDigest: 'a',
      temperature: 0,
    },
    contextTokens: 1,
    slots: 1,
  } as const;
  const digest = runtimeDigest(probe, { digest: 'r' }, envelope);
  t.is(digest, '6fd4008e3e0e1e199908fb6d102b851c22a55ff5c165a3be6841936a34162040');
  t.not(digest, runtimeDigest(probe, { digest: 'r' }, qwen));
});

test('the setting chooses, and rules speak one dialect only', (t) => {
  t.is(dialectOf({ engine: 'vllm' }, 'x'), envelope);
  t.is(dialectOf({ engine: 'vllm', dialect: 'qwen' }, 'x'), qwen);
  t.throws(() => dialectOf({ engine: 'rules', dialect: 'qwen' }, 'profiles.gpu.default'), {
    instanceOf: UserError,
    message: /profiles\.gpu\.default\.dialect/,
  });
});
