// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { ancestors, descendants, findCycle, flowOrder } from '../../src/flow/graph.ts';
import { graphText } from '../../src/flow/graph-text.ts';
import { evaluateWhen, parseWhen, type When } from '../../src/flow/when.ts';
import { odd } from './with-compile.ts';

const node = (id: string, ...inputs: readonly string[]) => ({
  id,
  agent: 'x',
  inputs: [...inputs],
});

const diamond = [node('d', 'b', 'c'), node('b', 'a'), node('c', 'a'), node('a', 'root')];

test('orders nodes after their inputs and else as the file does', (t) => {
  t.deepEqual(
    flowOrder({ nodes: diamond }).map(({ id }) => id),
    ['a', 'b', 'c', 'd'],
  );
});

test('knows what comes before and after a node', (t) => {
  t.deepEqual([...ancestors(diamond, 'd')].sort(), ['a', 'b', 'c']);
  t.deepEqual([...ancestors(diamond, 'a')], []);
  t.deepEqual([...descendants(diamond, 'a')].sort(), ['b', 'c', 'd']);
  t.deepEqual([...descendants(diamond, 'd')], []);
});

/** Nodes n0 to n<k>, each taking any of the earlier ones: never a cycle. */
const forward = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    rows.map((picks, at) =>
      node(
        `n${at}`,
        ...(at === 0 ? ['root'] : [...new Set(picks.map((pick) => `n${pick % at}`)), 'n0']),
      ),
    ),
  );

test('any forward graph has an order and no cycle', (t) => {
  fc.assert(
    fc.property(forward, fc.infiniteStream(fc.nat()), (nodes, seeds) => {
      const shuffled = nodes
        .map((value) => ({ value, rank: seeds.next().value ?? 0 }))
        .sort((left, right) => left.rank - right.rank)
        .map(({ value }) => value);
      t.is(findCycle(shuffled), undefined);
      const order = flowOrder({ nodes: shuffled }).map(({ id }) => id);
      t.is(order.length, nodes.length);
      for (const { id, inputs } of shuffled) {
        for (const input of inputs) {
          if (input !== 'root') t.true(order.indexOf(input) < order.indexOf(id));
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('an edge back closes a cycle that is found and followed by the data', (t) => {
  fc.assert(
    fc.property(forward, (nodes) => {
      const last = nodes.at(-1)?.id ?? '';
      const looped = nodes.map((one) => (one.id === 'n0' ? node('n0', last) : one));
      const cycle = findCycle(looped) ?? [];
      t.is(cycle[0], cycle.at(-1));
      for (const [at, id] of cycle.slice(1).entries()) {
        t.true(looped.find((one) => one.id === id)?.inputs.includes(cycle[at] ?? ''));
      }
    }),
    { numRuns: 100 },
  );
  t.throws(() => flowOrder({ nodes: [node('a', 'b'), node('b', 'a')] }), { message: /cycle/ });
});

test('a flow as a picture', (t) => {
  const when = {
    ...odd,
    nodes: odd.nodes.map((one) => ({ ...one, ...(one.id === '1st' && { when: 'a.b.x == "#1"' }) })),
  };
  t.is(
    graphText(when),
    [
      'flowchart LR',
      '  spec(["spec"])',
      '  n0["a.b<br/>x"]',
      '  n1["a-b<br/>x"]',
      '  n2["1st<br/>x"]',
      '  n3["report<br/>x"]',
      '  spec --> n0',
      '  n0 --> n1',
      '  n0 -->|"a.b.x == #quot;#35;1#quot;"| n2',
      '  n1 --> n3',
      '  n2 --> n3',
      '  n3 --> pr(["pull request"])',
      '',
    ].join('\n'),
  );
});

const ids = ['plan', 'plan.validate', 'test', 'constructor'];

const parses = test.macro({
  exec(t, text: string, node: string, field: readonly string[], literal: When['literal']) {
    t.deepEqual(parseWhen(text, ids), { node, field, literal } as When);
  },
  title: (_, text) => `reads ${text}`,
});

test(parses, 'test.status == ok', 'test', ['status'], 'ok');
test(parses, '  test.status=="fail" ', 'test', ['status'], 'fail');
test(parses, "test.notes == 'two words'", 'test', ['notes'], 'two words');
test(parses, 'plan.validate.status == ok', 'plan.validate', ['status'], 'ok');
test(parses, 'plan.result.units == 3', 'plan', ['result', 'units'], 3);
test(parses, 'test.result.0.done == true', 'test', ['result', '0', 'done'], true);
test(parses, 'test.result.why == null', 'test', ['result', 'why'], null);
test(parses, 'test.metrics.share == -0.5e1', 'test', ['metrics', 'share'], -5);
test(parses, 'test.notes == "a == b"', 'test', ['notes'], 'a == b');

const refuses = test.macro({
  exec(t, text: string, says: RegExp) {
    t.throws(() => parseWhen(text, ids), { instanceOf: SyntaxError, message: says });
  },
  title: (_, text) => `refuses ${JSON.stringify(text)}`,
});

test(refuses, '', /Write `<node>/);
test(refuses, 'test.status', /Write `<node>/);
test(refuses, 'test.status = ok', /Write `<node>/);
test(refuses, 'test.status == ', /Write `<node>/);
test(refuses, 'test.status != ok', /Write `<node>/);
test(refuses, 'test == ok', /does not begin with the id of a node/);
test(refuses, 'tst.status == ok', /does not begin with the id of a node/);
test(refuses, 'test. == ok', /names no field/);
test(refuses, 'test..status == ok', /names no field/);
test(refuses, 'test.status == ok && test.x == 1', /is not a literal/);
test(refuses, 'test.status == [1]', /is not a literal/);
test(refuses, 'test.status == process.exit()', /is not a literal/);

const outputs = { test: { status: 'ok', result: { verdict: 'approve', list: [1], '': 0 } } };

const holds = test.macro({
  exec(t, text: string, expected: boolean) {
    t.is(evaluateWhen(parseWhen(text, ids), outputs), expected);
  },
  title: (_, text, expected) => `${text} is ${expected}`,
});

test(holds, 'test.status == ok', true);
test(holds, 'test.status == fail', false);
test(holds, 'test.result.verdict == approve', true);
test(holds, 'test.result.list.0 == 1', true);
test(holds, 'test.result.list.0 == "1"', false);
test(holds, 'test.result.none == null', false);
test(holds, 'plan.status == ok', false);
test(holds, 'test.constructor.name == Object', false);
test(holds, 'constructor.name == Object', false);
test(holds, 'test.status.length == 2', false);
