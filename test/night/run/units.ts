// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { FindingCode } from '../../../src/data/findings/table.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { tinyFlow, tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse, nodesOf, type Worked } from '../support/with-night.ts';

/** `node: status` with the reason, of one file's unit, in the order of the journal. */
const linesOf = ({ folder, spec }: Worked, id: string, path: string): readonly string[] => {
  const unit = spec(id).unitDetails.find(({ paths }) => paths[0] === path)?.id;
  return nodesOf(folder)
    .filter((record) => record.unit === unit)
    .map(({ node, status, reason }) => `${node} ${status}${reason ? `: ${reason}` : ''}`);
};

const ok = ['work ok', 'test ok', 'reviewA ok', 'reviewB ok'];
const after = (...nodes: readonly string[]) => nodes;
const rulesOut = after(
  'work failed: the rules failed: the rules are out',
  'test skipped: work failed: the rules failed: the rules are out',
  'reviewA skipped: work failed: the rules failed: the rules are out',
  'reviewB skipped: work failed: the rules failed: the rules are out',
);

type Row = {
  readonly order: string;
  readonly flow?: Parameters<typeof tinyFlow>[0];
  /** Sorted lines of the journal. */
  readonly lines: readonly string[];
  readonly state: 'approved' | 'red' | 'skipped';
  readonly at?: string;
  readonly code?: FindingCode;
  readonly reason?: RegExp;
  /** The flow stops every unit. */
  readonly all?: true;
};

const rows: Readonly<Record<string, Row>> = {
  'what is done and approved by both is approved': { order: '', lines: ok, state: 'approved' },
  'a worker that gives up stops its unit': {
    order: 'fail no idea',
    lines: after(
      'work failed: no idea',
      'test skipped: work failed: no idea',
      'reviewA skipped: work failed: no idea',
      'reviewB skipped: work failed: no idea',
    ),
    state: 'red',
    at: 'work',
    code: 'agent.declined',
    reason: /^no idea$/,
  },
  'red tests stop the unit before any reviewer is asked': {
    order: 'lines 1 BREAKS-TESTS',
    lines: after(
      'work ok',
      'test failed: box/it.txt breaks it',
      'reviewA skipped: test failed: box/it.txt breaks it',
      'reviewB skipped: test failed: box/it.txt breaks it',
    ),
    state: 'red',
    at: 'test',
    code: 'test.failed',
  },
  'one reviewer’s reject is a node that ended well': {
    order: 'lines 1 REJECT-A not like this',
    lines: ok,
    state: 'red',
    at: 'gate',
    code: 'gate.rejected',
    reason: /^rejected by reviewA: not like this$/,
  },
  'the other reviewer’s reject weighs the same': {
    order: 'lines 1 REJECT-B nor like this',
    lines: ok,
    state: 'red',
    at: 'gate',
    code: 'gate.rejected',
    reason: /^rejected by reviewB: nor like this$/,
  },
  'a secret is refused and not repeated': {
    order: 'key',
    lines: after(
      'work failed: box/it.txt:2 of the patch contains what looks like an AWS access key',
      'test skipped: work failed: box/it.txt:2 of the patch contains what looks like an AWS access key',
      'reviewA skipped: work failed: box/it.txt:2 of the patch contains what looks like an AWS access key',
      'reviewB skipped: work failed: box/it.txt:2 of the patch contains what looks like an AWS access key',
    ),
    state: 'red',
    at: 'work',
    code: 'secret.in-patch',
    reason: /^\S+\/it\.txt:2 of the patch (?!.*AKIA)/,
  },
  'nothing to do is no failure': {
    order: 'keep',
    lines: ok,
    state: 'skipped',
    code: 'gate.unchanged',
  },
  'an engine fault is a failure': {
    order: 'throw 1',
    lines: rulesOut,
    state: 'red',
    at: 'work',
    code: 'engine.failed',
  },
  'retries outlast as many engine faults': {
    order: 'throw 2',
    flow: { work: ', retries: 2' },
    lines: ok,
    state: 'approved',
  },
  'and not one more': {
    order: 'throw 3',
    flow: { work: ', retries: 2' },
    lines: rulesOut,
    state: 'red',
    at: 'work',
    code: 'engine.failed',
  },
  'a node past its time is stopped': {
    order: 'slow 30000',
    flow: { work: ', timeout: 10s' },
    lines: after(
      'work failed',
      'test skipped: work failed',
      'reviewA skipped: work failed',
      'reviewB skipped: work failed',
    ),
    state: 'red',
    at: 'work',
    code: 'agent.timeout',
  },
  'a node whose condition holds runs': {
    order: '',
    flow: { reviewB: ', when: "test.result.passed == 1"' },
    lines: ok,
    state: 'approved',
  },
  'a node whose condition does not hold is skipped, and two yeses are still needed': {
    order: '',
    flow: { reviewB: ', when: "test.result.passed == 2"' },
    lines: after(
      'work ok',
      'test ok',
      'reviewA ok',
      'reviewB skipped: its condition does not hold: test.result.passed == 2',
    ),
    state: 'red',
    at: 'gate',
    code: 'gate.reviews',
    reason: /^two reviews are needed; this unit has 1$/,
    all: true,
  },
  'tests that were skipped by a condition approve nothing': {
    order: '',
    flow: { test: ', when: "work.status == nope"' },
    lines: after(
      'work ok',
      'test skipped: its condition does not hold: work.status == nope',
      'reviewA skipped: its condition does not hold: work.status == nope',
      'reviewB skipped: its condition does not hold: work.status == nope',
    ),
    state: 'red',
    at: 'gate',
    code: 'gate.tests',
    all: true,
  },
};

const ids = new Map(Object.keys(rows).map((title, index) => [title, `unit-${index}`]));
const shared = wholeFile();

/** A night with a spec and a flow of its own for each row. */
const worked = (async () => {
  const files = Object.entries(rows).map(([title, { order, flow }]): Files => {
    const id = ids.get(title) ?? '';
    return {
      [`specs/${id}.yaml`]: tinySpec(`${id}/`, `flow: ${id}\n`),
      [`flows/${id}.yaml`]: tinyFlow(flow).replace('name: tiny', `name: ${id}`),
      [`${id}/it.txt`]: `${id} ${order}\n`,
      [`${id}/peer.txt`]: 'peer\n',
    };
  });
  const house = await makeHouse(shared, Object.assign({}, ...files));
  return { house, end: await house.night() };
})();

for (const [title, row] of Object.entries(rows)) {
  test(title, async (t) => {
    const { house, end } = await worked;
    const id = ids.get(title) ?? '';
    const lines = linesOf(end, id, `${id}/it.txt`);
    t.deepEqual(
      lines
        .map((line) => (row.code === 'agent.timeout' ? line.replace(/failed: .*/, 'failed') : line))
        .sort(),
      row.lines.map((line) => line.replace('box/', `${id}/`)).sort(),
    );
    const { outcome, branch, unitDetails } = end.spec(id);
    const unit = unitDetails.find(({ paths }) => paths[0] === `${id}/it.txt`);
    t.is(unit?.state, row.state);
    t.is(unit?.node, row.at);
    t.is(unit?.code, row.code);
    if (row.reason) t.regex(unit?.reason ?? '', row.reason);
    // Whatever becomes of it, its peer is approved and opened without it.
    t.is(outcome, row.all ? 'red-bin' : 'pull-request');
    if (row.all) return t.is(branch, null);
    const opened = house
      .run(['diff', '--name-only', 'main', branch ?? ''])
      .trim()
      .split('\n');
    const expected = [...(row.state === 'approved' ? ['it'] : []), 'peer'];
    t.deepEqual(
      opened,
      expected.map((name) => `${id}/${name}.txt`),
    );
  });
}

test('only engine faults are tried again', async (t) => {
  const house = await makeHouse(t, {
    'specs/one.yaml': tinySpec('box/'),
    'flows/tiny.yaml': tinyFlow({ work: ', retries: 5' }),
    'box/fault.txt': 'tried-fault count\n',
    'box/no.txt': 'tried-no refuse\n',
    'box/prose.txt': 'tried-prose babble 9\n',
  });
  const { spec } = await house.night();
  const reasonOf = (code: FindingCode) =>
    spec('one').unitDetails.find((unit) => unit.code === code)?.reason;
  t.regex(reasonOf('engine.failed') ?? '', /the rules are out, asked 6 times/);
  t.is(reasonOf('agent.declined'), 'no, asked 1 times');
  // Told what was wrong within one run, as often as the agent's limits allow.
  t.regex(reasonOf('loop.schema') ?? '', /^3 bad steps/);
  t.deepEqual(
    spec('one')
      .unitDetails.map(({ code }) => code)
      .sort(),
    ['agent.declined', 'engine.failed', 'loop.schema'],
  );
});

test('a plan that fails leaves the gate unasked, and says why', async (t) => {
  const house = await makeHouse(t, {
    'specs/one.yaml': tinySpec('nowhere/*.txt'),
    'box/a.txt': 'a\n',
  });
  const { spec, folder } = await house.night();
  t.is(spec('one').outcome, 'red-bin');
  t.regex(spec('one').reason, /^plan: the scope "nowhere\/\*\.txt" matches no file/);
  t.deepEqual(
    nodesOf(folder).map(({ node, status }) => `${node} ${status}`),
    ['plan failed', 'merge skipped'],
  );
  t.regex(nodesOf(folder)[1]?.reason ?? '', /^plan failed: the scope/);
});
