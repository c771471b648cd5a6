// SPDX-License-Identifier: GPL-3.0-only
import { styleText } from 'node:util';
import { printable } from '../data/printable.ts';
import type { SpecSummary, Summary } from '../morning/summary.ts';

const titles = {
  'pull-request': ['green', 'Pull requests'],
  'red-bin': ['red', 'Red bins'],
  skipped: ['yellow', 'Skipped'],
} as const;

/** The end of a night for a terminal: specs by outcome with the reason and where to look next. */
export const renderOutcomes = (
  summary: Summary,
  folder: string,
  exampleVault: string | undefined,
): string => {
  const { specs, counts } = summary;
  const sections = (Object.keys(titles) as (keyof typeof titles)[]).flatMap((outcome) => {
    const own = specs.filter((spec) => spec.outcome === outcome);
    const [colour, title] = titles[outcome];
    if (own.length === 0) return [];
    return [
      '',
      styleText(colour, `${title} (${own.length})`),
      ...own.flatMap((spec) => rows(spec, folder)),
    ];
  });
  const total = `${counts.pullRequests} pull requests, ${counts.redBins} red bins, ${counts.skipped} skipped`;
  const lines = [
    ...(specs.length === 0 ? ['', 'There was no spec to work.'] : sections),
    '',
    `Night ${summary.night}: ${total}. Report: ${folder}/report.md`,
    ...next(summary, exampleVault),
    '',
  ];
  return lines.join('\n');
};

const rows = (spec: SpecSummary, folder: string): readonly string[] => {
  const { id, branch, reason, units, trace } = spec;
  const { approved, red, skipped } = units;
  const counts = [
    ...(approved > 0 ? [`${approved} approved`] : []),
    ...(red > 0 ? [`${red} red`] : []),
    ...(skipped > 0 ? [`${skipped} unchanged`] : []),
  ].join(', ');
  const head = [branch ?? id, ...(counts ? [`(${counts})`] : [])].join(' ');
  return [
    `  ${styleText('bold', clean(head))}`,
    `    ${clean(reason)}`,
    ...(spec.outcome === 'skipped' ? [] : [`    ${styleText('dim', `${folder}/${trace}`)}`]),
  ];
};

/** Reasons quote models and files: one line, and nothing a terminal would act on. */
const clean = (text: string): string => printable(text).slice(0, 400);

const next = ({ counts, specs }: Summary, exampleVault: string | undefined): readonly string[] => {
  const where = exampleVault === undefined ? '' : ` --repo ${exampleVault}`;
  const first = specs.find(({ branch }) => branch !== null)?.branch;
  // As the person called it: a fresh clone has no `pantheon` in the PATH.
  const command = process.env.PANTHEON_COMMAND ?? 'pantheon';
  return counts.pullRequests > 0 && first
    ? [`Next: ${command} prs${where}`, `      ${command} accept ${first}${where} --merge`]
    : [];
};
