// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { readIntents } from '../../src/chore/intent.ts';
import type { Intent } from '../../src/chore/intent-kinds.ts';

/** Each of the sentences means this. */
export const reads = test.macro(
  (t, intent: Intent | undefined, ...sentences: readonly string[]) => {
    for (const sentence of sentences)
      t.deepEqual(readIntents(sentence), intent && [intent], sentence);
  },
);
