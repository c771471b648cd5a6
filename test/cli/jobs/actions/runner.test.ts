// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { addSummary, setOutput } from '../../../../src/cli/jobs/actions/runner.ts';
import { temporaryFolder } from '../../../workspace/with-repository.ts';

test('outputs are lines of a file, and a value cannot set another one', (t) => {
  const GITHUB_OUTPUT = join(temporaryFolder(t), 'output');
  setOutput('shards', '[0,1]', { GITHUB_OUTPUT });
  setOutput('work', true, { GITHUB_OUTPUT });
  for (const value of ['a\nwork=false', 'a\rwork=false']) {
    t.throws(() => setOutput('night', value, { GITHUB_OUTPUT }), { message: /several lines/ });
  }
  t.is(readFileSync(GITHUB_OUTPUT, 'utf8'), 'shards=[0,1]\nwork=true\n');
});

test('a summary is added to what the job has written', (t) => {
  const GITHUB_STEP_SUMMARY = join(temporaryFolder(t), 'summary');
  for (const text of ['one\n', 'two\n']) addSummary(text, { GITHUB_STEP_SUMMARY });
  t.is(readFileSync(GITHUB_STEP_SUMMARY, 'utf8'), 'one\ntwo\n');
});

test('outside of a workflow nothing is written', (t) => {
  t.notThrows(() => setOutput('work', true, {}));
  t.notThrows(() => addSummary('one', {}));
});
