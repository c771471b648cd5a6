// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { readIntent } from '../../src/spec/intent.ts';
import type { Intent } from '../../src/spec/intent-kinds.ts';

/** Each of the sentences means this. */
export const reads = test.macro(
  (t, intent: Intent | undefined, ...sentences: readonly string[]) => {
    for (const sentence of sentences) t.deepEqual(readIntent(sentence), intent, sentence);
  },
);
