// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { trajectoryOf } from '../../src/learn/export/atif.ts';
import { makePlace } from '../cli/with-cli.ts';
import { bundleOf, talked, usage } from '../learn/export/sample-run.ts';
import { tinySpec } from '../night/support/tiny-house.ts';
import { houseIn } from '../night/support/with-night.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

const { PANTHEON_TRACES_PYTHON: python = 'python3', PANTHEON_SKIP_TRACES_PYTHON } = process.env;
const suite = PANTHEON_SKIP_TRACES_PYTHON ? test.skip : test;
const program = fileURLToPath(new URL('validate-atif.py', import.meta.url));

/** What Harbor says of these lines. */
const said = async (t: ExecutionContext, lines: string): Promise<readonly string[]> => {
  const file = join(temporaryFolder(t), 'trajectories.jsonl');
  writeFileSync(file, lines);
  const { stdout } = await promisify(execFile)(python, [program, file]);
  return stdout.trimEnd().split('\n');
};

suite('Harbor accepts the run of a model, and one that failed', async (t) => {
  const runs = [
    talked({ 'metrics.json': JSON.stringify(usage) }),
    talked({
      'metrics.json': JSON.stringify(usage),
      'error.json': '{"code":"repeat","message":"m"}',
    }),
  ].map((files) => `${JSON.stringify(trajectoryOf(bundleOf(t, files)))}\n`);
  t.deepEqual(await said(t, runs.join('')), ['2 trajectories']);
});

suite('Harbor accepts every trajectory of a night of rules', async (t) => {
  const place = await makePlace(t, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b babble 1\n',
  });
  await houseIn(t, { ...place, head: '' }).night({ state: place.state });
  const { code, stdout, stderr } = await place.pantheon(
    ...['trace', 'export', '2026-11-01', '--format', 'atif'],
  );
  t.is(code, 0, stderr);
  const count = stdout.trimEnd().split('\n').length;
  t.true(count >= 6, `${count}`);
  t.deepEqual(await said(t, stdout), [`${count} trajectories`]);
});

suite('it refuses a step out of turn and a field that is none', async (t) => {
  const trajectory = trajectoryOf(bundleOf(t, talked()));
  const [, ...late] = trajectory?.steps ?? [];
  const bad = [
    { ...trajectory, steps: late },
    { ...trajectory, night: 'n' },
  ];
  const lines = await said(t, bad.map((one) => `${JSON.stringify(one)}\n`).join(''));
  t.is(lines.length, 3, lines.join('\n'));
});
