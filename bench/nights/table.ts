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

const table = (head: readonly string[], lines: readonly (readonly (number | string)[])[]): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** The nights as a Markdown table, one a row. */
export const renderRows = (rows: readonly Row[]): string =>
  table(
    ['night', 'specs', ...heads.split(' ').map((name) => name.replace('-', ' '))],
    rows.map((row) => [row.name, row.specs, ...cellsOf(row)]),
  );

/** Why files were refused; nights that refused the same ones share a column. */
export const renderRefusals = (rows: readonly Row[]): string => {
  const names = [...new Set(rows.flatMap(({ tally }) => [...tally.refused.keys()]))].sort();
  const countsOf = ({ tally }: Row) => names.map((name) => tally.refused.get(name) ?? 0);
  const alike = Map.groupBy(rows, (row) => countsOf(row).join(' '));
  const columns = [...alike.values()].flatMap((some) => (some[0] ? [countsOf(some[0])] : []));
  return table(
    ['refused for', ...[...alike.values()].map((some) => some.map(({ name }) => name).join('; '))],
    names.map((name, index) => [name, ...columns.map((counts) => counts[index] ?? 0)]),
  );
};
