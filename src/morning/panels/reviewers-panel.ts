// SPDX-License-Identifier: GPL-3.0-only
import { formatJointErrors } from '../../review/kappa/joint-errors.ts';
import type { Chart, Figure, Panel } from '../client/page-data.ts';
import type { KappaTrend } from '../metrics/kappa-trend.ts';
import type { Summary } from '../summary.ts';
import { numberText } from './figures.ts';
import type { MorningFacts } from './morning-facts.ts';

type Reviewers = Summary['reviewers'][number];

/** Whether the two reviewers can be trusted: kappa, errors they share, exams, and kappa over the nights. */
export const reviewersPanel = ({ summary, trends }: MorningFacts): Panel | undefined =>
  summary.reviewers.length === 0
    ? undefined
    : {
        id: 'reviewers',
        title: 'Reviewers',
        facts: summary.reviewers.flatMap(factsOf),
        dials: [],
        charts: trends.filter(({ points }) => points.length > 1).map(kappaChart),
        command: `pantheon report ${summary.night} --json | jq .reviewers`,
      };

const factsOf = (reviewers: Reviewers): readonly Figure[] => {
  const { flow, state, kappa, ac1, agreement, pairs, jointErrors, exams } = reviewers;
  const bad = state === 'halt' || state === 'alert';
  return [
    {
      label: `${flow}, kappa`,
      text: `${kappa === null ? 'undefined' : numberText(kappa)} over ${pairs} pairs, ${state}; AC1 ${ac1 === null ? 'undefined' : numberText(ac1)}, agreement ${agreement === null ? 'undefined' : numberText(agreement)}`,
      bad,
    },
    ...(jointErrors
      ? [{ label: `${flow}, errors in exams`, text: formatJointErrors(jointErrors) }]
      : []),
    ...exams.map(({ reviewer, kind, passed, asked, falseApprovals, falseRejections }) => ({
      label: `${flow}, ${reviewer}, ${kind} exam`,
      text: `${passed ? 'passed' : 'failed'}, ${asked} patches, ${falseApprovals} bad ones approved, ${falseRejections} good ones rejected`,
      bad: !passed,
    })),
  ];
};

/** Kappa of a pair over the nights, with the gate's lines. */
export const kappaChart = ({ runtimes, lines, points }: KappaTrend): Chart => ({
  id: `kappa-${runtimes.map((runtime) => runtime.slice(0, 8)).join('-')}`,
  title: `Kappa of ${runtimes.map((runtime) => runtime.slice(0, 8)).join(' and ')}`,
  note: 'Over the window of the gate, as it was after each night.',
  along: points.map(({ night }) => night),
  unit: 'kappa',
  min: -0.2,
  max: 1.05,
  series: [{ label: 'kappa', values: points.map(({ kappa }) => kappa) }],
  lines: [
    { label: 'alert', value: lines.alert },
    { label: 'halt', value: lines.halt },
  ],
});
