// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { driftOf } from '../../src/flow/compile/compile.ts';
import { compileIntake } from '../../src/flow/compile/intake.ts';
import { linterFaults, parserFaults } from '../workflows/checkers.ts';

const settings = {
  schedule: '17 2 * * *',
  runsOn: ['self-hosted'],
  stateRunsOn: ['self-hosted'],
  intakeRunsOn: ['ubuntu-latest'],
  shards: 1,
  timeoutMinutes: 60,
  retentionDays: 14,
  server: 'github.com',
  actions: `octo/pantheon@${'a'.repeat(40)} # v1.0.0`,
  actionFolders: new Map<string, string>(),
} as const;

test('passes GitHub’s parser and actionlint', async (t) => {
  const text = compileIntake(settings);
  t.deepEqual(await parserFaults('spec-intake.yml', text), []);
  t.deepEqual(await linterFaults('spec-intake.yml', text), []);
});

test('what an issue says reaches no expression but a condition and a number', (t) => {
  const text = compileIntake(settings);
  const lines = text.split('\n').filter((line) => /github\.event/.test(line));
  t.is(lines.length, 2);
  t.regex(lines[0] ?? '', /^ {2}group: pantheon-intake-\$\{\{ github\.event\.issue\.number \}\}$/);
  t.regex(lines[1] ?? '', /^ {4}if: /);
});

test('an edit by hand is told from an older compilation', (t) => {
  const text = compileIntake(settings);
  t.is(driftOf(text, text), 'same');
  t.is(driftOf(text.replace('opened', 'closed'), text), 'edited');
  t.is(driftOf(compileIntake({ ...settings, intakeRunsOn: ['other'] }), text), 'outdated');
});
