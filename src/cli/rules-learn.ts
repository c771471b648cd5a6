// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../data/count-noun.ts';
import { printable } from '../data/printable.ts';
import { readDecisions } from '../forge/decisions.ts';
import { codeSpan, inlineText } from '../markdown/inline.ts';
import { type LearnedRules, learnFromNights } from '../night/learn-from-nights.ts';
import { openForge } from '../night/open/open-forge.ts';
import { readCommit } from '../night/open/read-commit.ts';
import { fileDigest, proposeFile, rulesSpec } from '../night/publish/propose-file.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { type JsonOption, print, sayPassedOver } from './rules.ts';
import { readCount } from './shared/count-option.ts';
import { decidedNights, type TraceArguments } from './shared/nights.ts';
import { locate } from './shared/state.ts';

type LearnArguments = TraceArguments &
  JsonOption & { readonly least: string; readonly dryRun?: true };

/** `pantheon rules learn`: a pull request of rules that forbid what people rejected and never accepted. */
export const learnCommand = async (args: LearnArguments): Promise<void> => {
  const least = readCount('--least', args.least);
  const { repository, state } = await locate(args.repo);
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const commit = await readCommit(base);
    const { config } = commit;
    const say = (line: string): void => console.error(printable(line));
    const forge = await openForge({ repository, state, config, say, otherwise: 'local' });
    const listed = await forge.list();
    const nights = await decidedNights(args);
    const decisions = await readDecisions(state.decisions);
    const sources = { repository: repository.root, commit, nights, listed, decisions, least };
    const learned = await learnFromNights(sources);
    const lines = linesOf(learned, least);
    const { text, reasons: _, ...facts } = learned;
    const tell = (more: object, line?: string): void =>
      print(args, { ...facts, ...more }, line === undefined ? lines : [...lines, line]);
    if (learned.rules.length === 0 || args.dryRun) return tell({ text });
    const digest = fileDigest(learned);
    const before = listed.find(
      ({ pullRequest: { spec, specDigest } }) => spec === rulesSpec && specDigest === digest,
    );
    if (before) {
      const { branch } = before.pullRequest;
      return tell(
        { branch, state: before.state },
        `${branch} proposes this; it is ${before.state}.`,
      );
    }
    const { pullRequest, url, waiting } = await proposeFile(
      {
        ...{ spec: rulesSpec, repository: repository.root, base, config, text },
        file: learned.file,
        title: `Forbid what people rejected: ${countNoun(learned.rules.length, 'rule')}`,
        body: bodyOf(learned),
        night: nights.at(-1)?.[0] ?? '',
        date: new Date().toISOString(),
      },
      forge,
    );
    const { branch } = pullRequest;
    const where = url ?? waiting ?? 'look at it with "pantheon prs"';
    tell({ branch, state: 'open' }, `${branch}: ${where}. No rule holds before it is merged.`);
  } finally {
    await base.close();
  }
};

const linesOf = (
  { rules, file, counts, judged, changed, passedOver }: LearnedRules,
  least: number,
): readonly string[] => {
  const { rejected, accepted, forbiddenToday, unknown } = counts;
  const left = [
    ...passedOver.map(sayPassedOver),
    ...(forbiddenToday > 0 ? [`${forbiddenToday} of the rejected are forbidden already.`] : []),
    ...(unknown > 0 ? [`Of ${countNoun(unknown, 'more pull request')} no night has a patch.`] : []),
  ];
  return [
    `People rejected ${countNoun(rejected, 'pull request')} and accepted ${accepted}.`,
    ...left,
    ...(rules.length === 0
      ? [`No rule forbids ${least} or more of the rejected and none of at least ${least} accepted.`]
      : [
          '',
          ...rules.flatMap((rule) => [
            `${rule.id}: ${rule.rejected.length} rejected, 0 of ${rule.accepted} accepted`,
            ...rule.text
              .trimEnd()
              .split('\n')
              .map((line) => `  ${line}`),
          ]),
          '',
          `In ${file}: ${changeOf({ judged, changed })}`,
        ]),
  ];
};

const changeOf = ({ judged, changed }: Pick<LearnedRules, 'judged' | 'changed'>): string =>
  `${changed.length.toLocaleString('en')} of ${judged.toLocaleString('en')} recorded calls and patches change.`;

const mostShown = 50;

/** What a person decides by, as Markdown. */
const bodyOf = (learned: LearnedRules): readonly string[] => {
  const { rules, changed, reasons, counts } = learned;
  const branches = rules.flatMap(({ rejected }) => rejected);
  return [
    `From ${counts.rejected} rejected and ${counts.accepted} accepted pull requests. ${changeOf(learned)}`,
    '',
    ...rules.flatMap(({ text }) => ['```prolog', text.trimEnd(), '```', '']),
    '## What people rejected',
    '',
    ...branches.slice(0, mostShown).map((branch) => {
      const why = reasons.get(branch);
      return `- ${codeSpan(branch)}${why === undefined ? '' : `: ${inlineText(why)}`}`;
    }),
    '',
    '## What would be denied',
    '',
    ...changed
      .slice(0, mostShown)
      .map(({ address, what, rule }) => `- ${codeSpan(`${address} ${what}`)} by ${codeSpan(rule)}`),
    ...(changed.length > mostShown ? [`- and ${changed.length - mostShown} more`] : []),
  ];
};
