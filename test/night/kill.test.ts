// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { killAnywhere } from './kill-anywhere.ts';
import type { KillOrder } from './support/killer.ts';
import {
  everyMoment,
  inJournal,
  inRows,
  inState,
  killAt,
  openReference,
  seed,
} from './support/resumed.ts';

/*
 * Killed at any write and resumed, a night leaves what a night leaves that nobody stopped: bundles,
 * branches, commits, report, and nothing twice. kill-anywhere.ts does it between the writes, on the
 * same night.
 */

const reference = await openReference();
const { run, writes, withCase, goOn, clean } = reference;
test.after.always(clean);

const boundaries = writes.filter((path) => path.endsWith('/journal.jsonl')).length;

test('the night that nobody stops has every kind of end', (t) => {
  t.is(run.code, 2, 'a spec that cannot be read is a mistake to mend');
  const { specs, notices } = JSON.parse(run.stdout);
  const ends = specs.map(({ id, outcome }: Record<string, string>) => `${id} ${outcome}`).sort();
  t.deepEqual(ends, [
    'after skipped',
    'failing red-bin',
    'header pull-request',
    'notes pull-request',
    'vague red-bin',
  ]);
  t.is(notices.length, 2);
  const hidden = [...reference.expected.bundles.keys()].filter((at) => at.includes('/_exam-'));
  t.is(hidden.length, 2, 'both reviewers judge a patch of an exam');
  t.true(boundaries > 30);
  t.log(`${boundaries} journal boundaries in ${writes.length} writes; sample ${seed}`);
});

type Moment = Pick<KillOrder, 'path' | 'nth' | 'when'>;

/** Killed at each of the moments, one after the other, and at last let go on to the end. */
const killed = test.macro({
  exec: (t, moments: readonly Moment[]) =>
    withCase(async (_, place) => {
      for (const moment of moments) await killAt(t, place, moment);
      await goOn(t, place);
    })(t),
  title: (what = '', moments: readonly Moment[]) =>
    `killed ${what || moments.map(nameOf).join(', then ')}`,
});

const nameOf = ({ path, nth, when }: Moment): string =>
  `${when} write ${nth} of ${path === inJournal ? 'the journal' : 'all'}`;

const journalMoments = Array.from({ length: boundaries }, (_, at): readonly Moment[] =>
  (['before', 'torn', 'after'] as const).map((when) => ({ path: inJournal, nth: at + 1, when })),
).flat();
// What follows a write to the journal has been tried; scratch files are made anew whatever they hold.
const otherMoments = writes.flatMap((path, at): readonly Moment[] => {
  if (path.endsWith('/journal.jsonl') || path.includes('/scratch/')) return [];
  const followed = writes[at - 1]?.endsWith('/journal.jsonl');
  const moments = followed ? (['torn'] as const) : (['before', 'torn'] as const);
  return moments.map((when) => ({ path: inState, nth: at + 1, when }));
});

if (everyMoment) for (const moment of journalMoments) test(killed, [moment]);
if (everyMoment) for (const moment of otherMoments) test(killed, [moment]);

/* Where an effect is half done, in the order of a night; the first ones are always tried. */
const always: Readonly<Record<string, Moment>> = {
  'in the middle of a bundle': { path: '/notes/bundles\\.zip$', nth: 4, when: 'torn' },
  'in the middle of the journal, and at once': { path: inJournal, nth: 1, when: 'torn' },
  'between the branch and the record of its pull request': {
    path: '/pull-requests/.*/pr\\.md\\.new$',
    nth: 1,
    when: 'before',
  },
  'between the ledger and the outcomes': { path: '/outcomes\\.jsonl$', nth: 1, when: 'before' },
  'between the report and the end': { path: '/report\\.md$', nth: 1, when: 'after' },
};
const others: Readonly<Record<string, Moment>> = {
  'while the night is decided': { path: '/night\\.json\\.new$', nth: 1, when: 'torn' },
  'between the commit and the bundle that names it': {
    path: '/header/pull-request$',
    nth: 1,
    when: 'after',
  },
  'in the middle of the record of a pull request': {
    path: '/pull-requests/.*/pull-request\\.json\\.new$',
    nth: 1,
    when: 'torn',
  },
  'in the middle of the ledger': { path: '/ledger\\.jsonl$', nth: 1, when: 'torn' },
  'in the middle of the outcomes': { path: '/outcomes\\.jsonl$', nth: 1, when: 'torn' },
  'in the middle of the summary': { path: '/summary\\.json$', nth: 1, when: 'torn' },
};

for (const row of inRows(Object.entries({ ...always, ...(everyMoment && others) }))) {
  const [[what = ''] = []] = row;
  const title = row.length === 1 ? what : `${row.length} times, the first of them ${what}`;
  const moments = row.map(([, moment]) => moment);
  test(title, killed, moments);
}

killAnywhere(reference);
