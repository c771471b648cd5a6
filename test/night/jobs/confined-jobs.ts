// SPDX-License-Identifier: GPL-3.0-only
import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workConfined } from '../../../src/night/child/work-confined.ts';
import { journalSchema } from '../../../src/night/record/night-schemas.ts';
import { type Bundle, formatAddress } from '../../../src/trace/bundle.ts';
import { compareOutputs } from '../../../src/trace/compare-outputs.ts';
import { readJournal } from '../../../src/trace/journal.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { publishAlone, told } from './with-artifacts.ts';
import { usualJobs, workJobs } from './with-jobs.ts';

/* Twelve jobs of two processes each: bin/suites/kill-all runs it. flow-job.ts has a job for each shard confined. */

confinedTest('jobs in confined processes end a night alike', async (t) => {
  t.timeout(300_000);
  const usual = await usualJobs();
  const confined = await workJobs(t, undefined, undefined, workConfined);
  t.deepEqual(confined.counts, usual.counts);
  const [here, there] = [bundlesIn(usual.artifacts), bundlesIn(confined.artifacts)];
  t.deepEqual([...there.keys()], [...here.keys()]);
  t.true(here.size > 10, `${here.size} bundles`);
  for (const [address, { files, facts }] of here) {
    const other = there.get(address);
    t.deepEqual(compareOutputs(files, other?.files ?? {}), [], address);
    t.like(other?.facts, { agent: facts.agent, night: facts.night }, address);
  }
  t.deepEqual(recordsIn(confined.artifacts), recordsIn(usual.artifacts));
  const { summary } = await publishAlone(t, confined, confined.artifacts);
  t.deepEqual(told(summary), told((await publishAlone(t, usual, usual.artifacts)).summary));
});

/** What the journals of jobs say of their nodes, without times and identities. */
const recordsIn = (artifacts: string): readonly string[] =>
  globSync('node.*/journal*.jsonl', { cwd: artifacts })
    .flatMap((name) => readJournal(join(artifacts, name), journalSchema))
    .map((record) =>
      record.type === 'node'
        ? `${record.spec}/${record.unit}/${record.node} ${record.status} ${record.reason}`
        : record.type,
    )
    .sort();

/** All bundles that jobs of nodes left, sorted by their addresses. */
const bundlesIn = (artifacts: string): ReadonlyMap<string, Bundle> =>
  new Map(
    readdirSync(artifacts)
      .filter((name) => name.startsWith('node.'))
      .flatMap((name) => {
        const traces = openTraces(join(artifacts, name));
        return traces.specs().flatMap((spec) => traces.list(spec).map((at) => traces.read(at)));
      })
      .filter((bundle) => bundle !== undefined)
      .map((bundle) => [formatAddress(bundle.address), bundle] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
