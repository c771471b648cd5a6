// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { type AgentVersion, emptyRegistry, withAgent } from '../../src/engine/models/registry.ts';
import type { KeptEval } from '../../src/learn/eval/kept-eval.ts';
import { usualBar } from '../../src/learn/promote/judge-eval.ts';
import { routableVersions } from '../../src/learn/route/evidence.ts';
import { judgeTable, type RoutePair } from '../../src/learn/route/judge-table.ts';
import {
  learnTable,
  priorSpecs,
  type RouteEpisode,
  routedVersion,
} from '../../src/learn/route/table.ts';

const terms = { champion: 1, leastSpecs: 5, isJudged: () => true };

/** So many specs with these chores, of which a version gets the first ones accepted. */
const worked = (
  chores: readonly string[],
  version: number,
  accepted: number,
  of: number,
): readonly RouteEpisode[] =>
  Array.from({ length: of }, (_, at) => ({
    ...{ spec: `${chores.join('-')}-${at}`, chores, version },
    accepted: at < accepted,
  }));

const choiceOf = (episodes: readonly RouteEpisode[], chores: readonly string[] = ['links']) =>
  routedVersion(learnTable(episodes, terms), chores, terms.champion);

const choices: Readonly<Record<string, readonly [readonly RouteEpisode[], number]>> = {
  'a version that does better': [[...worked(['links'], 1, 2, 8), ...worked(['links'], 2, 7, 8)], 2],
  'a version that does as well leaves it to the champion': [
    [...worked(['links'], 1, 4, 8), ...worked(['links'], 2, 4, 8)],
    1,
  ],
  'a version with too few specs': [
    [...worked(['links'], 1, 0, 8), ...worked(['links'], 2, 4, 4)],
    1,
  ],
  'a champion with too few specs': [
    [...worked(['links'], 1, 0, 4), ...worked(['links'], 2, 8, 8)],
    1,
  ],
  'other chores': [[...worked(['toc'], 1, 0, 8), ...worked(['toc'], 2, 8, 8)], 1],
  'a version that is worse everywhere else needs more': [
    [
      ...worked(['links'], 1, 4, 6),
      ...worked(['links'], 2, 5, 6),
      ...worked(['toc'], 1, 40, 40),
      ...worked(['toc'], 2, 0, 40),
    ],
    1,
  ],
  'a version that the champion beats nowhere else': [
    [...worked(['links'], 1, 4, 6), ...worked(['links'], 2, 5, 6)],
    2,
  ],
};

for (const [what, [episodes, choice]] of Object.entries(choices)) {
  test(`routed: ${what}`, (t) => t.is(choiceOf(episodes), choice));
}

test('chores are a set, in whatever order', (t) => {
  const episodes = [
    ...worked(['toc', 'links'], 1, 0, 8),
    ...worked(['links', 'toc'], 2, 8, 8),
    ...worked([], 1, 8, 8),
  ];
  const table = learnTable(episodes, terms);
  t.is(routedVersion(table, ['links', 'toc'], 1), 2);
  t.is(routedVersion(table, ['toc', 'links', 'toc'], 1), 2);
  t.is(routedVersion(table, ['links'], 1), 1);
  t.is(routedVersion(table, [], 1), 1);
});

test('an estimate is the posterior mean, and of a spec the last time counts', (t) => {
  const again = { spec: 'links-0', chores: ['links'], version: 1, accepted: false };
  const [row] = learnTable([...worked(['links'], 1, 6, 8), again], terms);
  const prior = 5.5 / 9;
  t.deepEqual(row?.versions, [
    { version: 1, specs: 8, accepted: 5, estimate: (5 + priorSpecs * prior) / (8 + priorSpecs) },
  ]);
});

const someChores = fc.uniqueArray(fc.constantFrom('links', 'toc', 'header'), { maxLength: 2 });
const someEpisodes = fc.array(
  fc.record({
    spec: fc.constantFrom(...'abcdefghijklmnop'),
    chores: someChores,
    version: fc.integer({ min: 1, max: 3 }),
    accepted: fc.boolean(),
  }),
  { maxLength: 80 },
);

test('a table chooses who has the highest estimate of those with enough, and shares are shares', (t) => {
  fc.assert(
    fc.property(someEpisodes, fc.integer({ min: 1, max: 6 }), (episodes, leastSpecs) => {
      for (const { versions, choice } of learnTable(episodes, { ...terms, leastSpecs })) {
        const enough = versions.filter(({ specs }) => specs >= leastSpecs);
        const champion = enough.find(({ version }) => version === 1);
        const chosen = enough.find(({ version }) => version === choice);
        if (choice !== 1) t.true((chosen?.estimate ?? 0) > (champion?.estimate ?? 1));
        for (const { specs, accepted, estimate } of versions) {
          t.true(accepted <= specs && estimate > 0 && estimate < 1);
          t.true(!champion || estimate <= (chosen?.estimate ?? 0) || specs < leastSpecs);
        }
      }
    }),
  );
});

const somePairs = fc.array(
  fc.record({
    spec: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
    kind: fc.constantFrom('held-out' as const, 'guard' as const),
    chores: someChores,
    version: fc.integer({ min: 2, max: 3 }),
    accepted: fc.boolean(),
    champion: fc.boolean(),
  }),
  { maxLength: 120 },
);

const asEpisodes = (pairs: readonly RoutePair[]): readonly RouteEpisode[] =>
  pairs
    .filter(({ kind }) => kind === 'held-out')
    .flatMap(({ spec, chores, version, accepted, champion }) => [
      { spec, chores, version, accepted },
      { spec, chores, version: 1, accepted: champion },
    ]);

test('regret is never below nothing, and adds up', (t) => {
  fc.assert(
    fc.property(somePairs, (pairs) => {
      const { regret, judged } = judgeTable(
        asEpisodes(pairs),
        pairs,
        { champion: 1, leastSpecs: 2 },
        usualBar,
      );
      t.true(regret.best >= regret.routed && regret.best >= regret.champion);
      t.true(regret.best <= regret.specs);
      const { both, candidate, incumbent, neither } = judged.pairs;
      t.is(both + candidate + incumbent + neither, regret.specs);
      t.is(both + candidate, regret.routed);
      t.is(both + incumbent, regret.champion);
      const heldOut = pairs.filter(({ kind }) => kind === 'held-out').map(({ spec }) => spec);
      t.is(regret.specs + regret.unseen, new Set(heldOut).size);
      const share = (regret.best - regret.routed) / (regret.specs || 1);
      t.true(Math.abs((regret.ofRoutes?.value ?? 0) - share) < 1e-9);
    }),
  );
});

/** A version that is better at one chore and worse at another. */
const specialist = (specs: number): readonly RoutePair[] =>
  ['links', 'toc'].flatMap((chore) =>
    Array.from({ length: specs }, (_, at) => ({
      ...{ spec: `${chore}-${at}`, kind: 'held-out' as const, chores: [chore], version: 2 },
      accepted: chore === 'links',
      champion: chore === 'toc',
    })),
  );

const judge = (
  pairs: readonly RoutePair[],
  episodes: readonly RouteEpisode[] = asEpisodes(pairs),
  leastSpecs = 5,
) => judgeTable(episodes, pairs, { champion: 1, leastSpecs }, usualBar);

test('a version that is better at one chore is routed to for that, and nothing is lost', (t) => {
  const { table, judged, regret } = judge(specialist(12));
  t.deepEqual(
    table.map(({ chores, choice }) => [chores, choice]),
    [
      [['links'], 2],
      [['toc'], 1],
    ],
  );
  t.like(judged, { verdict: 'PROMOTE', code: 'promote.better' });
  t.like(regret, { specs: 24, best: 24, routed: 24, champion: 12, unseen: 0 });
});

test('a spec is not judged by what was learned from it', (t) => {
  // Whoever gets a spec accepted is drawn by a coin: a table that is judged on its own specs looks good.
  const coins: readonly RoutePair[] = Array.from({ length: 60 }, (_, at) => ({
    ...{ spec: `s${at}`, kind: 'held-out' as const, chores: [`c${at % 30}`], version: 2 },
    accepted: at >= 30,
    champion: at < 30,
  }));
  const { judged, table } = judge(coins, asEpisodes(coins), 1);
  t.true(table.every(({ choice }) => choice === 1));
  t.not(judged.verdict, 'PROMOTE');
  const lone = coins.map((pair, at) => ({ ...pair, chores: [`c${at}`] }));
  const own = judge(lone, asEpisodes(lone), 1);
  t.true(
    own.table.some(({ choice }) => choice === 2),
    'it would seem better for its own specs',
  );
  t.is(own.judged.pairs.candidate, 0);
});

test('few specs are not enough, and a guard case that is lost refuses the table', (t) => {
  t.like(judge(specialist(6)).judged, { verdict: 'EXTEND', code: 'promote.few-pairs' });
  const guard: RoutePair = {
    ...{ spec: 'g', kind: 'guard', chores: ['links'], version: 2 },
    ...{ accepted: false, champion: true },
  };
  t.like(judge([...specialist(12), guard]).judged, {
    verdict: 'REJECT',
    code: 'promote.guard-worse',
    lost: ['g'],
  });
  const elsewhere = { ...guard, chores: ['toc'] };
  t.is(judge([...specialist(12), elsewhere]).judged.verdict, 'PROMOTE');
  // Just enough specs for the whole table: without those of its own tenth it would be the champion's.
  const own = { ...guard, spec: 'links-0' };
  t.deepEqual(judge([...specialist(5), own]).judged.lost, ['links-0']);
});

test('a version that only nights have worked is counted and not chosen', (t) => {
  const pairs = specialist(12);
  const { table } = judge(pairs, [...asEpisodes(pairs), ...worked(['toc'], 3, 40, 40)]);
  const row = table.find(({ chores }) => chores.includes('toc'));
  t.is(row?.choice, 1);
  t.true(row?.versions.some(({ version }) => version === 3));
});

const adapterOf = (letter: string): string => letter.repeat(64);
const versionOf = (version: number, letter: string): AgentVersion => ({
  ...{ version, adapter: adapterOf(letter), dataset: adapterOf('d'), date: '2026-11-30' },
  base: { name: 'b', digest: adapterOf('b') },
});

const comparedOf = (version: number, letter: string, champion = 'a'): KeptEval => ({
  specs: [],
  result: {
    ...{ version: 1, agent: 'w', profile: 'p', evaluator: adapterOf('e'), heldOut: null },
    candidate: versionOf(version, letter),
    incumbent: { name: 'w@1', adapter: adapterOf(champion) },
    ...{ startedAt: '2026-11-20T12:00:00Z', cases: [] },
  },
});

test('a number stands for what the registry has, else for what was compared last beside the champion', (t) => {
  const versions = [versionOf(1, 'a'), versionOf(2, 'b')];
  const registry = withAgent(emptyRegistry, 'w', { champion: 1, versions });
  const compared = [
    comparedOf(2, 'f'),
    comparedOf(3, 'c'),
    comparedOf(3, 'd'),
    comparedOf(4, 'e', 'f'),
  ];
  const { champion, versions: routable } = routableVersions(registry, 'w', compared);
  t.is(champion.version, 1);
  t.deepEqual(routable.map(({ version, adapter }) => `${version}${adapter[0]}`).sort(), [
    '1a',
    '2b',
    '3d',
  ]);
  const none = withAgent(emptyRegistry, 'w', { versions });
  t.throws(() => routableVersions(none, 'w', compared), {
    message: /has no champion of w.* pantheon promote w@N/,
  });
});
