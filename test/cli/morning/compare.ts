// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { unitBundles, writeNightFolder } from '../../morning/page/sample-night.ts';
import { redBinSummary, specSummary } from '../../morning/summaries.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

test('prints what is different in the later night', async (t) => {
  const traces = temporaryFolder(t);
  for (const [night, spec] of [
    ['2026-11-20', redBinSummary('one', { code: 'gate.rejected' })],
    ['2026-11-21', specSummary('one')],
  ] as const) {
    const folder = join(traces, night);
    mkdirSync(folder);
    writeNightFolder(folder, [[spec, unitBundles('u')]], { night });
  }
  const compare = (...nights: readonly string[]) =>
    start(['compare', ...nights, '--traces', traces], traces, {});
  const { stdout } = await compare('2026-11-20', '2026-11-21');
  t.regex(stdout, /^2026-11-20 -> 2026-11-21\npull requests 0 -> 1, red bins 1 -> 0, /);
  t.regex(stdout, /\n {2}one: red-bin \(gate\.rejected\) -> pull-request\n/);
  const missing = await compare('2026-11-20', '2026-12-24');
  t.is(missing.code, 2);
  t.regex(missing.stderr, /there is no night "2026-12-24"; there are 2026-11-20, 2026-11-21/);
});
