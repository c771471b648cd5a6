// SPDX-License-Identifier: GPL-3.0-only
import type { ChildProcess } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { journalSchema } from '../../src/night/record/night-schemas.ts';
import { seededRandom } from '../../src/review/exam/seeded-random.ts';
import { readJournal } from '../../src/trace/journal.ts';
import { sealAsIs } from '../../src/trace/sign/seal.ts';
import { plainGit, writeFiles } from '../workspace/with-repository.ts';
import {
  everyMoment,
  folderOf,
  inJournal,
  inRows,
  killAt,
  nextArguments,
  type Reference,
  sampleOf,
  seed,
} from './support/resumed.ts';
import { type Case, ended, nightId, runNight, startNight } from './support/small-night.ts';
import {
  assertKept,
  assertSame,
  readBundles,
  type Snapshot,
  takeSnapshot,
} from './support/snapshot.ts';
import { type GitStrike, withStrikingGit } from './support/striking-git.ts';

/* Stopped at any moment, more than once, by a person, or with another night beside it. */

const random = seededRandom(seed);
const rounds = Array.from({ length: 20 }, (_, round) => round + 1);

/** Declares the tests. */
export const killAnywhere = (reference: Reference): void => {
  whileGitWorks(reference);
  besideAPerson(reference);
  besideAnotherNight(reference);
  if (!everyMoment) return;
  moreThanOnce(reference);
  afterTwoExams(reference);
};

type Strike = { readonly signal: 'SIGKILL' | 'SIGINT'; readonly after: number };

/** What a shell or a service manager does: every process the night has started is struck too. */
const strikeAll = async (night: ChildProcess, { signal, after }: Strike): Promise<void> => {
  await sleep(after);
  if (night.pid !== undefined && night.exitCode === null) process.kill(-night.pid, signal);
};

const strikes = (['INT', 'KILL'] as const).flatMap((signal) =>
  ['ls-tree', 'cat-file', 'fast-import', 'pack-objects', 'index-pack', 'update-ref'].flatMap(
    (command) =>
      // The one that goes on answering has no end to wait for.
      (command === 'cat-file' ? (['before'] as const) : (['before', 'after'] as const)).map(
        (when): GitStrike => ({ command, when, signal }),
      ),
  ),
);
/** A git that reads the base dies of a terminal's Ctrl-C before the night has heard of it. */
const isFirst = ({ signal, command, when }: GitStrike): boolean =>
  signal === 'INT' && when === 'before' && ['ls-tree', 'cat-file'].includes(command);

const whileGitWorks = ({ run, ms, withCase, goOn }: Reference): void => {
  const drawn = rounds.flatMap((): readonly Strike[] => [
    { signal: 'SIGKILL', after: 50 + random.int(ms) },
    { signal: 'SIGINT', after: 300 + random.int(ms) },
  ]);
  const [first, others] = [strikes.filter(isFirst), strikes.filter((strike) => !isFirst(strike))];
  // Those drawn depend on the time that a night takes; the others come at the same step each time.
  const all = [...sampleOf(first, 1), ...sampleOf(others, 1), ...(everyMoment ? drawn : [])];
  for (const [nth, row] of inRows(all).entries()) {
    test(
      // Two of the drawn moments may be the same.
      `${nth + 1}: ${row.map(nameOf).join(', then ')}`,
      withCase(async (t, place) => {
        for (const strike of row) {
          if ('after' in strike) {
            const night = startNight(place, nextArguments(place));
            const [struck] = await Promise.all([ended(night), strikeAll(night, strike)]);
            const { code, signal, stderr } = struck;
            // On a slow machine it may not listen yet.
            const interrupted = signal === 'SIGINT' || code === 130 || code === run.code;
            if (strike.signal === 'SIGINT') t.true(interrupted, stderr);
            continue;
          }
          const struck = await runNight(withStrikingGit(place, strike), nextArguments(place));
          if (strike.signal === 'INT') t.is(struck.code, 130, struck.stderr);
          else t.is(struck.signal, 'SIGKILL');
        }
        await goOn(t, place);
      }),
    );
  }
};

const nameOf = (strike: Strike | GitStrike): string =>
  'after' in strike
    ? `${strike.signal} to all after ${strike.after} ms`
    : `SIG${strike.signal} to all ${strike.when} git ${strike.command} is done`;

const moreThanOnce = ({ writes, withCase, goOn }: Reference): void => {
  const boundaries = writes.filter((path) => path.endsWith('/journal.jsonl')).length;
  for (const round of rounds) {
    const first = 1 + random.int(boundaries - 8);
    const then = 1 + random.int(8);
    test(
      `${round}: killed at ${first}, and when it went on at ${then} and at once`,
      withCase(async (t, place) => {
        await killAt(t, place, { path: inJournal, nth: first, when: 'torn' });
        const before = readBundles(folderOf(place));
        await killAt(t, place, { path: inJournal, nth: then, when: 'torn' });
        await killAt(t, place, { path: inJournal, nth: 1, when: 'torn' });
        await goOn(t, place);
        assertKept(t, before, takeSnapshot(place));
      }),
    );
  }
};

const besideAPerson = ({ withCase, assertEnd }: Reference): void => {
  test(
    'Ctrl-C ends with 130 and says how to go on, and what a person commits meanwhile changes nothing',
    withCase(async (t, place) => {
      const order = { path: inJournal, nth: 12, when: 'after', signal: 'SIGINT' } as const;
      const { code, stdout, stderr } = await runNight(place, [], order);
      t.is(code, 130, stderr);
      t.is(stdout, '');
      const told = `pantheon night --resume --repo ${place.repository}`;
      t.true(stderr.trimEnd().endsWith(told), stderr);
      const git = gitOf(place);
      git(['commit', '-q', '-m', 'What was staged']);
      const head = git(['rev-parse', 'HEAD']);
      assertEnd(t, await runNight(place, ['--resume']));
      t.is(git(['rev-parse', 'HEAD']), head);
    }),
  );

  /* Publishing is one after the other: at the second record, the journal tells of the first. */
  for (const [title, nth] of [
    ['before the journal says that it was opened', 1] as const,
    ...(everyMoment ? [['after the journal says that it was opened', 2] as const] : []),
  ]) {
    test(
      `a branch that a person deleted stays away: killed ${title}`,
      withCase(async (t, place) => {
        const path = '/pull-requests/.*/pull-request\\.json$';
        await killAt(t, place, { path, nth, when: 'after' });
        const done = readJournal(join(folderOf(place), 'journal.jsonl'), journalSchema).find(
          (record) => record.type === 'publish' && record.state === 'done',
        );
        t.is(done !== undefined, nth === 2);
        const git = gitOf(place);
        const [first = ''] = branchesOf(place);
        const opened = done?.type === 'publish' ? done.branch : first;
        git(['branch', '-D', opened]);
        assertEnd(t, await runNight(place, ['--resume']));
        t.is(branchesOf(place).length, 1);
        t.false(branchesOf(place).includes(opened));
      }),
    );
  }
};

/** A snapshot that another night may follow. */
const withoutLater = (snapshot: Snapshot): Snapshot => {
  const { 'files of the state folder': _, ...exact } = snapshot.exact;
  return { ...snapshot, exact };
};

const gitOf = ({ repository }: Case) => plainGit(repository);

const branchesOf = (place: Case): readonly string[] =>
  gitOf(place)(['for-each-ref', '--format=%(refname:short)', 'refs/heads/pantheon/'])
    .split('\n')
    .filter(Boolean);

const besideAnotherNight = ({ expected, withCase, assertEnd }: Reference): void => {
  test(
    'the next night finishes the one that was killed and opens nothing twice',
    withCase(async (t, place) => {
      await killAt(t, place, { path: '/pull-requests/.*/pr\\.md$', nth: 1, when: 'before' });
      const before = readBundles(folderOf(place));
      const { stdout, stderr } = await runNight(place);
      t.regex(stderr, /^Resuming night 2026-11-21, which was interrupted\.$/m);
      const { night, counts } = JSON.parse(stdout);
      t.is(night, `${nightId}-2`);
      t.deepEqual(counts, { pullRequests: 0, redBins: 0, skipped: 5 });
      const after = takeSnapshot(place);
      assertSame(t, withoutLater(after), withoutLater(expected));
      assertKept(t, before, after);
    }),
  );

  test(
    'a second night is refused and names the first, which goes on unharmed',
    withCase(async (t, place) => {
      const order = { path: inJournal, nth: 7, when: 'before', signal: 'SIGSTOP' } as const;
      const first = startNight(place, [], order);
      t.teardown(() => first.kill('SIGKILL'));
      const whole = ended(first);
      await stopped(first);
      const second = await runNight(place);
      t.is(second.code, 2);
      t.is(second.stdout, '');
      t.true(second.stderr.includes(`process ${first.pid} has been working here`), second.stderr);
      first.kill('SIGCONT');
      assertEnd(t, await whole);
      assertSame(t, takeSnapshot(place), expected);
    }),
  );
};

const afterTwoExams = ({ withCase }: Reference): void => {
  test(
    'killed after two kinds of exam were sat',
    withCase(async (t, place) => {
      const { root, state, repository } = place;
      for (const name of ['exams.jsonl', 'ledger.jsonl']) rmSync(join(state.root, name));
      sealAsIs(state.root);
      const spec = { scope: ['docs/', 'src/'], acceptance: ['All files have a GPL header'] };
      writeFiles(repository, {
        'src/one.ts': 'export const one = 1;\n',
        // Wide enough that the pairs of both exams count.
        'pantheon.yaml': 'gate: { kappa: { window: 1000 } }\n',
        'specs/header.yaml': JSON.stringify({ title: 'Add headers', ...spec }),
      });
      gitOf(place)(['add', 'src', 'pantheon.yaml', 'specs/header.yaml']);
      gitOf(place)(['commit', '-q', '-m', 'Code']);
      const fresh = join(root, 'fresh');
      cpSync(state.root, fresh, { recursive: true });
      const whole = await runNight(place);
      t.is(JSON.parse(whole.stdout).reviewers.length, 2, whole.stderr);
      gitOf(place)(['branch', '-D', ...branchesOf(place)]);
      rmSync(state.root, { recursive: true });
      cpSync(fresh, state.root, { recursive: true });
      sealAsIs(state.root);
      await killAt(t, place, { path: inJournal, nth: 1, when: 'before' });
      t.is((await runNight(place, ['--resume'])).stdout, whole.stdout);
    }),
  );
};

/** Waits until a process has stopped (state T in proc_pid_stat(5)). */
const stopped = async ({ pid }: ChildProcess): Promise<void> => {
  while (!/\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await sleep(10);
};
