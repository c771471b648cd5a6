// SPDX-License-Identifier: GPL-3.0-only

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { openFirstCommitDates } from '../../../src/night/decide/first-commit-dates.ts';
import { normaliseSpec } from '../../../src/spec/schema.ts';
import { makeRepository, writeFiles } from '../../workspace/with-repository.ts';

const note = (name: string) => `# ${name}\n\nA text that is long enough\nto be known again.\n`;

test('a file has the date of its first commit under any name', async (t) => {
  const { folder, run } = makeRepository(t, { 'old.md': note('one'), 'kept.md': note('two') });
  const commit = (day: string) => {
    run(['add', '-A']);
    const identity = ['-c', 'user.name=T', '-c', 'user.email=t@localhost'];
    run([...identity, 'commit', '-q', '-m', day, `--date=${day}T12:00:00Z`]);
  };
  renameSync(join(folder, 'old.md'), join(folder, 'between.md'));
  commit('2026-02-01');
  renameSync(join(folder, 'between.md'), join(folder, 'new.md'));
  writeFiles(folder, { 'later.md': note('three') });
  commit('2026-03-01');
  // Another file takes the first name.
  writeFiles(folder, { 'old.md': 'Something else altogether.\n' });
  commit('2026-04-01');
  const head = run(['rev-parse', 'HEAD']).trim();
  const dates = openFirstCommitDates({ repository: folder, commit: head }, openChores());
  const spec = normaliseSpec(
    {
      title: 'Dates',
      scope: '*.md',
      acceptance: ['The date of every note is the date of its first commit'],
    },
    'dates',
  );
  t.deepEqual(await dates(spec, ['kept.md', 'later.md', 'new.md', 'old.md']), {
    'kept.md': '2026-01-02',
    'later.md': '2026-03-01',
    'new.md': '2026-01-02',
    'old.md': '2026-04-01',
  });
});
