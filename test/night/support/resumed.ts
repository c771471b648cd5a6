// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import PQueue from 'p-queue';
import { journalSchema } from '../../../src/night/record/night-schemas.ts';
import { verifyNight } from '../../../src/night/verify/verify-night.ts';
import { seededRandom } from '../../../src/review/exam/seeded-random.ts';
import { readJournal } from '../../../src/trace/journal.ts';
import { keyFolder, readKeys } from '../../../src/trace/sign/key-folder.ts';
import type { KillOrder } from './killer.ts';
import { type Case, copyCase, type NightRun, nightId, prepare, runNight } from './small-night.ts';
import { assertKept, assertSame, readBundles, takeSnapshot } from './snapshot.ts';

/*
 * The night that nobody stopped, and what holds a stopped one to it. AVA wants tests declared in
 * one turn: await `openReference` before the first of them.
 */

/** All writes below the state folder but those of the lock, which test/trace looks at. */
export const inState = '/state/[^/]+/(?!lock/)';
export const inJournal = '/journal\\.jsonl$';

/** `PANTHEON_KILL_TEST=all` (bin/suites/kill-all) tries every moment instead of a sample. */
export const everyMoment = process.env.PANTHEON_KILL_TEST === 'all';

/** `PANTHEON_KILL_SEED` gives another sample. */
export const seed = Number(process.env.PANTHEON_KILL_SEED ?? 1);

/** Some of the items, or all of them where every moment is asked for. */
export const sampleOf = <T>(items: readonly T[], most: number): readonly T[] =>
  everyMoment ? items : seededRandom(seed).shuffle(items).slice(0, most);

export const folderOf = ({ state }: Case): string => join(state.traces, nightId);

/** Each item alone where every moment is asked for; else all of them one after the other in one night. */
export const inRows = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  everyMoment ? items.map((item) => [item]) : [items];

/** Goes on with a night that was stopped, or begins it where nothing was decided. */
export const nextArguments = (place: Case): readonly string[] =>
  isDecided(place) ? ['--resume'] : [];

const isDecided = (place: Case): boolean => existsSync(join(folderOf(place), 'night.json'));

const isOver = (place: Case): boolean => {
  const last = readJournal(join(folderOf(place), 'journal.jsonl'), journalSchema).at(-1);
  return last?.type === 'night' && last.state === 'end';
};

export type Reference = Awaited<ReturnType<typeof openReference>>;

/** Runs the whole night once, and knows how to compare others with it. */
export const openReference = async () => {
  const { clean, ...prepared } = await prepare();
  const list = join(prepared.root, 'writes');
  const whole = copyCase(prepared, 'whole');
  const started = performance.now();
  const run = await runNight(whole, [], {
    path: inState,
    nth: Number.MAX_SAFE_INTEGER,
    when: 'before',
    signal: 'SIGKILL',
    list,
  });
  const ms = performance.now() - started;
  const expected = takeSnapshot(whole);
  // Each night is a process that fills a core.
  const nights = new PQueue({ concurrency: 2 });
  let cases = 0;

  /** Takes a fresh case when it is its turn, and away when the test has passed. */
  const withCase = (use: (t: ExecutionContext, place: Case) => Promise<void>) => {
    return (t: ExecutionContext): Promise<void> =>
      nights.add(async () => {
        cases += 1;
        const place = copyCase(prepared, `case-${cases}`);
        await use(t, place);
        rmSync(place.root, { recursive: true });
      });
  };

  /** Holds what a run printed to what the whole night's printed. */
  const assertEnd = (t: ExecutionContext, { code, stdout, stderr }: NightRun): void => {
    t.is(code, run.code, stderr);
    t.deepEqual(stdout.split('\n'), run.stdout.split('\n'), stderr);
  };

  /** Resumes what was stopped, or starts it where nothing had been decided yet, and compares. */
  const goOn = async (t: ExecutionContext, place: Case): Promise<void> => {
    const before = readBundles(folderOf(place));
    const [decided, over] = [isDecided(place), isOver(place)];
    const resumed = await runNight(place, ['--resume']);
    if (decided && !over) assertEnd(t, resumed);
    else {
      t.is(resumed.code, 2);
      t.regex(resumed.stderr, /no interrupted night to resume/);
      if (!decided) assertEnd(t, await runNight(place));
    }
    const after = takeSnapshot(place);
    assertSame(t, after, expected);
    const { changed } = await verifyNight(folderOf(place), readKeys(keyFolder()));
    t.deepEqual(changed, [], 'its signature is of what it left');
    assertKept(t, before, after);
  };

  return {
    run,
    ms,
    expected,
    /** Paths of all writes in the state folder, in order. */
    writes: readFileSync(list, 'utf8').split('\n'),
    withCase,
    assertEnd,
    goOn,
    clean,
  };
};

/** Runs a night, or what is left of it, that kills itself. */
export const killAt = async (
  t: ExecutionContext,
  place: Case,
  order: Omit<KillOrder, 'signal'>,
): Promise<void> => {
  const args = nextArguments(place);
  const { signal, stderr } = await runNight(place, args, { ...order, signal: 'SIGKILL' });
  t.is(signal, 'SIGKILL', `${order.when} ${order.nth} of ${order.path}: ${stderr}`);
};
