// SPDX-License-Identifier: GPL-3.0-only
import { describeHost } from '../boundary/attest/host.ts';
import { countNoun } from '../data/count-noun.ts';
import { findingOf } from '../data/findings/table.ts';
import { printableLines } from '../data/printable.ts';
import { codeSpan, inlineText } from '../markdown/inline.ts';
import { describeUnanswered } from '../review/exam/exam-result.ts';
import { describeFigures, engineHint, engineName } from './engine-figures.ts';
import { estimateText } from './panels/figures.ts';
import type { HiddenSummary, SpecSummary, Summary, WorkedVersion } from './summary.ts';

/** `report.md`: what a person reads first in the morning. */
export const renderReport = (summary: Summary): string => {
  const { counts, specs, reviewers, engines, notices } = summary;
  const lines = [
    `# Night ${summary.night}`,
    '',
    ...(summary.dryRun
      ? [
          '**Dry run**: no pull request was opened, no issue was commented on, and the next night will not know of it.',
          '',
        ]
      : []),
    `${countNoun(counts.pullRequests, 'pull request')}, ${countNoun(counts.redBins, 'red bin')}, ${counts.skipped} skipped. ` +
      `Base \`${summary.base.slice(0, 12)}\`, profile ${codeSpan(summary.profile)}, ` +
      `tests and checks confined by ${summary.confinement}.`,
    ...(summary.host ? ['', `The machine itself: ${plain(describeHost(summary.host))}.`] : []),
    ...section('Pull requests', specs, 'pull-request', pullRequest),
    ...redBins(specs, summary.night),
    ...section('Skipped', specs, 'skipped', ({ id, code, reason }) => [
      `- \`${id}\`${code === undefined ? '' : ` (${codeSpan(code)})`}: ${plain(reason)}`,
    ]),
    ...earlierLines(summary.earlier),
    ...reviewerLines(reviewers, summary.night),
    ...versionLines(specs),
    ...engineLines(engines),
    ...(notices.length > 0
      ? ['', '## Notices', '', ...notices.map((notice) => `- ${plain(notice)}`)]
      : []),
    '',
  ];
  // Names are checked where they come in; no line is trusted to have been.
  return printableLines(lines.join('\n'));
};

const section = (
  title: string,
  specs: readonly SpecSummary[],
  outcome: SpecSummary['outcome'],
  render: (spec: SpecSummary) => readonly string[],
): readonly string[] => {
  const matching = specs.filter((spec) => spec.outcome === outcome);
  return matching.length > 0 ? ['', `## ${title}`, '', ...matching.flatMap(render)] : [];
};

const earlierLines = (earlier: Summary['earlier']): readonly string[] => {
  if (!earlier) return [];
  const counts = Object.entries(earlier.counts).filter(([, count]) => count > 0);
  const share = earlier.share === null ? '' : ` ${estimateText(earlier.share)} of those decided.`;
  return [
    '',
    '## Earlier pull requests',
    '',
    `Of the last ${earlier.days} days: ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}.${share}`,
  ];
};

const shownUnits = 20;

const pullRequest = (spec: SpecSummary): readonly string[] => [
  `- \`${spec.branch}\` ${plain(spec.title)}: ${units(spec)}. ${whereabouts(spec)}`,
  ...redUnits(spec),
  ...leftOut(spec),
];

const whereabouts = ({ url, waiting, trace }: SpecSummary): string =>
  waiting === undefined
    ? `Look at ${url ?? `\`${trace}\``}.`
    : `It waits to be sent: ${plain(waiting)}.`;

/** Red bins by code, the most frequent first, each group with its likely fix once. */
const redBins = (specs: readonly SpecSummary[], night: string): readonly string[] => {
  const reds = specs.filter(({ outcome }) => outcome === 'red-bin');
  if (reds.length === 0) return [];
  const groups = [...Map.groupBy(reds, ({ code }) => code ?? '')];
  return [
    '',
    '## Red bins',
    ...groups
      .toSorted(([, a], [, b]) => b.length - a.length)
      .flatMap(([code, group]) => [
        '',
        ...describeCode(code, group.length),
        ...group.flatMap(redBin(night)),
      ]),
  ];
};

const describeCode = (code: string, count: number): readonly string[] => {
  const finding = findingOf(code);
  if (!finding) return code === '' ? [] : [`${codeSpan(code)}, ${count}:`, ''];
  const { title, fix, transient } = finding;
  const again = transient ? ' The next night works it again.' : '';
  return [`**${title}** (${codeSpan(code)}, ${count}). To try: ${plain(fix)}.${again}`, ''];
};

const redBin =
  (night: string) =>
  (spec: SpecSummary): readonly string[] => [
    `- \`${spec.id}\` ${plain(spec.title)}: ${plain(spec.reason)}. Look: \`pantheon trace show ${night}/${spec.trace}\`.`,
    ...(spec.unitDetails.length > 1 ? redUnits(spec) : []),
  ];

const units = ({ units: { approved, red, skipped }, left = [] }: SpecSummary): string =>
  [
    `${approved} approved`,
    ...(red > 0 ? [`${red} red`] : []),
    ...(skipped > 0 ? [`${skipped} already as asked`] : []),
    ...(left.length > 0 ? [`${left.length} left out`] : []),
  ].join(', ');

const leftOut = ({ left = [] }: SpecSummary): readonly string[] => [
  ...left
    .slice(0, shownUnits)
    .map(({ path, reason }) => `  - ${codeSpan(path)} left out: ${plain(reason)}`),
  ...(left.length > shownUnits ? [`  - and ${left.length - shownUnits} more in summary.json`] : []),
];

const redUnits = ({ unitDetails }: SpecSummary): readonly string[] => {
  const red = unitDetails.filter(({ state }) => state === 'red');
  return [
    ...red
      .slice(0, shownUnits)
      .map(
        ({ paths, node = '', code, reason = '' }) =>
          `  - ${paths.map((path) => codeSpan(path)).join(', ')} (${[node, code].filter(Boolean).join(', ')}): ${plain(reason)}`,
      ),
    ...(red.length > shownUnits ? [`  - and ${red.length - shownUnits} more in summary.json`] : []),
  ];
};

const reviewerLines = (reviewers: Summary['reviewers'], night: string): readonly string[] =>
  reviewers.length === 0
    ? []
    : [
        '',
        '## Reviewers',
        '',
        ...reviewers.flatMap(({ flow, line, exams, hidden }) => [
          `- \`${flow}\`: ${line}`,
          ...exams.map((exam) => `  - ${describeExam(exam)}`),
          ...(hidden ? describeHidden(hidden, night) : []),
        ]),
      ];

/** Patches of an exam among tonight's units: how they were judged, and where to look at what was wrong. */
const describeHidden = (
  { patches, bad, approvedByBoth, reviewers, wrong }: HiddenSummary,
  night: string,
): readonly string[] => [
  `  - ${patches} of an exam's patches among the units, ${bad} bad: ${reviewers
    .map(
      ({ broken = 0, ...one }) =>
        `${one.reviewer} ${describeErrors(one)}${broken === 0 ? '' : `, ${broken} not judged`}`,
    )
    .join('; ')}${approvedByBoth === 0 ? '' : `. **Both approved ${approvedByBoth} bad**`}`,
  ...wrong
    .slice(0, shownUnits)
    .map((address) => `    - wrong: \`pantheon trace show ${night}/${address}\``),
];

const describeErrors = ({
  falseApprovals,
  falseRejections,
  ...more
}: Pick<Exam, 'falseApprovals' | 'falseRejections' | 'unanswered'>): string =>
  `${countNoun(falseApprovals, 'false approval')}, ${countNoun(falseRejections, 'false rejection')}${describeUnanswered(more)}`;

type Exam = Summary['reviewers'][number]['exams'][number];

const describeExam = (exam: Exam): string => {
  const { reviewer, kind, passed, asked, of, broken, hidden } = exam;
  if (broken !== undefined) {
    return `${reviewer} could not finish the ${kind} exam: ${plain(broken)}. Its verdicts did not count`;
  }
  const end = passed ? 'passed' : 'failed';
  const early = asked < of ? ` after ${asked} of ${of} patches` : '';
  const since = hidden === undefined ? '' : `, ${hidden} of ${asked} patches among units`;
  return `${reviewer}, ${kind} exam ${end}${early}${since}: ${describeErrors(exam)}${passed ? '' : '. Its verdicts did not count'}`;
};

/** Why a version worked a spec, after its name. */
export const versionWhy: Readonly<Record<WorkedVersion['why'], string>> = {
  champion: 'the champion',
  candidate: 'the candidate',
  named: 'which the profile names',
  canary: 'the candidate, in the place of the champion',
  route: 'by its route, in the place of the champion',
};

/** Which trained version worked which specs, and why. */
const versionLines = (specs: readonly SpecSummary[]): readonly string[] => {
  const worked = specs.flatMap(({ id, flow, versions = [] }) =>
    versions.map(({ node, adapter, why }) => ({ id, place: `${flow}/${node}`, adapter, why })),
  );
  const groups = Map.groupBy(worked, ({ place, adapter, why }) => `${place} ${adapter} ${why}`);
  if (groups.size === 0) return [];
  return [
    '',
    '## Versions',
    '',
    ...[...groups.values()].map((group) => {
      const [{ place, adapter, why }] = group as [(typeof worked)[number]];
      const ids = group.slice(0, shownUnits).map(({ id }) => `\`${id}\``);
      const more = group.length > ids.length ? ` and ${group.length - ids.length} more` : '';
      return `- \`${place}\`: ${codeSpan(adapter)}, ${versionWhy[why]}, ${countNoun(group.length, 'spec')}: ${ids.join(', ')}${more}`;
    }),
  ];
};

const engineLines = (engines: Summary['engines']): readonly string[] =>
  engines.length === 0
    ? []
    : [
        '',
        '## Engines',
        '',
        ...engines.flatMap((engine) => [
          `- ${codeSpan(engineName(engine))}, ${countNoun(engine.slots, 'slot')}: ${describeFigures(engine)}${engineHint(engine)}`,
          ...engine.agents.map(
            ({ agent, ...figures }) => `  - ${codeSpan(agent)}: ${describeFigures(figures)}`,
          ),
        ]),
      ];

/** A sentence to go on after. */
const plain = (text: string): string => inlineText(text.replace(/\.$/, ''));
