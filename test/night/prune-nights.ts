// SPDX-License-Identifier: GPL-3.0-only
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { appendDecision, readDecisions } from '../../src/forge/decisions.ts';
import { openLocalForge } from '../../src/forge/local-forge.ts';
import { appendDataset, readDatasets } from '../../src/learn/mine/mined-datasets.ts';
import { type KeptFor, type PrunedNight, pruneNights } from '../../src/night/prune-nights.ts';
import { verifyNight } from '../../src/night/verify/verify-night.ts';
import { prunedName } from '../../src/trace/prune-bundles.ts';
import { keyFolder, readKeys } from '../../src/trace/sign/key-folder.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { tinySpec } from './support/tiny-house.ts';
import { wholeFile } from './support/whole-file.ts';
import { type House, makeHouse } from './support/with-night.ts';

const shared = wholeFile();

const kinds = ['merged', 'open', 'undecided', 'rejected', 'red', 'mined', 'last'] as const;
type Kind = (typeof kinds)[number];

/** A house after a night of each kind; the tests go through it in turn, since what is pruned is gone. */
const worked = (async () => {
  const house = await makeHouse(shared, { 'box/none.txt': 'x\n' });
  const names = {} as Record<Kind, string>;
  for (const kind of kinds) {
    const text = kind === 'red' ? `${kind} fail no\n` : `${kind}\n`;
    house.commit({ [`specs/${kind}.yaml`]: tinySpec(`${kind}/`), [`${kind}/a.txt`]: text });
    const { folder } = await house.night({ only: [kind] });
    names[kind] = folder.split('/').at(-1) ?? '';
  }
  const branch = (kind: Kind) => house.branches().find((name) => name.includes(kind)) ?? '';
  const forge = openLocalForge({
    repository: house.folder,
    folder: house.state.pullRequests,
    decisions: house.state.decisions,
  });
  const listed = await forge.list();
  const rejected = listed.find(({ pullRequest }) => pullRequest.spec === 'rejected');
  if (!rejected) throw new Error('there is no such pull request');
  await appendDecision(house.state.decisions, rejected.pullRequest, { decision: 'reject' });
  house.run(['merge', '-q', '--no-edit', branch('merged')]);
  house.run(['branch', '-q', '-D', branch('undecided')]);
  appendDataset(house.state.datasets, {
    ...{ folder: '/rows', nights: [names.mined], bundles: { count: 1, sha256: 'a' } },
  });
  return { house, names, list: () => forge.list() };
})();
worked.catch(() => {});

const prune = async (
  { state }: House,
  names: Readonly<Record<Kind, string>>,
  keptFor: Partial<KeptFor>,
  dryRun = false,
): Promise<Readonly<Record<string, PrunedNight>>> => {
  const all: [string, PrunedNight][] = [];
  const complete = {
    ...{ recent: new Set<string>(), datasets: readDatasets(state.datasets), listed: undefined },
    ...{ decisions: await readDecisions(state.decisions), ...keptFor },
  };
  const nights = Object.values(names);
  for await (const one of pruneNights(state.traces, nights, complete, dryRun)) {
    all.push([kinds[nights.indexOf(one.night)] ?? '', one]);
  }
  return Object.fromEntries(all);
};

const reasonsIn = (all: Readonly<Record<string, PrunedNight>>) =>
  Object.entries(all).map(([kind, { kept = 'removed' }]) => [kind, kept]);

const keys = () => readKeys(keyFolder());

test.serial('a night is kept while something refers to it, and it says what', async (t) => {
  const { house, names, list } = await worked;
  const all = await prune(house, names, { listed: await list() }, true);
  const told = Object.fromEntries(reasonsIn(all));
  t.like(told, {
    merged: 'removed',
    rejected: 'removed',
    red: 'removed',
    mined: 'the dataset in /rows was made of it',
    last: 'it is the last night',
  });
  t.regex(told.open ?? '', /^the pull request pantheon\/open-\w+ is open$/);
  t.regex(told.undecided ?? '', /^nobody has decided about the pull request pantheon\/undecided-/);
  t.true((all.merged?.bytes ?? 0) > 1000);
  for (const kind of kinds) t.true(existsSync(join(house.state.traces, names[kind], kind)), kind);
});

test.serial('where the forge cannot be asked, only nights without a pull request go', async (t) => {
  const { house, names, list } = await worked;
  const unknown = reasonsIn(await prune(house, names, {}, true));
  t.deepEqual(
    unknown.flatMap(([kind, reason]) => (reason === 'removed' ? [kind] : [])),
    ['red'],
  );
  const others = (await list()).filter(({ pullRequest }) => pullRequest.spec !== 'merged');
  const forgotten = await prune(house, names, { listed: others }, true);
  t.regex(forgotten.merged?.kept ?? '', /the forge does not know the pull request/);
  const recent = await prune(house, names, { recent: new Set([names.red]) }, true);
  t.is(recent.red?.kept, 'it is newer than what is asked for');
});

test.serial('what does not say how it ended is kept', async (t) => {
  const { house, names, list } = await worked;
  const folder = join(house.state.traces, '2026-10-01');
  mkdirSync(join(folder, 'spec'), { recursive: true });
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [unread] = await Array.fromAsync(
    pruneNights(
      house.state.traces,
      ['2026-10-01', names.last],
      { recent: new Set(), datasets: [], listed: await list(), decisions: [] },
      false,
    ),
  );
  t.regex(unread?.kept ?? '', /was not published/);
  writeFileSync(join(folder, 'night.json'), '{}');
  const [unfinished] = await Array.fromAsync(
    pruneNights(
      house.state.traces,
      ['2026-10-01', names.last],
      { recent: new Set(), datasets: [], listed: await list(), decisions: [] },
      false,
    ),
  );
  t.is(unfinished?.kept, 'it has not ended');
});

test.serial('what is pruned is gone, what is signed stays, and no link is followed', async (t) => {
  const { house, names, list } = await worked;
  const outside = temporaryFolder(t);
  writeFileSync(join(outside, 'precious'), 'x'.repeat(100_000));
  const merged = join(house.state.traces, names.merged);
  symlinkSync(outside, join(merged, 'merged', 'inside'));
  symlinkSync(outside, join(merged, 'linked'));
  symlinkSync(outside, join(merged, '.pruned'));
  // Left by a run that was killed.
  const red = join(house.state.traces, names.red);
  mkdirSync(join(red, '.pruned', 'old'), { recursive: true });
  const all = await prune(house, names, { listed: await list() });
  t.true((all.merged?.bytes ?? 0) < 100_000, 'what a link leads to is not counted');
  t.deepEqual(
    kinds.filter((kind) => !existsSync(join(house.state.traces, names[kind], kind))),
    ['merged', 'rejected', 'red'],
  );
  t.deepEqual(readdirSync(outside), ['precious']);
  t.is(statSync(join(outside, 'precious')).size, 100_000);
  t.true(existsSync(join(merged, 'linked', 'precious')));
  t.deepEqual(
    readdirSync(red).filter((name) => name.startsWith('.')),
    [],
  );
  rmSync(join(merged, 'linked'));
  const verified = await verifyNight(merged, keys());
  t.like(verified, { changed: [], pruned: true });
  t.true(verified.bundles > 0);
  t.false('pruned' in (await verifyNight(join(house.state.traces, names.open), keys())));
  t.false('merged' in (await prune(house, names, { listed: await list() })), 'nothing is left');
});

test.serial('a night that was pruned may have lost bundles, and nothing else', async (t) => {
  const { house, names } = await worked;
  const folder = join(house.state.traces, names.rejected);
  writeFileSync(join(folder, 'report.md'), 'All is well.\n');
  const { changed } = await verifyNight(folder, keys());
  t.deepEqual(
    changed.map(({ what }) => what),
    ['report.md'],
  );
  rmSync(join(folder, prunedName));
  const all = await verifyNight(folder, keys());
  t.true(all.changed.some(({ how }) => how === 'is missing'));
});
