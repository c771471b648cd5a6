// SPDX-License-Identifier: GPL-3.0-only
import { basename } from 'node:path';
import { countNoun } from '../data/count-noun.ts';
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
    `**This ended red in night ${codeSpan(night)}**: ${sentence(spec.reason)}`,
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
    `**To try**: ${fixOf(spec, red, transient)}`,
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
export const refusedComment = (night: string, reason: string): string =>
  [
    `**Night ${codeSpan(night)} did not work this**:`,
    '',
    ...reason.split('\n').map((line) => `- ${sentence(line)}`),
    '',
    '**To try**: change the issue, or what the reason speaks of, and set the label again: an edit needs a new approval.',
  ].join('\n');

const unitLine = ({ paths, node, reason = '' }: UnitSummary): string =>
  `- ${paths.map((path) => codeSpan(path)).join(', ') || 'the spec'}${node === undefined ? '' : ` at ${codeSpan(node)}`}: ${sentence(reason)}`;

/** What others wrote, as one line of bounded length. */
const sentence = (text: string): string => {
  const [line = ''] = text.split('\n');
  const cut = line.length > 600 ? `${line.slice(0, 600)}...` : line;
  return inlineText(cut.replace(/\.?$/, '.'));
};

const fixes: Readonly<Record<string, string>> = {
  declined:
    'fix the files that are named, or take them out of the scope; if no file is to blame, say in the acceptance more exactly what is meant, one thing per sentence.',
  plan: 'fix the spec as the reason says; its scope may match no file, or too many.',
  secret:
    'take the secret out of the file that is named, or the file out of `scope` and `context`, and replace the secret where it is in use: it is in the history.',
  tests: 'look at the failing tests; if they failed before, fix them first.',
  denied: 'widen the scope if the change belongs there, or narrow the acceptance to the scope.',
  steps: 'split the spec into smaller ones, or raise `limits.maxSteps`.',
  tokens: 'split the spec into smaller ones.',
  context: 'narrow `scope` and `context`: the files to read do not fit into the model.',
};

const fixOf = (
  { reason }: SpecSummary,
  red: readonly UnitSummary[],
  transient: boolean,
): string => {
  if (transient)
    return 'nothing; the next night works it again. If it stays red, run `pantheon doctor`.';
  const [code = ''] = mostCommon(red.flatMap((unit) => unit.code ?? []));
  const fix = fixes[code] ?? (reason.startsWith('plan') ? fixes.plan : undefined);
  const then = 'The next night then works it again; an edit of the issue needs a new approval.';
  return fix === undefined
    ? `read the findings, and say in the spec what the reviewers could not tell. ${then}`
    : `${fix} ${then}`;
};

const mostCommon = (codes: readonly string[]): readonly string[] => {
  const times = (code: string) => codes.filter((other) => other === code).length;
  return [...new Set(codes)].sort((a, b) => times(b) - times(a));
};
