// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { driftedDocs } from '../../bin/write-docs.ts';
import { root } from './pages.ts';

test('what is written from the code and from a night is as written', async (t) => {
  t.timeout(120_000);
  t.deepEqual(await driftedDocs(root), [], 'run: node_modules/.bin/node bin/write-docs.ts');
});
