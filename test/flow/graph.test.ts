// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import {
  ancestors,
  descendants,
  findCycle,
  flowOrder,
  nodesOfAgent,
} from '../../src/flow/graph.ts';

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

test('finds the nodes of an agent in the order of the file', (t) => {
  t.deepEqual(
    nodesOfAgent({ nodes: diamond }, 'x').map(({ id }) => id),
    ['d', 'b', 'c', 'a'],
  );
  t.deepEqual(nodesOfAgent({ nodes: diamond }, 'y'), []);
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
