// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import test from 'ava';
import { workHere } from '../../../src/night/child/work-here.ts';
import { stateAt } from '../../../src/night/record/state-folder.ts';
import { startNight } from '../../../src/night/start-night.ts';
import { readLedger } from '../../../src/review/kappa/ledger.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { passExams } from '../support/with-night.ts';
import { publishAlone, told } from './with-artifacts.ts';
import { date, running, workJobs } from './with-jobs.ts';

const boxes = ['box', 'crate', 'chest'];

const files = Object.fromEntries(
  boxes.flatMap((name) => [
    [`specs/${name}.yaml`, tinySpec(`${name}/`)],
    ...Array.from({ length: 9 }, (_, at) => [`${name}/${at}.txt`, `${name}-${at}\n`]),
  ]),
);

test('jobs hide the same patches among the same units as one process does', async (t) => {
  const jobs = await workJobs(t, files);
  const alone = stateAt(join(temporaryFolder(t), 'state'));
  await passExams(jobs.place.folder, alone, ['tiny']);
  const { summary: whole } = await startNight({
    ...{ ...running, state: alone, startedAt: date, example: true, resume: false, work: workHere },
    repository: jobs.place.folder,
  });
  const { summary, state } = await publishAlone(t, jobs, jobs.artifacts);
  t.is(summary.counts.pullRequests, 3);
  t.deepEqual(told(summary), told(whole));
  const { patches = 0 } = summary.reviewers[0]?.hidden ?? {};
  t.true(patches >= 3, `${patches}`);
  t.deepEqual(summary.reviewers, whole.reviewers);
  // Each reviewer's job has asked about them, and says so of the units alone.
  t.deepEqual(jobs.counts.get('reviewA'), { ok: 27, failed: 0, skipped: 0 });
  const hiddenIn = async (root: string) =>
    (await readLedger(root)).filter(({ source }) => source === 'hidden');
  t.is((await hiddenIn(state.root)).length, patches);
  t.deepEqual(await hiddenIn(state.root), await hiddenIn(alone.root));
});
