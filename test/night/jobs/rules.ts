// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { WorkNight } from '../../../src/night/child/outside.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { isNodeTask } from '../../../src/night/record/night-task.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { publishAlone } from './with-artifacts.ts';
import { workJobs } from './with-jobs.ts';

/** Runners on which nothing but the gate knows the repository's rules. */
const careless: WorkNight = (task, ...others) => {
  if (!isNodeTask(task) || task.begin.node === 'merge') return workHere(task, ...others);
  const { night } = task.begin;
  const begin = {
    ...task.begin,
    night: { ...night, config: { ...night.config, rules: false as const } },
  };
  return workHere({ ...task, begin }, ...others);
};

test('the gate judges a patch by the rules again, whatever let it through before', async (t) => {
  t.timeout(300_000);
  const files = {
    'rules/own.pl':
      'forbid(stays, [Path, " stays."]) :- change(Path, _, _), ends_with(Path, "a.txt").\n',
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b\n',
  };
  const jobs = await workJobs(t, files, undefined, careless);
  t.is(jobs.counts.get('reviewB')?.ok, 2);
  const { spec } = await publishAlone(t, jobs, jobs.artifacts);
  const { outcome, unitDetails } = spec('one');
  t.is(outcome, 'pull-request');
  t.deepEqual(
    unitDetails.map(({ paths, state, node, reason }) => [...paths, state, node, reason]),
    [
      ['box/a.txt', 'red', 'gate', 'box/a.txt stays. (rule stays, rules/own.pl:1)'],
      ['box/b.txt', 'approved', undefined, undefined],
    ],
  );
});
