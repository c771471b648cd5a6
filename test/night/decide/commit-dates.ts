// SPDX-License-Identifier: GPL-3.0-only

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { openCommitDates } from '../../../src/night/decide/commit-dates.ts';
import { normaliseSpec, type Spec } from '../../../src/spec/schema.ts';
import { makeRepository, writeFiles } from '../../workspace/with-repository.ts';

const note = (name: string) => `# ${name}\n\nA text that is long enough\nto be known again.\n`;

const specFor = (sentence: string) =>
  normaliseSpec({ title: 'Dates', scope: '*.md', acceptance: [sentence] }, 'dates');

test('a file has the dates of its first and its last commit under any name', async (t) => {
  const { folder, run } = makeRepository(t, { 'old.md': note('one'), 'kept.md': note('two') });
  const commit = (day: string) => {
    run(['add', '-A']);
    const identity = ['-c', 'user.name=T', '-c', 'user.email=t@localhost'];
    run([...identity, 'commit', '-q', '-m', day, `--date=${day}T12:00:00Z`]);
  };
  renameSync(join(folder, 'old.md'), join(folder, 'between.md'));
  commit('2026-02-01');
  writeFiles(folder, { 'between.md': `${note('one')}More.\n`, 'kept.md': `${note('two')}More.\n` });
  commit('2026-02-15');
  renameSync(join(folder, 'between.md'), join(folder, 'new.md'));
  writeFiles(folder, { 'later.md': note('three') });
  commit('2026-03-01');
  // Another file takes the first name.
  writeFiles(folder, { 'old.md': 'Something else altogether.\n' });
  commit('2026-04-01');
  const head = run(['rev-parse', 'HEAD']).trim();
  const dates = openCommitDates({ repository: folder, commit: head }, openChores());
  const paths = ['kept.md', 'later.md', 'new.md', 'old.md'];
  const first = {
    'kept.md': '2026-01-02',
    'later.md': '2026-03-01',
    'new.md': '2026-01-02',
    'old.md': '2026-04-01',
  };
  const last = { ...first, 'kept.md': '2026-02-15', 'new.md': '2026-03-01' };
  const [ofFirst, ofLast] = ['first', 'last'].map((which) =>
    specFor(`The date of every note is the date of its ${which} commit`),
  );
  t.deepEqual(await dates(ofFirst as Spec, paths), { firstCommitDates: first });
  t.deepEqual(await dates(ofLast as Spec, paths), { lastCommitDates: last });
  t.deepEqual(await dates(specFor('Every note has a title'), paths), {});
});
