// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { formatArtifact } from '../../../src/flow/compile/names.ts';
import type { WorkNight } from '../../../src/night/child/outside.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { isNodeTask } from '../../../src/night/record/night-task.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { askingSpecs, files, registryOf, routed } from '../support/registered-house.ts';
import { collectJobs, runNode } from './with-jobs.ts';

test('a compiled night decides its routes once, and the jobs of a node take what was decided', async (t) => {
  t.timeout(300_000);
  const { jobs, scratch, night, shards } = await collectJobs(t, {
    ...files('tiny.worker@champion', registryOf(routed)),
    ...askingSpecs,
  });
  const decided = new Map(night.specs.map((one) => [one.spec.id, one.canary ?? one.route]));
  t.deepEqual([...new Set(decided.values())].sort(), ['tiny.worker@2', 'tiny.worker@3', undefined]);
  // What is committed later is another night's.
  writeFileSync(join(jobs.place.folder, 'registry.yaml'), registryOf({ champion: 3 }));
  jobs.place.run(['commit', '-qam', 'Promote']);
  const work = async (
    attempt: number,
    worker = workHere,
  ): Promise<ReadonlyMap<string, unknown>> => {
    const adapters = new Map<string, unknown>();
    for (const shard of shards) {
      const [out, folder] = ['out', 'night'].map((name) =>
        join(scratch, `${name}-${attempt}-${shard}`),
      ) as [string, string];
      await runNode(jobs, ['work', `${shard}/${night.shards}`], {
        night: folder,
        out,
        work: worker,
      });
      const traces = openTraces(folder);
      for (const { spec } of night.specs) {
        const address = traces.list(spec.id).find(({ node }) => node === 'work');
        const bundle = address && traces.read(address);
        if (!bundle) continue;
        adapters.set(spec.id, JSON.parse(bundle.files['metrics.json'] ?? '{}').runtime.adapter);
      }
    }
    return adapters;
  };
  for (const shard of shards) await planJob(jobs, scratch, `${shard}/${night.shards}`);
  const worked = await work(1);
  t.deepEqual(
    [...worked].sort(),
    [...decided].map(([id, name]) => [id, name ?? 'tiny.worker@1']).sort(),
  );
  // A job works out nothing again: told that nothing was routed, the champion works it all.
  const untold: WorkNight = (task, ...others) => {
    if (!isNodeTask(task)) return workHere(task, ...others);
    const told = task.begin.night.specs.map(({ canary: _, route: _r, ...one }) => one);
    const begin = { ...task.begin, night: { ...task.begin.night, specs: told } };
    return workHere({ ...task, begin }, ...others);
  };
  const others = await work(2, untold);
  t.deepEqual([...new Set(others.values())], ['tiny.worker@1']);
});

/** Leaves the artifact of the job that plans a shard. */
const planJob = async (
  jobs: Parameters<typeof runNode>[0],
  scratch: string,
  at: string,
): Promise<void> => {
  const shard = Number(at.split('/')[0]);
  const name = formatArtifact({ kind: 'node', node: 'plan', shard, attempt: 1 });
  const out = join(jobs.artifacts, name);
  await runNode(jobs, ['plan', at], { night: join(scratch, `plan-${shard}`), out });
};
