// SPDX-License-Identifier: GPL-3.0-only
import type { PullRequestDecision } from '../../forge/decisions.ts';
import { workedHours } from '../metrics/expected-accepted.ts';
import type { NodeMetrics } from '../metrics/node-metrics.ts';
import { sizingOf } from '../panels/queue-panel.ts';
import type { SpecSummary, Summary } from '../summary.ts';

/** A night in `dashboard.json`; what nobody measured is `null`. */
export type NightRow = {
  readonly night: string;
  readonly startedAt: string;
  readonly opened: number;
  /** Of the pull requests that it opened: what people have said by now. */
  readonly accepted: number;
  readonly rejected: number;
  readonly red: number;
  /** Specs that wait for something. */
  readonly pending: number;
  readonly kappa: readonly Pick<Summary['reviewers'][number], 'flow' | 'kappa' | 'state'>[];
  /** Share of the engines' slots that was busy. */
  readonly utilisation: number | null;
  readonly tokens: { readonly prompt: number; readonly completion: number } | null;
  readonly hours: number;
  /** Its own page, from where the dashboard lies. */
  readonly page: string;
};

/** A night that cannot be read, and why. */
export type NightFault = { readonly night: string; readonly fault: string };

type NightFacts = {
  readonly summary: Summary;
  readonly nodes: readonly NodeMetrics[];
  readonly decisions: readonly PullRequestDecision[];
};

/** The figures of one night. */
export const nightRowOf = ({ summary, nodes, decisions }: NightFacts): NightRow => {
  const { night, startedAt, counts, reviewers, specs, engines } = summary;
  const said = lastWords(decisions.filter((decision) => decision.night === night));
  const sum = (of: 'prompt' | 'completion') =>
    engines.reduce((tokens, engine) => tokens + engine.tokens[of], 0);
  return {
    ...{ night, startedAt, opened: counts.pullRequests, red: counts.redBins },
    accepted: said.filter((decision) => decision === 'accept').length,
    rejected: said.filter((decision) => decision === 'reject').length,
    pending: specs.filter(isWaiting).length,
    kappa: reviewers.map(({ flow, kappa, state }) => ({ flow, kappa, state })),
    utilisation: sizingOf({ summary, nodes })?.utilisation ?? null,
    tokens: engines.length === 0 ? null : { prompt: sum('prompt'), completion: sum('completion') },
    hours: workedHours(nodes),
    page: `nights/${night}.html`,
  };
};

/** What was decided last of each pull request: a person may think again. */
const lastWords = (
  decisions: readonly PullRequestDecision[],
): readonly PullRequestDecision['decision'][] => [
  ...new Map(
    decisions.map(({ branch, commit, decision }) => [`${branch} ${commit}`, decision]),
  ).values(),
];

const done: readonly (string | undefined)[] = ['queue.merged', 'queue.ended-before'];

/** Whether a spec that was not worked waits for something: for another, for room, or for a person. */
export const isWaiting = ({ outcome, code }: Pick<SpecSummary, 'outcome' | 'code'>): boolean =>
  outcome === 'skipped' && code?.startsWith('queue.') === true && !done.includes(code);
