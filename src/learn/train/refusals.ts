// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import { type MemoryEstimate, memoryFormula } from './memory.ts';
import type { TrainingRows } from './read-rows.ts';
import { leastRows } from './recipe.ts';

/** Tokens of a row, and how many of them are learned, before any is cut. */
export type CountedRow = readonly [tokens: number, labels: number];

/** Why nothing can be learned from rows, and what to do; `undefined` where it can. */
export const refuseRows = (
  { train, labels }: Pick<TrainingRows, 'train' | 'labels'>,
  agent: string,
): string | undefined => {
  if (train.length === 0) {
    return `no green trace of ${agent} is for training. Run nights and decide on their pull requests; "pantheon mine --dry-run" says what there is and why the rest was left out`;
  }
  if (train.length < leastRows) {
    return `${countNoun(train.length, 'row')} of ${agent} and at least ${leastRows} are needed. Run more nights, or mine with a smaller --held-out`;
  }
  if (labels !== undefined && new Set(labels).size < 2) {
    return `all right reviews of ${agent} are of ${labels[0] ?? 'no'} patches: it would learn one verdict. Mine nights with exams, and decide on pull requests of both kinds`;
  }
  const answers = new Set(train.map(({ completion }) => completion.at(-1)?.content));
  return answers.size < 2
    ? `all ${train.length} rows of ${agent} have the same answer: it would learn to say that always. Mine other work`
    : undefined;
};

/** Why a trainer would not learn each row whole; `context` is the base's, in tokens. */
export const refuseLabels = (
  counted: readonly CountedRow[],
  rows: number,
  context: number,
): string | undefined => {
  if (counted.length !== rows) {
    return `the trainer reads ${counted.length} of ${countNoun(rows, 'row')}. Report it with the configuration`;
  }
  const masked = counted.findIndex(([, labels]) => labels === 0);
  if (masked >= 0) {
    return `nothing of row ${masked + 1} would be learned: the base's chat template leaves the answer out. Use a base whose template writes what an assistant says`;
  }
  const longest = longestOf(counted);
  return longest > context
    ? `a row has ${longest} tokens and the base reads ${context}: its end would be cut. Use a base with a longer context, or mine rows of smaller units`
    : undefined;
};

/** Tokens of the longest row. */
export const longestOf = (counted: readonly CountedRow[]): number =>
  counted.reduce((most, [tokens]) => Math.max(most, tokens), 0);

/** Why a training would not fit; amounts in bytes. */
export const refuseResources = (facts: {
  readonly memory: MemoryEstimate;
  readonly free: number;
  /** Whose memory it is. */
  readonly of: string;
  readonly disk: number;
  readonly room: number;
  readonly folder: string;
}): string | undefined => {
  const { memory, free, of, disk, room, folder } = facts;
  if (memory.total > free) {
    const { weights, trained, activations, rest, total } = memory;
    return `it takes about ${gib(total)} GiB and ${of} has ${gib(free)} free (${memoryFormula}: ${[weights, trained, activations, rest].map(gib).join(' + ')}). Take --method qlora, a lower --rank, a smaller base, or rows of smaller units`;
  }
  return disk > room
    ? `checkpoints take about ${gib(disk)} GiB and ${folder} has ${gib(room)} free. Make room, or set PANTHEON_MODELS to another folder`
    : undefined;
};

const gib = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);
