// SPDX-License-Identifier: GPL-3.0-only
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { extendLedger, readLedger } from '../../../src/review/kappa/ledger.ts';
import type { Pair, Verdict } from '../../../src/review/schema.ts';
import { extendSealed, sealAsIs } from '../../../src/trace/sign/seal.ts';
import { makeRepository } from '../../workspace/with-repository.ts';
import { tinyConfig, tinyHouse, tinySpec } from '../support/tiny-house.ts';
import {
  type House,
  houseIn,
  makeHouse,
  nodesOf,
  passExams,
  reviewerDigests,
} from '../support/with-night.ts';

const one = { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

/** Judgements of earlier nights, in the ledger. */
const judged = async (
  { folder, state }: House,
  verdicts: readonly (readonly [Verdict, Verdict])[],
): Promise<void> => {
  const [a = '', b = ''] = await reviewerDigests(folder, state, 'tiny');
  const pairs = verdicts.map(
    ([first, second], index): Pair => ({
      ...{ source: 'live', night: '2026-10-01', spec: 'past', unit: `unit-${index}` },
      runtimes: [a, b],
      verdicts: [first, second],
    }),
  );
  await extendLedger(state.root, pairs, extendSealed(state.root));
};

const times = <Value>(count: number, value: Value): readonly Value[] =>
  Array.from({ length: count }, () => value);

test.serial('two reviewers that approve everything open nothing at all', async (t) => {
  const repository = makeRepository(t, {
    ...tinyHouse,
    ...one,
    'specs/two.yaml': tinySpec('cup/'),
    'cup/a.txt': 'a\n',
  });
  const house = houseIn(t, repository);
  const { summary, said, folder } = await house.night();
  t.deepEqual(house.branches(), []);
  t.is(summary.counts.redBins, 2);
  const worked = nodesOf(folder).filter(({ node, status }) => node === 'work' && status === 'ok');
  t.deepEqual(worked, []);
  for (const { reason, unitDetails } of summary.specs) {
    t.regex(
      reason,
      /reviewA failed the code exam after \d+ of 200 patches: 11 bad patches approved/,
    );
    t.regex(reason, /nothing was worked$/);
    t.deepEqual(unitDetails, []);
  }
  // How far it is, it says where that takes long.
  const [first, ...rest] = said.filter((line) => !line.includes(' patches judged; '));
  t.is(first, 'Examining the reviewers on 200 code patches.');
  // Both sat it, and the night says that neither counts.
  t.is(rest.length, 2);
  for (const [index, line] of rest.entries()) {
    t.regex(
      line,
      /^tiny: review[AB] failed the code exam after \d+ of 200 .*\. It has no vote tonight\.$/,
    );
    t.true(line.includes(index === 0 ? 'reviewA' : 'reviewB'));
  }
  const [reviewers] = summary.reviewers;
  t.deepEqual(
    reviewers?.exams.map(({ passed }) => passed),
    [false, false],
  );
  // With 11 of the 100 bad ones approved, 0.9 of them cannot be caught any more.
  for (const { falseApprovals, asked, of } of reviewers?.exams ?? []) {
    t.deepEqual([falseApprovals, of], [11, 200]);
    t.true(asked >= 11 && asked < 100, `${asked} asked`);
  }
  // The failed exam is not sat again, and the pull request does not come by waiting.
  const second = await house.night({ retry: 'one' });
  t.deepEqual(second.said, rest);
  t.is(second.spec('one').outcome, 'red-bin');
  t.deepEqual(house.branches(), []);
});

test('an exam that only one of the two passed is not enough', async (t) => {
  const repository = makeRepository(t, { ...tinyHouse, ...one });
  const house = houseIn(t, repository);
  const { folder } = repository;
  await passExams(folder, house.state, ['tiny']);
  const [, b = ''] = await reviewerDigests(folder, house.state, 'tiny');
  await passExams(folder, house.state, ['tiny'], { runtime: b, falseApprovals: 11, recall: 0.89 });
  const { spec } = await house.night();
  t.is(spec('one').outcome, 'red-bin');
  t.regex(spec('one').reason, /reviewB failed the code exam: 11 bad patches approved/);
});

test('reviewers that come to no verdict have rejected nothing, and the night says so', async (t) => {
  const silent = "export const answer = () => 'I would rather not say.';\n";
  const repository = makeRepository(t, {
    ...tinyHouse,
    ...one,
    'agents/reviewer/rules/a.js': silent,
    'agents/reviewer/rules/b.js': `// another\n${silent}`,
  });
  const { summary, said } = await houseIn(t, repository).night();
  t.regex(
    said.find((line) => line.includes('reviewA failed')) ?? '',
    /failed the code exam after (\d+) of 200 patches: 0 bad patches approved, 12 good ones rejected \(no verdict on \1: \1 schema\)\. It has no vote/,
  );
  const [exam] = summary.reviewers[0]?.exams ?? [];
  t.deepEqual(exam?.unanswered, { schema: exam?.asked });
});

test('a certificate of another runtime counts for nothing', async (t) => {
  const house = await makeHouse(t, one);
  // The same words, another prompt: another reviewer.
  house.commit({ 'agents/reviewer/prompt.md': 'Say what the file says, gently.\n' });
  const { spec, said } = await house.night();
  t.is(said[0], 'Examining the reviewers on 200 code patches.');
  t.regex(spec('one').reason, /failed the code exam .*nothing was worked$/);
});

test('one specialist with two seeds is one yes', async (t) => {
  const house = await makeHouse(t, {
    ...one,
    'pantheon.yaml': tinyConfig().replace(
      /\[ \{ engine: rules, rules: a \},.*\]/,
      '[ { rules: a, seed: 1 }, { rules: a, seed: 2 } ]',
    ),
  });
  const { spec } = await house.night();
  t.is(spec('one').outcome, 'red-bin');
  t.regex(spec('one').reason, /seeds do not differ|different seeds count only .*/);
  t.regex(spec('one').reason, /both reviewers run the same weights or rules/);
});

test('the same rules under two names are one yes', async (t) => {
  const house = await makeHouse(t, {
    ...one,
    'agents/reviewer/rules/b.js': tinyHouse['agents/reviewer/rules/a.js'] ?? '',
  });
  t.regex((await house.night()).spec('one').reason, /their seeds do not differ|count only above/);
});

test('a collapse of kappa is tried again every night, and forgiven when it is mended', async (t) => {
  const house = await makeHouse(t, one);
  await judged(house, [
    ...times(10, ['approve', 'reject'] as const),
    ...times(10, ['approve', 'approve'] as const),
  ]);
  const { spec, summary } = await house.night();
  t.is(summary.reviewers[0]?.state, 'halt', summary.reviewers[0]?.line);
  t.is(spec('one').outcome, 'red-bin');
  t.regex(spec('one').reason, /kappa is .* below the halt line/);
  t.regex(spec('one').reason, /kappa is -?0\.\d\d over 24 pairs, below the halt line of 0\.4/);
  t.is((await house.night()).spec('one').outcome, 'red-bin');
  rmSync(join(house.state.root, 'ledger.jsonl'));
  rmSync(join(house.state.root, 'exams.jsonl'));
  sealAsIs(house.state.root);
  await passExams(house.folder, house.state, ['tiny']);
  t.is((await house.night()).spec('one').outcome, 'pull-request');
});

test('the ledger gets one pair for each patch that both judged, after publishing', async (t) => {
  const house = await makeHouse(t, {
    ...one,
    'box/b.txt': 'b lines 1 REJECT-B no\n',
    'box/c.txt': 'c fail no\n',
    'box/d.txt': 'd keep\n',
  });
  const live = async () =>
    (await readLedger(house.state.root)).filter(({ source }) => source === 'live');
  let during: readonly Pair[] = [];
  const { spec } = await house.night({
    watch: {
      node: () => {},
      spec: () => {
        live().then((pairs) => {
          during = pairs;
        });
      },
    },
  });
  const unit = (path: string) => spec('one').unitDetails.find(({ paths }) => paths[0] === path)?.id;
  t.deepEqual(during, []);
  t.deepEqual(
    (await live()).map(({ unit, verdicts, night, spec }) => [night, spec, unit, ...verdicts]),
    [
      ['2026-11-01', 'one', unit('box/a.txt'), 'approve', 'approve'],
      ['2026-11-01', 'one', unit('box/b.txt'), 'approve', 'reject'],
    ],
  );
});

test('what breaks only together is opened by nobody', async (t) => {
  const house = await makeHouse(t, {
    ...one,
    'box/a.txt': 'a lines 1 BREAKS-JOIN\n',
    'box/b.txt': 'b lines 1\n',
  });
  const { spec } = await house.night();
  t.is(spec('one').outcome, 'red-bin');
  t.is(spec('one').reason, 'the joined tree fails its tests: box/a.txt breaks it');
  t.deepEqual(
    spec('one').unitDetails.map(({ state, code }) => `${state} ${code}`),
    ['red gate.joined-tests', 'red gate.joined-tests'],
  );
  t.deepEqual(house.branches(), []);
});

test('a spec may raise the limits up to the ceiling, and no further', async (t) => {
  const ceiling = 'gate: { maxLines: 60, ceiling: { maxLines: 90 } }\n';
  const house = await makeHouse(t, {
    'pantheon.yaml': tinyConfig(ceiling),
    'specs/one.yaml': tinySpec('box/'),
    'specs/raised.yaml': tinySpec('box/', 'limits: { maxLines: 90 }\n'),
    'specs/more.yaml': tinySpec('box/', 'limits: { maxLines: 91 }\n'),
    'box/a.txt': 'a lines 40\n',
    'box/b.txt': 'b lines 40\n',
  });
  const { spec } = await house.night();
  t.is(spec('one').outcome, 'red-bin');
  t.regex(spec('one').reason, /^the patch changes 80 lines; the limit is 60/);
  t.is(spec('raised').outcome, 'pull-request');
  t.regex(spec('more').reason, /^plan: limits\.maxLines is 91; the ceiling is 90/);
});
