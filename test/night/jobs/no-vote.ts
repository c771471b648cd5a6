// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import test from 'ava';
import { workHere } from '../../../src/night/child/work-here.ts';
import { stateAt } from '../../../src/night/record/state-folder.ts';
import { startNight } from '../../../src/night/start-night.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { passExams } from '../support/with-night.ts';
import { publishAlone, told } from './with-artifacts.ts';
import { date, running, workJobs } from './with-jobs.ts';

const worksOnPages = String(tinyHouse['agents/worker/agent.yaml']).replace('*.txt', '*.{txt,md}');

const files = {
  'agents/worker/agent.yaml': worksOnPages,
  'specs/code.yaml': tinySpec('box/'),
  'specs/pages.yaml': tinySpec('pages/'),
  'box/a.txt': 'boxed\n',
  'box/b.txt': 'boxed\n',
  'pages/one.md': 'paged\n',
};

const failed = { kind: 'code', falseApprovals: 11, recall: 0.89 } as const;

test('jobs start no work for which a reviewer has no vote, and say why as one process does', async (t) => {
  const jobs = await workJobs(t, files, ({ folder, state }) =>
    passExams(folder, state, ['tiny'], failed),
  );
  t.deepEqual(
    [...jobs.counts],
    [
      ['plan', { ok: 2, failed: 0, skipped: 0 }],
      ...['work', 'test', 'reviewA', 'reviewB'].map((node) => [
        node,
        { ok: 1, failed: 0, skipped: 2 },
      ]),
      ['merge', { ok: 1, failed: 0, skipped: 1 }],
    ],
  );
  const { summary, spec } = await publishAlone(t, jobs, jobs.artifacts);
  t.is(spec('pages').outcome, 'pull-request');
  t.is(spec('code').outcome, 'red-bin');
  t.is(spec('code').code, 'gate.exam');
  t.regex(
    spec('code').reason,
    /^gate: review[AB] failed the code exam: 11 bad patches approved, .*; nothing was worked$/,
  );
  const state = stateAt(join(temporaryFolder(t), 'state'));
  await passExams(jobs.place.folder, state, ['tiny']);
  await passExams(jobs.place.folder, state, ['tiny'], failed);
  jobs.place.run(['branch', '-D', spec('pages').branch ?? '']);
  const { summary: whole } = await startNight({
    ...{ ...running, state, startedAt: date, example: true, resume: false, work: workHere },
    repository: jobs.place.folder,
  });
  t.deepEqual(told(summary), told(whole));
});
