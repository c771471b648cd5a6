// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { workHere } from '../../../src/night/child/work-here.ts';
import { expectedSeconds } from '../../../src/night/decide/expected-seconds.ts';
import { runCollectJob } from '../../../src/night/jobs/collect-job.ts';
import { readMeasuredSeconds } from '../../../src/night/record/measured-seconds.ts';
import type { DecidedSpec } from '../../../src/night/record/night-schemas.ts';
import { shardCount, shardsOf } from '../../../src/night/record/shard.ts';
import { startNight } from '../../../src/night/start-night.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { makePlace } from '../../cli/with-cli.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { passExams } from '../support/with-night.ts';
import { date, running } from './with-jobs.ts';

type Dealt = { readonly seconds?: number; readonly skip?: string };

const specsOf = (dealt: readonly Dealt[]): readonly DecidedSpec[] =>
  dealt.map((more, index) => ({ spec: { id: `s${index}` }, ...more }) as unknown as DecidedSpec);

const deal = (specs: readonly DecidedSpec[], shards: number): readonly (number | undefined)[] => {
  const dealt = shardsOf({ specs: [...specs], shards });
  return specs.map(({ spec }) => dealt.get(spec.id));
};

const ofSeconds = (...seconds: readonly number[]) =>
  specsOf(seconds.map((one) => ({ seconds: one })));

test('specs are dealt longest first, each to the shard with the least', (t) => {
  t.deepEqual(deal(ofSeconds(1, 9, 2, 8), 2), [0, 0, 1, 1]);
  // Graham 1969: the instance on which it is worst for three shards, 11 where 9 is possible.
  const worst = [5, 5, 4, 4, 3, 3, 3];
  const loads = [0, 0, 0];
  for (const [index, shard] of deal(ofSeconds(...worst), 3).entries()) {
    loads[shard ?? 0] = (loads[shard ?? 0] ?? 0) + (worst[index] ?? 0);
  }
  t.is(Math.max(...loads), 11);
});

test('where nothing is expected they take turns, and skipped ones are in no shard', (t) => {
  t.deepEqual(deal(specsOf([{}, { skip: 'done' }, {}, {}, {}]), 2), [0, undefined, 1, 0, 1]);
});

test('no job loses or doubles a spec, whatever they are expected to take', (t) => {
  const seconds = fc.double({ min: 0.001, max: 1e6, noNaN: true });
  const dealt = fc.record({ seconds, skip: fc.constant('skipped') }, { requiredKeys: [] });
  fc.assert(
    fc.property(
      fc.array(dealt, { maxLength: 80 }),
      fc.integer({ min: 1, max: 256 }),
      (all, wanted) => {
        const specs = specsOf(all);
        const shards = shardCount(specs, wanted);
        const inJobs = Array.from({ length: shards }, (_, index) => {
          // As each job reads it for itself.
          const read = JSON.parse(JSON.stringify(specs)) as DecidedSpec[];
          const own = shardsOf({ specs: read, shards });
          return read.filter(({ spec }) => own.get(spec.id) === index).map(({ spec }) => spec.id);
        });
        const worked = specs.filter(({ skip }) => skip === undefined).map(({ spec }) => spec.id);
        t.deepEqual(inJobs.flat().sort(), worked.toSorted());
        t.true(worked.length === 0 || inJobs.every(({ length }) => length > 0));
      },
    ),
  );
});

const measured = { specs: { before: 7.5 }, flows: { docs: 2, code: 40 } };

test('a spec is expected to take what it took, else what its flow takes', (t) => {
  t.is(expectedSeconds({ digest: 'before', flow: 'docs', units: 9 }, measured), 7.5);
  t.is(expectedSeconds({ digest: 'new', flow: 'docs', units: 9 }, measured), 18);
  t.is(expectedSeconds({ digest: 'new', flow: 'docs', units: 0 }, measured), 2);
  t.is(expectedSeconds({ digest: 'new', flow: 'other', units: 3 }, measured), 63);
  t.is(expectedSeconds({ digest: 'new', flow: 'docs', units: 3 }, { specs: {}, flows: {} }), 3);
  t.is(
    expectedSeconds({ digest: 'x', flow: 'f', units: 1 }, { specs: { x: 1e-9 }, flows: {} }),
    0.001,
  );
});

test('a night of several shards is dealt by what the nights before took', async (t) => {
  t.timeout(300_000);
  const place = await makePlace(t, {
    'specs/fails.yaml': tinySpec('box/'),
    'specs/two.yaml': tinySpec('crate/'),
    'box/a.txt': 'a fail no idea\n',
    'crate/b.txt': 'b\n',
    'crate/c.txt': 'c\n',
  });
  const { folder: repository, state } = place;
  await passExams(repository, state, ['tiny']);
  t.deepEqual(await readMeasuredSeconds(state.traces), { specs: {}, flows: {}, by: {} });
  await startNight({
    ...{ ...running, state, repository, work: workHere },
    ...{ startedAt: date, example: true, resume: false },
  });
  const took = await readMeasuredSeconds(state.traces);
  t.deepEqual(Object.keys(took.flows), ['tiny']);
  t.is(Object.keys(took.specs).length, 2);
  const { night } = await runCollectJob({
    ...{ ...running, state, work: workHere, otherwise: 'local', attempt: 1, shards: 2 },
    repository: await resolveRepository(repository),
    folder: join(temporaryFolder(t), 'night'),
    startedAt: date.replace('-01T', '-02T'),
    ...{ example: true, readOnly: false, retry: 'fails' },
  });
  for (const { digest, seconds, spec } of night.specs) {
    t.is(seconds, Math.max(0.001, Math.round((took.specs[digest] ?? 0) * 1000) / 1000), spec.id);
  }
});
