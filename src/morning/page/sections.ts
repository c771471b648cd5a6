// SPDX-License-Identifier: GPL-3.0-only
import { findingOf } from '../../data/findings/table.ts';
import type { Group, Section } from '../client/page-data.ts';
import type { SpecSummary } from '../summary.ts';
import { specRowOf } from './spec-row.ts';

/** The page's three lists: what to merge, what failed by cause, what was not worked. */
export const sectionsOf = (
  specs: readonly SpecSummary[],
  chunks: ReadonlyMap<string, number>,
): readonly Section[] => {
  const of = (outcome: SpecSummary['outcome']) => specs.filter((spec) => spec.outcome === outcome);
  const rows = (some: readonly SpecSummary[]) =>
    some.map((spec) => specRowOf(spec, chunks.get(spec.id)));
  const opened = of('pull-request');
  return [
    {
      id: 'pull-requests',
      title: 'Pull requests',
      empty: 'None was opened.',
      groups: opened.length === 0 ? [] : [{ code: '', title: '', specs: rows(opened) }],
    },
    {
      id: 'red-bins',
      title: 'Red bins',
      empty: 'Nothing failed.',
      groups: byCause(of('red-bin'), rows, false),
    },
    {
      id: 'skipped',
      title: 'Skipped',
      empty: 'Nothing was skipped.',
      groups: byCause(of('skipped'), rows, true),
    },
  ];
};

/** The cause of most specs first. What is skipped is nothing new, so it is folded. */
const byCause = (
  specs: readonly SpecSummary[],
  rows: (specs: readonly SpecSummary[]) => Group['specs'],
  folded: boolean,
): readonly Group[] =>
  [...Map.groupBy(specs, ({ code = '' }) => code)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([code, own]) => ({
      code: code === '' ? unnamed : code,
      ...causeOf(code),
      specs: rows(own),
      ...(folded && { folded }),
    }));

/** Of a night of a version that wrote no codes. */
const unnamed = 'no code';

const causeOf = (code: string): Pick<Group, 'title' | 'fix'> => {
  const finding = findingOf(code);
  if (!finding) return { title: 'For reasons of their own' };
  const { title, fix, transient } = finding;
  return { title, fix: transient ? `${fix} The next night tries again.` : fix };
};
