// SPDX-License-Identifier: GPL-3.0-only
import { styleText } from 'node:util';
import { countNoun } from '../../data/count-noun.ts';
import { printable } from '../../data/printable.ts';
import { describeFigures, engineHint, engineName } from '../../morning/engine-figures.ts';
import type { SpecSummary, Summary } from '../../morning/summary.ts';
import { wrap } from './wrap.ts';

const titles = {
  'pull-request': ['green', 'Pull requests'],
  'red-bin': ['red', 'Red bins'],
  skipped: ['yellow', 'Skipped'],
} as const;

export type Surroundings = {
  /** Of the night. */
  readonly folder: string;
  /** What a command must be told where it is not the current folder. */
  readonly repo: string | undefined;
  /** A line for each spec file that could not be read. */
  readonly mistakes: readonly string[];
  /** Columns of the terminal; `undefined` where it is none and nothing is wrapped. */
  readonly width: number | undefined;
};

/** The end of a night for a terminal: specs by outcome with the reason and where to look next. */
export const renderOutcomes = (
  summary: Summary,
  { folder, repo, mistakes, width }: Surroundings,
): string => {
  const { specs, counts } = summary;
  const command = commandFor(repo);
  // Bundles are packed: a path into the night's folder would lead nowhere.
  const look = ({ outcome, trace, url }: SpecSummary): string =>
    outcome === 'pull-request'
      ? (url ?? `${folder}/${trace}`)
      : command('trace show', `${summary.night}/${trace}`);
  const sections = (Object.keys(titles) as (keyof typeof titles)[]).flatMap((outcome) => {
    const matching = specs.filter((spec) => spec.outcome === outcome);
    const [colour, title] = titles[outcome];
    if (matching.length === 0) return [];
    return [
      '',
      styleText(colour, `${title} (${matching.length})`),
      ...matching.flatMap((spec) => rows(spec, look, width)),
    ];
  });
  const total = `${countNoun(counts.pullRequests, 'pull request')}, ${countNoun(counts.redBins, 'red bin')}, ${counts.skipped} skipped`;
  const lines = [
    ...(specs.length === 0 ? ['', 'There was no spec to work. Commit one in specs/.'] : sections),
    ...notRead(mistakes, width),
    ...engineRows(summary, width),
    '',
    `Night ${summary.night}: ${total}. Report: ${folder}/report.html`,
    ...next(summary, command),
    '',
  ];
  return lines.join('\n');
};

const notRead = (mistakes: readonly string[], width: number | undefined): readonly string[] =>
  mistakes.length === 0
    ? []
    : [
        '',
        styleText('red', `Not read (${mistakes.length})`),
        ...mistakes.flatMap((mistake) => wrap(clean(mistake), width, 2)),
      ];

const engineRows = ({ engines }: Summary, width: number | undefined): readonly string[] =>
  engines.length === 0
    ? []
    : [
        '',
        styleText('bold', `Engines (${engines.length})`),
        ...engines.flatMap((engine) =>
          wrap(
            clean(
              `${engineName(engine)}, ${countNoun(engine.slots, 'slot')}: ${describeFigures(engine)}${engineHint(engine)}`,
            ),
            width,
            2,
          ),
        ),
      ];

const rows = (
  spec: SpecSummary,
  look: (spec: SpecSummary) => string,
  width: number | undefined,
): readonly string[] => {
  const { id, branch, code, reason, units, waiting } = spec;
  const { approved, red, skipped } = units;
  const counts = [
    ...(approved > 0 ? [`${approved} approved`] : []),
    ...(red > 0 ? [`${red} red`] : []),
    ...(skipped > 0 ? [`${skipped} unchanged`] : []),
  ].join(', ');
  const head = [branch ?? id, ...(counts ? [`(${counts})`] : [])].join(' ');
  return [
    `  ${styleText('bold', clean(head))}${code === undefined ? '' : ` ${styleText('dim', code)}`}`,
    ...wrap(clean(reason), width, 4),
    ...(waiting === undefined ? [] : wrap(clean(`waits to be sent: ${waiting}`), width, 4)),
    ...(spec.outcome === 'skipped' ? [] : [`    ${styleText('dim', look(spec))}`]),
  ];
};

/** Reasons quote models and files: one line, and nothing a terminal would act on. */
const clean = (text: string): string => printable(text).slice(0, 400);

type Command = (name: string, ...rest: readonly string[]) => string;

/** A command line to copy, called as the person called this one: a fresh clone has none in PATH. */
const commandFor =
  (repo: string | undefined): Command =>
  (name, ...rest) =>
    [
      process.env.PANTHEON_COMMAND ?? 'pantheon',
      name,
      ...rest,
      ...(repo === undefined ? [] : ['--repo', quoted(repo)]),
    ].join(' ');

/** As a POSIX shell takes one word (POSIX.1-2024, 2.2.2 Single-Quotes). */
const quoted = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${printable(word).replaceAll("'", "'\\''")}'`;

const next = ({ counts, specs }: Summary, command: Command): readonly string[] => {
  const first = specs.find(({ branch }) => branch !== null)?.branch;
  return counts.pullRequests > 0 && first
    ? [`Next: ${command('prs')}`, `      ${command('accept', first, '--merge')}`]
    : [];
};
