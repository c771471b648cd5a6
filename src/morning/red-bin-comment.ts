// SPDX-License-Identifier: GPL-3.0-only
import { basename } from 'node:path';
import { countNoun } from '../data/count-noun.ts';
import { findingOf } from '../data/findings/table.ts';
import { codeSpan, inlineText } from '../markdown/inline.ts';
import type { SpecSummary, UnitSummary } from './summary.ts';

export type RedBinFacts = {
  readonly spec: SpecSummary;
  readonly night: string;
  /** The page of the run whose artifacts contain the bundles. */
  readonly run: string | undefined;
  /** Whether it is tried again although nothing changes. */
  readonly transient: boolean;
};

const shownUnits = 50;

/** What a person reads below the issue of a spec that ended red: why, where, and what to try. */
export const redBinComment = ({ spec, night, run, transient }: RedBinFacts): string => {
  const red = spec.unitDetails.filter(({ state }) => state === 'red');
  const { approved } = spec.units;
  return [
    `**This ended red in night ${codeSpan(night)}**${codeIn(spec)}: ${sentence(spec.reason)}`,
    '',
    ...(red.length > 0
      ? [
          `${countNoun(red.length, 'unit')} red${approved > 0 ? `, ${approved} approved` : ''}:`,
          '',
          ...red.slice(0, shownUnits).map(unitLine),
          ...(red.length > shownUnits
            ? [`- and ${red.length - shownUnits} more, in the artifacts`]
            : []),
          '',
        ]
      : []),
    toTry(
      spec.code,
      transient
        ? 'The next night works it again.'
        : 'The next night then works it again; an edit of the issue needs a new approval.',
    ),
    '',
    run === undefined
      ? `Every step is in the bundles: \`pantheon trace show ${night}/${spec.trace}\`.`
      : `Every step is in the bundles, [artifacts of the night](${run}): \`gh run download ${basename(run)} --dir night\`, then \`pantheon trace show --artifacts night ${night}/${spec.trace}\`.`,
  ].join('\n');
};

/** What takes the place of that comment once a later night ended the spec well. */
export const fixedComment = ({ spec, night }: Pick<RedBinFacts, 'spec' | 'night'>): string =>
  spec.branch === null
    ? `**No longer red**: in night ${codeSpan(night)} there was nothing to do: ${sentence(spec.reason)}`
    : `**No longer red**: night ${codeSpan(night)} finished a pull request, ${spec.url ?? codeSpan(spec.branch)}: ${sentence(spec.reason)}`;

/** What a person reads below an approved issue that was not worked at all. */
export const refusedComment = (
  night: string,
  { code, reason }: Pick<SpecSummary, 'code' | 'reason'>,
): string =>
  [
    `**Night ${codeSpan(night)} did not work this**${codeIn({ code })}:`,
    '',
    ...reason.split('\n').map((line) => `- ${sentence(line)}`),
    '',
    toTry(code, 'An edit of the issue needs a new approval.'),
  ].join('\n');

const unitLine = (unit: UnitSummary): string => {
  const { paths, node, reason = '' } = unit;
  return `- ${paths.map((path) => codeSpan(path)).join(', ') || 'the spec'}${node === undefined ? '' : ` at ${codeSpan(node)}`}${codeIn(unit)}: ${sentence(reason)}`;
};

/** What others wrote, as one line of bounded length. */
const sentence = (text: string): string => {
  const [line = ''] = text.split('\n');
  const cut = line.length > 600 ? `${line.slice(0, 600)}...` : line;
  return inlineText(cut.replace(/\.?$/, '.'));
};

const codeIn = ({ code }: Pick<SpecSummary, 'code'>): string =>
  code === undefined ? '' : ` (${codeSpan(code)})`;

/** What to do about a code, and what happens then. */
const toTry = (code: SpecSummary['code'], then: string): string => {
  const finding = code && findingOf(code);
  return `**To try**: ${finding ? `${finding.fix} ` : ''}${then}`;
};
