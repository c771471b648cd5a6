// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import type { GateConfig } from '../../config/schema.ts';
import { type ExtendJournal, extendJournal, readJournal } from '../../trace/journal.ts';
import { type Pair, pairSchema } from '../schema.ts';

/** The two runtime digests of a reviewer pair, in any order. */
export type RuntimePair = readonly [string, string];

const fileOf = (stateFolder: string): string => join(stateFolder, 'ledger.jsonl');

/** All joint judgements so far, oldest first. @throws UserError on a broken line that is not the last. */
export const readLedger = async (stateFolder: string): Promise<readonly Pair[]> =>
  readJournal(fileOf(stateFolder), pairSchema);

/**
 * Appends the pairs that are not in the ledger yet and says how many they were: a night that is
 * resumed after it published adds nothing. One process at a time (the night's lock). `extend` writes them.
 */
export const extendLedger = async (
  stateFolder: string,
  pairs: readonly Pair[],
  extend: ExtendJournal = extendJournal,
): Promise<number> => {
  const keys = new Set((await readLedger(stateFolder)).map(keyOf));
  const fresh = pairs.filter((pair) => {
    const key = keyOf(pair);
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
  extend(fileOf(stateFolder), pairSchema, fresh);
  return fresh.length;
};

/**
 * The joint judgements there were when the night `tonight` began, oldest first: its terms are those of its
 * beginning, also when it was interrupted after it had extended the ledger.
 */
export const readPairsBefore = async (
  stateFolder: string,
  tonight: string,
): Promise<readonly Pair[]> =>
  (await readLedger(stateFolder)).filter(
    ({ source, night }) => source === 'exam' || night !== tonight,
  );

/**
 * A reviewer pair's joint judgements in the last exam of each kind and on all hidden patches, in the order
 * of `runtimes`.
 */
export const examPairsOf = (pairs: readonly Pair[], runtimes: RuntimePair): readonly Pair[] => {
  const { exam, hidden } = bySource(pairs, runtimes);
  return [...latestExams(exam), ...hidden];
};

/**
 * A reviewer pair's last `window` live pairs, its last `window` hidden ones and its exam pairs, verdicts in the
 * order of `runtimes`. The exam's pairs are thinned evenly to `window` as well: four hundred of them
 * would drown fifty live disagreements.
 */
export const windowOf = (
  pairs: readonly Pair[],
  runtimes: RuntimePair,
  { window }: GateConfig['kappa'],
): readonly Pair[] => {
  const { exam, hidden, live } = bySource(pairs, runtimes);
  return [...thinned(latestExams(exam), window), ...hidden.slice(-window), ...live.slice(-window)];
};

const bySource = (
  pairs: readonly Pair[],
  runtimes: RuntimePair,
): Readonly<Record<Pair['source'], readonly Pair[]>> => {
  const {
    exam = [],
    hidden = [],
    live = [],
  } = Object.groupBy(
    pairs.flatMap((pair) => oriented(pair, runtimes)),
    ({ source }) => source,
  );
  return { exam, hidden, live };
};

const keyOf = ({ source, night, spec, unit, runtimes }: Pair): string =>
  JSON.stringify([source, night, spec, unit, source === 'exam' ? [...runtimes].sort() : null]);

const oriented = (pair: Pair, [a, b]: RuntimePair): readonly Pair[] => {
  const [first, second] = pair.runtimes;
  if (first === a && second === b) return [pair];
  if (first !== b || second !== a) return [];
  return [{ ...pair, runtimes: [a, b], verdicts: [pair.verdicts[1], pair.verdicts[0]] }];
};

/** Of several exams of one kind (`spec`) only the last one sat (`night`) counts. */
const latestExams = (exam: readonly Pair[]): readonly Pair[] => {
  const last = new Map(exam.map(({ spec, night }) => [spec, night]));
  return exam.filter(({ spec, night }) => last.get(spec) === night);
};

const thinned = (pairs: readonly Pair[], most: number): readonly Pair[] =>
  pairs.length <= most
    ? pairs
    : Array.from(
        { length: most },
        (_, index) => pairs[Math.floor((index * pairs.length) / most)],
      ).filter((pair) => pair !== undefined);
