// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';

import test from 'ava';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import { findCases, flowsOf } from '../../../src/night/trial/eval-cases.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { tinySpec } from '../../night/support/tiny-house.ts';
import { makeHouse } from '../../night/support/with-night.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

const script = `
import { writeEval, readEval } from ${JSON.stringify(new URL('../../../src/learn/eval/kept-eval.ts', import.meta.url).href)};
const digest = 'a'.repeat(64);
const result = (count) => ({
  version: 1, agent: 'a', candidate: { version: 1, adapter: digest, base: { name: 'b', digest }, dataset: digest },
  incumbent: { name: 'rules' }, profile: 'p', evaluator: digest, heldOut: null, startedAt: '2026-11-20T12:00:00Z',
  cases: Array.from({ length: count }, (_, at) => ({ id: 'c' + at, kind: 'guard', spec: digest, base: 'b' })),
});
const place = process.argv[1];
writeEval(place, { result: result(1), specs: [] });
try { writeEval(place, { result: result(5000), specs: [] }); } catch (error) { console.log(error.name + ' ' + error.message); }
console.log(readEval(place).result.cases.length);
`;

confinedTest('a full disk leaves the last whole result', (t) => {
  const place = temporaryFolder(t);
  const said = execFileSync('bwrap', [
    ...['--dev-bind', '/', '/', '--size', '131072', '--tmpfs', place],
    ...[process.execPath, '--input-type=module', '--eval', script, place],
  ]).toString();
  t.regex(
    said,
    /^\w*Error .*result\.json: cannot be written: the disk is full\. What was there is as it was\n1\n$/,
  );
});

test('cases are what nights worked, as it was then, without what was learned from', async (t) => {
  const names = ['one', 'two', 'three', 'four'];
  const house = await makeHouse(
    t,
    Object.assign(
      {},
      ...names.map((id) => ({
        [`specs/${id}.yaml`]: tinySpec(`${id}/`),
        [`${id}/a.txt`]: `${id}\n`,
      })),
    ),
  );
  const { folder, summary } = await house.night();
  house.commit({ 'one/a.txt': 'another\n' });
  const repository = await resolveRepository(house.folder);
  const base = await openBaseTree(repository.root, repository.head);
  const commit = await readCommit(base);
  const told: string[] = [];
  const find = async (heldOut: number, learned: readonly string[] | undefined) =>
    findCases(commit, await flowsOf(commit, 'tiny.worker'), {
      ...{ repository, state: house.state, nights: [folder] },
      ...{ heldOut, learned, specs: undefined, guards: undefined },
      say: (line) => told.push(line),
    });
  const cases = await find(0.999999, ['two']);
  t.deepEqual(
    cases.map(({ spec, kind, on }) => [spec.id, kind, on]),
    ['four', 'one', 'three'].map((id) => [id, 'held-out', { commit: summary.base }]),
  );
  t.deepEqual(told, ['1 spec left out: the adapter has learned from them.']);
  t.deepEqual(await find(0, []), []);
  await base.close();
  await t.throwsAsync(flowsOf(commit, 'tiny.nobody'), {
    message: /no flow has a node of "tiny\.nobody"/,
  });
});
