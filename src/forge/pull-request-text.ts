// SPDX-License-Identifier: GPL-3.0-only
import type { LeftOut } from '../agent/schema.ts';
import { countNoun } from '../data/count-noun.ts';
import { codeSpan, inlineText } from '../markdown/inline.ts';
import type { Decision, UnitDecision } from '../review/gate/gate-agent.ts';
import type { Review } from '../review/schema.ts';
import type { Spec } from '../spec/schema.ts';
import type { PullRequest } from './forge.ts';

/** What a pull request's text is made from. Texts may come from a model or an issue: they are hostile. */
export type PullRequestFacts = {
  readonly spec: Spec;
  readonly pullRequest: Omit<PullRequest, 'body'>;
  readonly decision: Pick<Decision, 'units' | 'stats' | 'tests'>;
  /** Files in scope that were not worked. */
  readonly left: readonly LeftOut[];
  /** What the plan had to say. */
  readonly notices: readonly string[];
  /** Sentences about what no step has looked at, each with what that is. */
  readonly unchecked: ReadonlyMap<string, string>;
  /** By unit. */
  readonly reviews: ReadonlyMap<string, readonly Review[]>;
};

const shown = 50;

/** From here on a pull request's text says how to decide, which differs from forge to forge. */
export const decideHeading = '## Take it or refuse it';

/** The pull request's text as Markdown: what it does, who approved it, how to take or refuse it. */
export const renderPullRequest = (facts: PullRequestFacts): string => {
  const { spec, pullRequest, decision, left, notices, unchecked, reviews } = facts;
  const { branch, base, supersedes, specDigest } = pullRequest;
  const { stats, tests } = decision;
  const approved = decision.units.filter(({ state }) => state === 'approved');
  const red = decision.units.filter(({ state }) => state === 'red');
  const mentions = approved.flatMap(({ mentions: found = [] }) => found);
  const out = [...left, ...approved.flatMap(({ left: own = [] }) => own)];
  // Every unit in here was approved, but a file left red or out leaves the sentence unmet somewhere.
  const tick = red.length === 0 && out.length === 0 ? 'x' : ' ';
  const lines = [
    `# ${inlineText(spec.title)}`,
    '',
    `Spec \`${spec.id}\` (digest \`${specDigest.slice(0, 12)}\`), worked in night \`${pullRequest.night}\`.`,
    ...supersedes.map((older) => `Supersedes \`${older}\`, made from an older text of the spec.`),
    '',
    '## Acceptance',
    '',
    ...spec.acceptance.map(
      (sentence) => `- [${unchecked.has(sentence) ? ' ' : tick}] ${inlineText(sentence)}`,
    ),
    ...[...new Set(unchecked.values())].flatMap((why) => ['', `Not ticked: ${why}.`]),
    ...(red.length > 0
      ? [
          '',
          `Not ticked: ${red.length} of ${red.length + approved.length} units were left red, see below.`,
        ]
      : []),
    ...notices.flatMap((notice) => ['', `Note: ${inlineText(notice)}.`]),
    ...(out.length > 0 ? ['', `Not ticked: ${countOut(out, decision)} left out, see below.`] : []),
    '',
    '## Change',
    '',
    `${countNoun(stats.files, 'file')}, ${countNoun(stats.insertions, 'insertion')}, ${countNoun(stats.deletions, 'deletion')}, on \`${base.slice(0, 12)}\`.`,
    ...(mentions.length > 0
      ? [
          '',
          '## Still with the old name',
          '',
          'Comments, texts and documents are left as they are; look at these.',
          '',
          ...cut(mentions, (mention) => `- ${codeSpan(mention)}`),
        ]
      : []),
    '',
    '## Tests',
    '',
    describeTests(tests),
    '',
    '## Reviews',
    '',
    ...cut(
      approved,
      (unit) => `- ${names(changedIn(unit))}: ${reviews.get(unit.id)?.map(opinion).join('; ')}`,
    ),
    ...(red.length > 0
      ? [
          '',
          '## Left red',
          '',
          ...cut(red, ({ paths, reason = '' }) => `- ${names(paths)}: ${inlineText(reason)}`),
        ]
      : []),
    ...(out.length > 0
      ? [
          '',
          '## Left out',
          '',
          ...cut(out, ({ path, reason }) => `- ${codeSpan(path)} ${inlineText(reason)}`),
        ]
      : []),
    '',
    decideHeading,
    '',
    '```sh',
    `git diff ${base.slice(0, 12)} ${branch}   # look`,
    `git switch ${branch}                 # try`,
    `pantheon accept ${branch} --merge`,
    `pantheon reject ${branch} --why "..."`,
    '```',
    '',
    `<!-- pantheon:${spec.id}:${specDigest} -->`,
    '',
  ];
  return lines.join('\n');
};

/** What ran on the joined tree and how it ended, in sentences. */
export const describeTests = (tests: Decision['tests']): string => {
  const { passed, failed, skipped, checks = 0 } = tests;
  const noun = tests.counted === 'checks' ? 'check' : 'test';
  const counts =
    passed + failed + skipped > 0
      ? `${countNoun(passed, noun)} passed, ${failed} failed, ${skipped} skipped on the joined tree.`
      : 'No tests ran.';
  const ofSpec = checks > 0 ? ` ${countNoun(checks, 'check')} of the spec passed.` : '';
  return `${counts}${failsBefore(tests)}${ofSpec}`;
};

const failsBefore = ({ failedBefore = 0 }: Decision['tests']): string => {
  if (failedBefore === 0) return '';
  const verb = failedBefore === 1 ? 'fails' : 'fail';
  return ` ${countNoun(failedBefore, 'more test')} ${verb} without the patch too.`;
};

/** Of how many files is known where each is a unit. */
const countOut = (out: readonly LeftOut[], { units }: Pick<Decision, 'units'>): string =>
  units.every(({ kind }) => kind === 'file')
    ? `${out.length} of ${out.length + units.length} files were`
    : `${countNoun(out.length, 'file')} ${out.length === 1 ? 'was' : 'were'}`;

const changedIn = ({ paths, changes = [] }: UnitDecision): readonly string[] =>
  changes.length > 0 ? changes.map(({ path }) => path) : paths;

const names = (paths: readonly string[]): string => paths.map((path) => codeSpan(path)).join(', ');

const opinion = ({ reviewer, verdict, findings }: Review): string =>
  `${reviewer} ${verdict === 'approve' ? 'approves' : 'rejects'}${findings.length > 0 ? ` (${inlineText(findings.join('; ').slice(0, 300))})` : ''}`;

const cut = <Item>(items: readonly Item[], line: (item: Item) => string): readonly string[] => [
  ...items.slice(0, shown).map(line),
  ...(items.length > shown ? [`- and ${items.length - shown} more, in the bundles`] : []),
];
