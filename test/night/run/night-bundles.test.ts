// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse, nodesOf } from '../support/with-night.ts';

test('every finished node leaves a bundle, a skipped one none', async (t) => {
  const house = await makeHouse(t, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b fail no\n',
  });
  const { folder } = await house.night();
  const traces = openTraces(folder);
  const records = nodesOf(folder);
  t.is(records.length, 10);
  for (const { spec, unit, node, status, bundle } of records) {
    const recorded = traces.read({ spec, unit, node });
    t.is(recorded?.identity, bundle);
    t.is(recorded === undefined, status === 'skipped', `${unit}/${node}`);
    if (!recorded) continue;
    t.is('error.json' in recorded.files, status === 'failed');
    t.true('input.json' in recorded.files && 'metrics.json' in recorded.files);
  }
});

test('a bundle names the bundles it was made from', async (t) => {
  const house = await makeHouse(t, { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  const { folder, spec } = await house.night();
  const unit = spec('one').unitDetails[0]?.id ?? '';
  const traces = openTraces(folder);
  const identity = (node: string, of = unit) =>
    traces.read({ spec: 'one', unit: of, node })?.identity ?? 'none';
  const inputs = (node: string, of = unit) =>
    traces.read({ spec: 'one', unit: of, node })?.facts.inputs;
  t.deepEqual(inputs('work'), [{ node: 'plan', unit: '_spec', digest: identity('plan', '_spec') }]);
  t.deepEqual(inputs('reviewA'), [
    { node: 'work', unit, digest: identity('work') },
    { node: 'test', unit, digest: identity('test') },
  ]);
  t.deepEqual(
    inputs('merge', '_spec')
      ?.map(({ node, digest }) => [node, digest])
      .sort(),
    [
      ['plan', identity('plan', '_spec')],
      ...['work', 'test', 'reviewA', 'reviewB'].map((node) => [node, identity(node)]),
    ].sort(),
  );
});

test('reviewers are blind to each other', async (t) => {
  const house = await makeHouse(t, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a lines 1 REJECT-A hush\n',
  });
  const { folder, spec } = await house.night();
  const unit = spec('one').unitDetails[0]?.id ?? '';
  for (const node of ['reviewA', 'reviewB']) {
    const bundle = openTraces(folder).read({ spec: 'one', unit, node });
    const { inputs } = JSON.parse(bundle?.files['input.json'] ?? '');
    t.deepEqual(Object.keys(inputs).sort(), ['test', 'work']);
  }
});
