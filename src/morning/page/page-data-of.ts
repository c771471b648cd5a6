// SPDX-License-Identifier: GPL-3.0-only
import { describeHost } from '../../boundary/attest/host.ts';
import { countNoun } from '../../data/count-noun.ts';
import { gateRules } from '../../review/gate/gate-rules.ts';
import type { PageData } from '../client/page-data.ts';
import type { Summary } from '../summary.ts';
import type { PackedSteps } from './pack-steps.ts';
import { sectionsOf } from './sections.ts';

/** All of a page but the steps, which `packSteps` packed. */
export const pageDataOf = (
  summary: Summary,
  { chunks, left }: Pick<PackedSteps, 'chunks' | 'left'>,
  panels: PageData['panels'],
): PageData => {
  const { night, counts, base, profile, confinement, startedAt, host, specs } = summary;
  return {
    title: `Night ${night}`,
    counts: [
      { text: countNoun(counts.pullRequests, 'pull request'), section: 'pull-requests' },
      { text: countNoun(counts.redBins, 'red bin'), section: 'red-bins' },
      { text: `${counts.skipped} skipped`, section: 'skipped' },
    ],
    about: [
      { label: 'Began', text: startedAt },
      { label: 'Base', text: base.slice(0, 12) },
      { label: 'Profile', text: profile },
      { label: 'Tests and checks confined by', text: confinement },
      ...(host ? [{ label: 'The machine itself:', text: describeHost(host) }] : []),
    ],
    alerts: alertsOf(summary),
    rules: gateRules,
    sections: sectionsOf(specs, chunks),
    panels,
    notices: summary.notices,
    withoutSteps: left,
  };
};

/** What has to be known before a pull request is merged. */
const alertsOf = ({ dryRun, reviewers, confinement }: Summary): readonly string[] => [
  ...(dryRun
    ? ['Dry run: nothing was opened or told, and the next night will not know of it.']
    : []),
  ...(confinement === 'nothing' ? ['Nothing confined the tests and checks of this night.'] : []),
  ...reviewers
    .filter(({ state }) => state === 'halt' || state === 'alert')
    .map(({ flow, state, line }) => `The reviewers of ${flow} are at ${state}: ${line}`),
  ...reviewers.flatMap(({ exams }) =>
    exams
      .filter(({ passed }) => !passed)
      .map(({ reviewer, kind }) => `${reviewer} has no vote on ${kind}: it did not pass its exam.`),
  ),
  ...reviewers.flatMap(({ flow, hidden }) =>
    hidden && hidden.approvedByBoth > 0
      ? [`Both reviewers of ${flow} approved ${hidden.approvedByBoth} bad patches of an exam.`]
      : [],
  ),
];
