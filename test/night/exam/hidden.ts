// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { replay } from '../../../src/night/replay.ts';
import { isShownWay } from '../../../src/review/exam/compose-exam.ts';
import { readLedger } from '../../../src/review/kappa/ledger.ts';
import { hiddenPatchSchema } from '../../../src/review/schema.ts';
import type { Bundle } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { type House, makeHouse, nodesOf, type Worked } from '../support/with-night.ts';

/** A spec of so many units, in a folder of its own. */
const specOf = (name: string, units: number) => ({
  [`specs/${name}.yaml`]: tinySpec(`${name}/`, 'limits: { maxFiles: 100 }\n'),
  ...Object.fromEntries(
    Array.from({ length: units }, (_, at) => [`${name}/${at}.txt`, `${name}-${at}\n`]),
  ),
});

/** Whatever an exam asks, said instead of a verdict; of units it approves. */
const sayingOfExams = (code: string) =>
  ['A', 'B'].map((name) => {
    const [path, source] = [
      `agents/reviewer/rules/${name.toLowerCase()}.js`,
      String(tinyHouse[`agents/reviewer/rules/${name.toLowerCase()}.js`]),
    ];
    const says = `if (!task.includes('"title":"Say done in')) ${code};`;
    return [path, source.replace('const [, words]', `${says}\n  const [, words]`)] as const;
  });

const bundlesOf = ({ folder }: Worked, spec: string): readonly Bundle[] => {
  const traces = openTraces(folder);
  return traces.list(spec).flatMap((address) => traces.read(address) ?? []);
};

const hiddenIn = (worked: Worked, spec: string): readonly Bundle[] =>
  bundlesOf(worked, spec).filter(({ files }) => files['exam.json'] !== undefined);

const hiddenPairsIn = async ({ state }: House) =>
  (await readLedger(state.root)).filter(({ source }) => source === 'hidden');

test('a tenth of the review calls are patches of an exam, and none of them is opened', async (t) => {
  const house = await makeHouse(t, specOf('box', 25));
  const worked = await house.night();
  const { summary, folder, spec } = worked;
  t.is(spec('box').outcome, 'pull-request');
  const hidden = hiddenIn(worked, 'box');
  const patches = new Set(hidden.map(({ address }) => address.unit));
  t.true(patches.size === 2 || patches.size === 3, `${patches.size}`);
  t.is(hidden.length, 2 * patches.size, 'both reviewers are asked');
  const [flow] = summary.reviewers;
  const facts = hidden.map(({ files }) =>
    hiddenPatchSchema.parse(JSON.parse(files['exam.json'] ?? '')),
  );
  t.true(facts.every(({ truth, way }) => truth === 'good' || isShownWay(way)));
  const bad = facts.filter(({ truth }) => truth === 'bad').length / 2;
  t.like(flow?.hidden, { patches: patches.size, bad });
  const wrongOf = (node: string, truth: string, verdict: string): number =>
    hidden.filter(
      ({ address, files }) =>
        address.node === node &&
        files['exam.json']?.includes(`"truth":"${truth}"`) &&
        files['review.json']?.includes(`"verdict":"${verdict}"`),
    ).length;
  t.deepEqual(
    flow?.hidden?.reviewers,
    ['reviewA', 'reviewB'].map((reviewer) => ({
      reviewer,
      falseApprovals: wrongOf(reviewer, 'bad', 'approve'),
      falseRejections: wrongOf(reviewer, 'good', 'reject'),
    })),
  );
  // In the journal as any step, and in no plan, decision, summary or commit.
  const steps = nodesOf(folder).filter(({ unit }) => patches.has(unit));
  t.deepEqual(
    steps.map(({ status }) => status),
    hidden.map(() => 'ok'),
  );
  const units = Array.from({ length: 25 }, (_, at) => `box/${at}.txt`).sort();
  t.deepEqual(
    spec('box')
      .unitDetails.flatMap(({ paths }) => paths)
      .sort(),
    units,
  );
  const gate = bundlesOf(worked, 'box').find(({ address }) => address.node === 'merge');
  t.false(Object.values(gate?.files ?? {}).some((text) => text.includes('_exam-')));
  t.false(gate?.facts.inputs.some(({ unit }) => patches.has(unit)));
  const [branch = ''] = house.branches();
  t.deepEqual(house.branches(), [branch]);
  t.deepEqual(house.run(['diff', '--name-only', 'main', branch]).trim().split('\n').sort(), units);
  t.deepEqual(
    (await hiddenPairsIn(house)).map(({ unit }) => unit).sort(),
    [...patches].map((unit) => `box/${unit}`).sort(),
  );
});

test('what a reviewer said of a hidden patch is repeated as any step', async (t) => {
  const house = await makeHouse(t, specOf('box', 25));
  const worked = await house.night();
  const options = { repository: house.folder, state: house.state, folder: worked.folder };
  const { signal } = new AbortController();
  const hidden = hiddenIn(worked, 'box');
  t.true(hidden.length > 0);
  for (const bundle of hidden) {
    t.deepEqual(await replay({ ...options, bundle, signal }), { differences: [], changed: [] });
  }
});

test('who approves bad patches together opens nothing from the night on that knows of five', async (t) => {
  const house = await makeHouse(t, specOf('spec-0', 60));
  for (let night = 0; ; night += 1) {
    const known = (await hiddenPairsIn(house)).filter(
      ({ truth, verdicts }) => truth === 'bad' && !verdicts.includes('reject'),
    ).length;
    const { spec } = await house.night();
    const { outcome, reason } = spec(`spec-${night}`);
    if (known < 5) {
      t.is(outcome, 'pull-request', `${known} are known`);
    } else {
      t.regex(reason, new RegExp(`err together: ${known} of \\d+ .*; nothing was worked$`));
      break;
    }
    t.true(night < 8);
    house.commit(specOf(`spec-${night + 1}`, 60));
  }
});

test('a reviewer that comes to no verdict on one has rejected it', async (t) => {
  const house = await makeHouse(t, {
    ...specOf('box', 20),
    ...Object.fromEntries(sayingOfExams("return 'I would rather not say.'")),
  });
  const { summary, spec } = await house.night();
  t.is(spec('box').outcome, 'pull-request');
  const { patches = 0, bad = 0, reviewers = [] } = summary.reviewers[0]?.hidden ?? {};
  t.true(patches > 0);
  for (const { falseApprovals, falseRejections, unanswered, broken } of reviewers) {
    t.deepEqual(
      { falseApprovals, falseRejections, unanswered, broken },
      {
        falseApprovals: 0,
        falseRejections: patches - bad,
        unanswered: { schema: patches },
        broken: undefined,
      },
    );
  }
  t.deepEqual(
    (await hiddenPairsIn(house)).flatMap(({ verdicts }) => verdicts),
    Array.from({ length: 2 * patches }, () => 'reject'),
  );
});

test('an engine that fails on one says nothing about its reviewer', async (t) => {
  const house = await makeHouse(t, {
    ...specOf('box', 20),
    ...Object.fromEntries(sayingOfExams("throw new Error('the rules are out')")),
  });
  const { summary, spec } = await house.night();
  t.is(spec('box').outcome, 'pull-request');
  const { patches = 0, reviewers = [] } = summary.reviewers[0]?.hidden ?? {};
  t.true(patches > 0);
  for (const one of reviewers) {
    t.like(one, { falseApprovals: 0, falseRejections: 0, broken: patches });
  }
  t.deepEqual(await hiddenPairsIn(house), []);
});
