// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import type { GateConfig } from '../../config/schema.ts';
import { extendJournal, readJournal } from '../../trace/journal.ts';
import { type Pair, pairSchema } from '../schema.ts';

/** The two runtime digests of a reviewer pair, in any order. */
export type RuntimePair = readonly [string, string];

const fileOf = (stateFolder: string): string => join(stateFolder, 'ledger.jsonl');

/** All joint judgements so far, oldest first. @throws UserError on a broken line that is not the last. */
export const readLedger = async (stateFolder: string): Promise<readonly Pair[]> =>
  readJournal(fileOf(stateFolder), pairSchema);

/**
 * Appends the pairs that are not in the ledger yet and says how many they were: a night that is
 * resumed after it published adds nothing. One process at a time (the night's lock).
 */
export const extendLedger = async (
  stateFolder: string,
  pairs: readonly Pair[],
): Promise<number> => {
  const keys = new Set((await readLedger(stateFolder)).map(keyOf));
  const fresh = pairs.filter((pair) => {
    const key = keyOf(pair);
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
  extendJournal(fileOf(stateFolder), pairSchema, fresh);
  return fresh.length;
};

/** A reviewer pair's joint judgements in the last exam of each kind, in the order of `runtimes`. */
export const readExamPairs = async (
  stateFolder: string,
  runtimes: RuntimePair,
): Promise<readonly Pair[]> => {
  const pairs = (await readLedger(stateFolder)).filter(({ source }) => source === 'exam');
  return latestExams(pairs.flatMap((pair) => oriented(pair, runtimes)));
};

/**
 * A reviewer pair's last `window` live pairs and its exam pairs, verdicts in the order of
 * `runtimes`. The exam's pairs are thinned evenly to `window` as well: four hundred of them would
 * drown fifty live disagreements. Live pairs of the night `tonight` are left out: its terms are
 * those of its beginning, also when it was interrupted after it had extended the ledger.
 */
export const readWindow = async (
  stateFolder: string,
  runtimes: RuntimePair,
  kappa: GateConfig['kappa'],
  tonight?: string,
): Promise<readonly Pair[]> => {
  const pairs = await readLedger(stateFolder);
  const before = pairs.filter(({ source, night }) => source === 'exam' || night !== tonight);
  const ofPair = before.flatMap((pair) => oriented(pair, runtimes));
  const live = ofPair.filter(({ source }) => source === 'live').slice(-kappa.window);
  const exam = latestExams(ofPair.filter(({ source }) => source === 'exam'));
  return [...thinned(exam, kappa.window), ...live];
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
