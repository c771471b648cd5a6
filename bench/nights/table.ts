// SPDX-License-Identifier: GPL-3.0-only
import type { Tally } from './judge.ts';

export type Row = {
  readonly name: string;
  readonly specs: number;
  readonly tally: Tally;
  readonly seconds: number;
  /** What later nights did that they should not have. */
  readonly again: readonly string[];
};

const heads = 'files normalised as-asked refused damaged false-rejections faults again seconds';

const sum = (counts: Iterable<number>): number =>
  [...counts].reduce((total, one) => total + one, 0);

const cellsOf = ({ tally, seconds, again }: Row): readonly (number | string)[] => [
  tally.files,
  tally.normalised,
  tally.already,
  sum(tally.refused.values()),
  tally.damaged,
  tally.falseRejections,
  tally.faults.length,
  again.length,
  seconds.toFixed(1),
];

/** The nights as a Markdown table, one a row. */
export const renderRows = (rows: readonly Row[]): string => {
  const lines = rows.map((row) => [row.name, row.specs, ...cellsOf(row)]);
  const head = ['night', 'specs', ...heads.split(' ').map((name) => name.replace('-', ' '))];
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
};

/** Why files were refused, by night. */
export const renderRefusals = (rows: readonly Row[]): string => {
  const names = [...new Set(rows.flatMap(({ tally }) => [...tally.refused.keys()]))].sort();
  const lines = names.map((name) => [
    name,
    ...rows.map(({ tally }) => tally.refused.get(name) ?? 0),
  ]);
  const head = ['refused for', ...rows.map(({ name }) => name)];
  return [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
};
