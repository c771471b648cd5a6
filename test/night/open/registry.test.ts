// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { renderRegistry, withAgent } from '../../../src/engine/models/registry.ts';
import { loadFlows } from '../../../src/flow/load-flow.ts';
import type { Summary } from '../../../src/morning/summary.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { checkNightUnchanged } from '../../../src/night/open/check-unchanged.ts';
import { openSetup } from '../../../src/night/open/open-setup.ts';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import { isCanary } from '../../../src/night/open/stand-ins.ts';
import { previewNight } from '../../../src/night/preview-night.ts';
import { readNight } from '../../../src/night/record/night-folder.ts';
import type { Night } from '../../../src/night/record/night-schemas.ts';
import { routeEpisodes } from '../../../src/night/route-episodes.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import {
  asking,
  askingSpecs,
  digest,
  files,
  ids,
  registryOf,
  routed,
  version,
} from '../support/registered-house.ts';
import { type House, makeHouse } from '../support/with-night.ts';

/*
 * Real nights of a real model with real adapters: what it writes is noise, and which adapter wrote it
 * is what is looked at.
 */

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

test('a route works what asks for its chores, after the share of the candidate', async (t) => {
  const house = await makeHouse(t, {
    ...files('tiny.worker@champion', registryOf(routed)),
    ...askingSpecs,
  });
  const versionOf = (id: string): number =>
    isCanary('2026-11-20', id, 0.5) ? 3 : asking.includes(id) ? 2 : 1;
  t.deepEqual([...new Set(ids.map(versionOf))].sort(), [1, 2, 3], 'all of them have work');
  const { worked, adapters } = await preview(house);
  t.deepEqual(adapters['tiny/work']?.routes, [{ chores: ['absent'], version: 2, digest }]);
  for (const { spec, canary, route } of worked) {
    const name = `tiny.worker@${versionOf(spec.id)}`;
    t.is(canary, name.endsWith('3') ? name : undefined, spec.id);
    t.is(route, name.endsWith('2') ? name : undefined, spec.id);
  }
  const { folder, summary } = await house.night({ startedAt: '2026-11-20T02:00:00Z' });
  const night = await readNight(folder);
  tellsVersions(t, folder, summary, versionOf);
  const traces = openTraces(folder);
  for (const id of ids) {
    const work = traces.list(id).find(({ node }) => node === 'work');
    const bundle = work && traces.read(work);
    const { runtime } = JSON.parse(bundle?.files['metrics.json'] ?? '{}');
    t.is(runtime.adapter, `tiny.worker@${versionOf(id)}`, id);
  }
  const episodes = await routeEpisodes({
    ...{ nights: [folder], agent: 'tiny.worker', rejected: new Set<string>() },
    versionOf: () => 7,
    choresOf: ({ id }) => (asking.includes(id) ? ['absent'] : []),
  });
  t.is(episodes.length, ids.length);
  await refusesAnother(t, house, night);
});

const reasons = ['champion', 'route', 'canary'] as const;

/** Summary and report say which version worked which spec, and why. */
const tellsVersions = (
  t: ExecutionContext,
  folder: string,
  { specs }: Summary,
  versionOf: (id: string) => number,
): void => {
  for (const { id, versions } of specs) {
    const version = versionOf(id);
    const why = reasons[version - 1];
    t.deepEqual(versions, [{ node: 'work', adapter: `tiny.worker@${version}`, why }], id);
  }
  const report = readFileSync(join(folder, 'report.md'), 'utf8');
  const names = ids.filter((id) => versionOf(id) === 2);
  t.true(
    report.includes(
      `- \`tiny/work\`: \`tiny.worker@2\`, by its route, in the place of the champion, ${names.length} specs: ${names.map((id) => `\`${id}\``).join(', ')}\n`,
    ),
    report,
  );
};

/** A night that says another version worked a spec was altered. */
const refusesAnother = async (t: ExecutionContext, house: House, night: Night): Promise<void> => {
  const base = await openBaseTree(house.folder, night.base.commit);
  const commit = await readCommit(base);
  const flows = loadFlows(new Map([['tiny', await commit.flowSource('tiny')]]));
  const setup = await openSetup(commit, { flows, codeFolder: house.state.code });
  await t.notThrowsAsync(checkNightUnchanged(night, commit, setup));
  const [first] = night.specs.filter(({ route }) => route !== undefined);
  for (const change of [{ route: undefined }, { route: 'tiny.worker@1' }]) {
    const specs = night.specs.map((one) => (one === first ? { ...one, ...change } : one));
    await t.throwsAsync(checkNightUnchanged({ ...night, specs }, commit, setup), {
      message: /night\.json of .* was altered: .* is worked by another adapter than was decided/,
    });
  }
  await Promise.all([setup.close(), base.close()]);
};

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
test(
  'a route for a chore that does not exist stops the night',
  stops,
  'tiny.worker@champion',
  registryOf(routed).replace('- absent', '- abcent'),
  /^registry\.yaml: agents\.tiny\.worker\.routes\.table\.0: there is no chore "abcent" \(did you mean "absent"\?\)\. Take that route out/,
);
test(
  'a route to a version of other files stops the night',
  stops,
  'tiny.worker@champion',
  renderRegistry(
    withAgent({ version: 1, agents: {} }, 'tiny.worker', {
      ...routed,
      versions: [version(1), { ...version(2), adapter: 'f'.repeat(64) }, version(3)],
    }),
  ),
  /^pantheon\.yaml: profiles\.tiny\.tiny\.worker\.adapter: "tiny\.worker@2" at .* is not what registry\.yaml has/,
);
