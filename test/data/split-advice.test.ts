// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { splitAdvice } from '../../src/data/split-advice.ts';

const splits = test.macro({
  title: (_, message) => `the advice in "${message}"`,
  exec(t, message: string, ...parts: readonly string[]) {
    t.deepEqual(splitAdvice(message), parts);
  },
});

test(splits, 'a.yaml is not UTF-8. Save it as UTF-8', 'a.yaml is not UTF-8', 'Save it as UTF-8');
test(splits, 'not there; start it', 'not there', 'start it');
test(splits, 'not there; not yet. Start it', 'not there; not yet', 'Start it');
test(splits, 'engine.sock v1.2 failed', 'engine.sock v1.2 failed');
