// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { doubtChain } from '../../../src/night/publish/doubt-chain.ts';
import { readNight } from '../../../src/night/record/night-folder.ts';
import { decisionSchema } from '../../../src/review/gate/gate-agent.ts';
import type { Bundle, BundleAddress } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse } from '../support/with-night.ts';

const shared = wholeFile();

const worked = (async () => {
  const house = await makeHouse(shared, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b REJECT-A no\n',
  });
  const { folder } = await house.night();
  const night = await readNight(folder);
  const traces = openTraces(folder);
  const read = (node: string) => traces.read({ spec: 'one', unit: '_spec', node });
  const output = JSON.parse(read('merge')?.files['output.json'] ?? '');
  const [decided] = night.specs;
  if (!decided) throw new Error('a night without a spec');
  return { night, traces, decided, decision: decisionSchema.parse(output.result) };
})();

const zeros = '0'.repeat(64);

const citing =
  (node: string) =>
  (bundle: Bundle): Bundle => ({
    ...bundle,
    facts: {
      ...bundle.facts,
      inputs: bundle.facts.inputs.map((input) =>
        input.node === node ? { ...input, digest: zeros } : input,
      ),
    },
  });

const editing =
  (name: 'input.json' | 'output.json', change: (value: never) => unknown) =>
  (bundle: Bundle): Bundle => ({
    ...bundle,
    files: {
      ...bundle.files,
      [name]: JSON.stringify(change(JSON.parse(bundle.files[name] ?? '') as never)),
    },
  });

type Value = Readonly<Record<string, object>>;

const changes: Readonly<
  Record<string, readonly [node: string, (bundle: Bundle) => Bundle | undefined, RegExp]>
> = {
  'a review of another patch': [
    'reviewB',
    citing('work'),
    /^one\/box-a\S*\/reviewB was made from another bundle of one\/box-a\S*\/work$/,
  ],
  'a review of other tests': ['reviewA', citing('test'), /another bundle of \S*\/test$/],
  'a review that cites nothing': [
    'reviewA',
    (bundle) => ({ ...bundle, facts: { ...bundle.facts, inputs: [] } }),
    /reviewA was made from another bundle of/,
  ],
  'tests of another patch': [
    'test',
    citing('work'),
    /\/test was made from another bundle of \S*\/work$/,
  ],
  'a patch of another plan': [
    'work',
    citing('plan'),
    /\/work was made from another bundle of \S*\/plan$/,
  ],
  'a gate that read another review': [
    'merge',
    citing('reviewB'),
    /^one\/_spec\/merge was made from another bundle of one\/box-\S*\/reviewB$/,
  ],
  'a gate that read no plan': [
    'merge',
    citing('plan'),
    /merge was made from another bundle of \S*\/plan$/,
  ],
  'another patch than is opened': [
    'work',
    editing('output.json', ({ changes: _, ...value }: Value) => ({ ...value, changes: [] })),
    /^reviewA was not shown the patch of box-a\S* that is opened$/,
  ],
  'a plan of another text': [
    'plan',
    editing('input.json', ({ spec, ...value }: Value) => ({
      ...value,
      spec: { ...spec, title: 'x' },
    })),
    /^the plan of box-a\S* was not made from one as it was decided$/,
  ],
  'tests that left nothing': ['test', () => undefined, /^one\/box-a\S*\/test left no bundle$/],
};

test('what a night leaves is a chain', async (t) => {
  const { night, traces, decided, decision } = await worked;
  t.deepEqual(
    decision.units.map(({ state }) => state),
    ['approved', 'red'],
  );
  t.is(doubtChain(traces, night, decided, decision), undefined);
});

for (const [what, [node, change, reason]] of Object.entries(changes)) {
  test(`${what} breaks the chain`, async (t) => {
    const { night, traces, decided, decision } = await worked;
    const read = (address: BundleAddress): Bundle | undefined => {
      const bundle = traces.read(address);
      return bundle && address.node === node ? change(bundle) : bundle;
    };
    t.regex(doubtChain({ read }, night, decided, decision) ?? '', reason);
  });
}
