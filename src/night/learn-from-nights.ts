// SPDX-License-Identifier: GPL-3.0-only
import { type DecidedPatch, type LearnedRule, learnRules } from '../boundary/rules/learn.ts';
import type { RuleBook } from '../boundary/rules/rule-book.ts';
import { UserError } from '../data/user-error.ts';
import type { PullRequestDecision } from '../forge/decisions.ts';
import type { ListedPullRequest } from '../forge/forge.ts';
import { formatAddress } from '../trace/bundle.ts';
import { readBaseFile } from './open/base-files.ts';
import { committedRules } from './open/open-setup.ts';
import { rulesFolder } from './open/own-rules.ts';
import type { CommittedFiles } from './open/read-commit.ts';
import { registrySpec, rulesSpec } from './publish/propose-file.ts';
import { type NightProposal, type PassedOver, proposalsOf } from './recorded-nights.ts';

export type LearningSources = {
  readonly repository: string;
  /** Whose rules hold today, and on which more are proposed. */
  readonly commit: CommittedFiles;
  readonly nights: readonly (readonly [night: string, folder: string])[];
  readonly listed: readonly ListedPullRequest[];
  readonly decisions: readonly PullRequestDecision[];
  /** How many rejected pull requests a rule must forbid. */
  readonly least: number;
};

export type LearnedRules = {
  readonly rules: readonly LearnedRule[];
  /** The file that they are added to, and its whole text with them. */
  readonly file: string;
  readonly text: string;
  /** Pull requests by what people decided; `unknown`: no night has left their patches. */
  readonly counts: Readonly<Record<'rejected' | 'accepted' | 'forbiddenToday' | 'unknown', number>>;
  /** Recorded calls and patches, and those that only the new rules deny. */
  readonly judged: number;
  readonly changed: readonly {
    readonly address: string;
    readonly what: string;
    readonly rule: string;
  }[];
  readonly passedOver: readonly PassedOver[];
  /** What people said when they rejected, by branch. */
  readonly reasons: ReadonlyMap<string, string>;
};

/** Learns rules from what people decided, and judges all that nights recorded by them. @throws UserError where there is no place for a rule. */
export const learnFromNights = async (sources: LearningSources): Promise<LearnedRules> => {
  const { commit, repository, nights, least } = sources;
  const folder = rulesFolder(commit.config);
  if (folder === undefined) {
    const message = 'rules: is false, so there is no place for a rule. Name a folder';
    throw new UserError(message, { place: { file: 'pantheon.yaml' } });
  }
  const file = `${folder}/learned.pl`;
  const pulls = decidedPulls(sources);
  const today = committedRules(commit);
  try {
    await today.check();
    const proposals: Judged[] = [];
    const passedOver: PassedOver[] = [];
    const tell = (passed: PassedOver): unknown => passedOver.push(passed);
    for await (const proposal of proposalsOf(repository, nights, today, tell)) {
      proposals.push({ ...proposal, allowed: (await today.judge(proposal.facts)).allow });
    }
    const { patches, counts } = patchesOf(pulls, proposals);
    const rules = learnRules(patches, least);
    const before = (await readBaseFile(commit.base, file))?.text.trimEnd() ?? header;
    const text = `${[before, ...rules.map((rule) => rule.text.trimEnd())].join('\n\n')}\n`;
    const others = (await commit.rules()).filter(({ name }) => name !== file);
    const more = committedRules({
      config: commit.config,
      rules: async () => [...others, { name: file, text }],
    });
    const changed = rules.length === 0 ? [] : await deniedBy(more, proposals, patches);
    return {
      rules,
      file,
      text,
      counts,
      judged: proposals.length,
      changed,
      passedOver,
      reasons: reasonsOf(pulls),
    };
  } finally {
    await today.close();
  }
};

const header = `% SPDX-License-Identifier: GPL-3.0-only
% Proposed by "pantheon rules learn" from pull requests that people rejected.`;

type Judged = NightProposal & { readonly allowed: boolean };

type DecidedPull = Pick<ListedPullRequest, 'pullRequest'> &
  Pick<PullRequestDecision, 'decision' | 'why'>;

/** What is merged was accepted, whoever did it; what is closed was rejected where somebody said so. */
const decidedPulls = ({ listed, decisions }: LearningSources): readonly DecidedPull[] =>
  listed.flatMap(({ pullRequest, state }): readonly DecidedPull[] => {
    const { branch, commit, spec } = pullRequest;
    if (spec === rulesSpec || spec === registrySpec) return [];
    if (state === 'merged') return [{ pullRequest, decision: 'accept' }];
    const last = decisions.findLast((made) => made.branch === branch && made.commit === commit);
    return last ? [{ pullRequest, ...last }] : [];
  });

const reasonsOf = (pulls: readonly DecidedPull[]): ReadonlyMap<string, string> =>
  new Map(
    pulls.flatMap(({ pullRequest, decision, why }) =>
      decision === 'reject' && why !== undefined ? [[pullRequest.branch, why]] : [],
    ),
  );

/** The patches of decided pull requests; of what today's rules forbid there is nothing to learn. */
const patchesOf = (pulls: readonly DecidedPull[], proposals: readonly Judged[]) => {
  const byUnit = new Map(
    pulls.flatMap((pull) =>
      pull.pullRequest.units.approved.map(
        (unit) => [`${pull.pullRequest.night}/${pull.pullRequest.spec}/${unit}`, pull] as const,
      ),
    ),
  );
  const patches: DecidedPatch[] = [];
  const forbidden = new Set<string>();
  for (const { what, night, address, facts, allowed } of proposals) {
    const pull = byUnit.get(`${night}/${address.spec}/${address.unit}`);
    if (!pull || what !== 'the patch') continue;
    const {
      pullRequest: { branch },
      decision,
    } = pull;
    patches.push({ branch, decision, facts });
    if (decision === 'reject' && !allowed) forbidden.add(branch);
  }
  const seen = new Set(patches.map(({ branch }) => branch));
  const count = (decision: DecidedPull['decision']) =>
    pulls.filter((pull) => pull.decision === decision && seen.has(pull.pullRequest.branch)).length;
  return {
    patches: patches.filter(({ branch }) => !forbidden.has(branch)),
    counts: {
      rejected: count('reject'),
      accepted: count('accept'),
      forbiddenToday: forbidden.size,
      unknown: pulls.filter(({ pullRequest }) => !seen.has(pullRequest.branch)).length,
    },
  };
};

/** What was allowed and no longer is. @throws Error where that is a patch that people accepted. */
const deniedBy = async (
  rules: RuleBook,
  proposals: readonly Judged[],
  patches: readonly DecidedPatch[],
): Promise<LearnedRules['changed']> => {
  try {
    await rules.check();
    const accepted = new Set(
      patches.flatMap(({ decision, facts }) => (decision === 'accept' ? [facts] : [])),
    );
    const changed = [];
    for (const { night, address, what, facts, allowed } of proposals) {
      const now = allowed ? await rules.judge(facts) : undefined;
      if (!now || now.allow) continue;
      if (accepted.has(facts)) throw new Error(`${now.rule} denies what people accepted`);
      changed.push({ address: `${night}/${formatAddress(address)}`, what, rule: now.rule });
    }
    return changed;
  } finally {
    await rules.close();
  }
};
