// SPDX-License-Identifier: GPL-3.0-only
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import { renderRegistry, withAgent } from '../../../src/engine/models/registry.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { isCanary } from '../../../src/night/open/canary.ts';
import { previewNight } from '../../../src/night/preview-night.ts';
import { readNight } from '../../../src/night/record/night-folder.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { cachedTinyModel } from '../../tiny-model/tiny-model.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyConfig, tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { type House, makeHouse } from '../support/with-night.ts';

/*
 * Real nights of a real model with real adapters: what it writes is noise, and which adapter wrote it
 * is what is looked at. The models folder is that of this process.
 */

const tiny = cachedTinyModel();
const models = temporaryFolder(wholeFile());
process.env.PANTHEON_MODELS = models;
for (const number of [1, 2]) copyFileSync(tiny.adapter, join(models, `tiny.worker@${number}.gguf`));
const digest = sha256(readFileSync(tiny.adapter));

const version = (number: number) => ({
  version: number,
  base: { name: 'tiny', digest },
  adapter: digest,
  dataset: digest,
  date: '2026-11-30',
});
const registryOf = (more: object): string =>
  renderRegistry(
    withAgent({ version: 1, agents: {} }, 'tiny.worker', {
      ...more,
      versions: [version(1), version(2)],
    }),
  );

const ids = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'];

const bound = (adapter: string): string =>
  tinyConfig(
    '',
    `    tiny.worker: { engine: llama, model: ${tiny.gguf}, processes: 1, threads: 1, contextTokens: 8192, adapter: ${adapter} }\n`,
  );

const files = (adapter: string, registry: string): Files => ({
  'pantheon.yaml': bound(adapter),
  'registry.yaml': registry,
  'agents/worker/agent.yaml': `${tinyHouse['agents/worker/agent.yaml']}limits: { maxSteps: 1, maxTokens: 24 }\n`,
  ...Object.assign(
    {},
    ...ids.map((id) => ({ [`specs/${id}.yaml`]: tinySpec(`${id}/`), [`${id}/a.txt`]: `${id}\n` })),
  ),
});

const preview = (house: House) =>
  previewNight({
    repository: house.folder,
    state: house.state,
    startedAt: '2026-11-20T02:00:00Z',
    example: true,
    work: workHere,
    watch: { node: () => {}, spec: () => {} },
    say: () => {},
    signal: new AbortController().signal,
  });

test('a candidate works its share, as the preview said and the bundles show', async (t) => {
  const registry = registryOf({ champion: 1, candidate: { version: 2, share: 0.5 } });
  const house = await makeHouse(t, files('tiny.worker@champion', registry));
  const { worked, adapters } = await preview(house);
  const canaries = ids.filter((id) => isCanary('2026-11-20', id, 0.5));
  t.true(canaries.length > 0 && canaries.length < ids.length, 'a share that shows something');
  t.deepEqual(
    worked.flatMap(({ spec, canary }) => (canary === undefined ? [] : spec.id)).sort(),
    canaries,
  );
  t.deepEqual(adapters['tiny/work'], {
    ...{ agent: 'tiny.worker', alias: 'champion', version: 1, digest },
    candidate: { version: 2, digest, share: 0.5 },
  });
  const { folder, summary } = await house.night({ startedAt: '2026-11-20T02:00:00Z' });
  const night = await readNight(folder);
  t.deepEqual(night.adapters, adapters);
  const traces = openTraces(folder);
  for (const { spec, canary } of night.specs) {
    const isOne = canaries.includes(spec.id);
    t.is(canary, isOne ? 'tiny.worker@2' : undefined);
    const work = traces.list(spec.id).find(({ node }) => node === 'work');
    const bundle = work && traces.read(work);
    const { runtime } = JSON.parse(bundle?.files['metrics.json'] ?? '{}');
    t.is(runtime.adapter, `tiny.worker@${isOne ? 2 : 1}`, spec.id);
    t.is(runtime.adapterDigest, digest);
  }
  t.is(summary.specs.length, ids.length);
});

const stops = test.macro(async (t, adapter: string, registry: string, says: RegExp) => {
  const both = registryOf({ champion: 1, candidate: { version: 2 } });
  const house = await makeHouse(t, files(adapter, both));
  house.commit({ 'registry.yaml': registry });
  await t.throwsAsync(house.night(), { name: 'UserError', message: says });
  t.deepEqual(house.branches(), []);
});

test(
  'an alias without a version stops the night',
  stops,
  'tiny.worker@champion',
  registryOf({ candidate: { version: 2 } }),
  /^pantheon\.yaml: profiles\.tiny\.tiny\.worker\.adapter: .*names no champion of tiny\.worker.*pantheon promote/,
);
test(
  'other files than were promoted stop the night',
  stops,
  'tiny.worker@2',
  registryOf({ champion: 1 }).replaceAll(digest, 'f'.repeat(64)),
  /^pantheon\.yaml: profiles\.tiny\.tiny\.worker\.adapter: "tiny\.worker@2" at .* is not what registry\.yaml has: expected sha256 f{64}, found/,
);
test(
  'a broken registry stops the night',
  stops,
  'tiny.worker@champion',
  registryOf({ champion: 1 }).replace('champion: 1', 'champion: 8'),
  /^registry\.yaml:5:\d+: .*there is no version 8/,
);
