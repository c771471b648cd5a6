// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FindingCode } from '../../data/findings/table.ts';
import { UserError } from '../../data/user-error.ts';
import type { DashboardItem } from '../../forge/dashboard/item.ts';
import { isWaiting } from '../../morning/dashboard/night-row.ts';
import { summaryIfReadable } from '../../morning/read-summary.ts';
import type { SpecSummary } from '../../morning/summary.ts';
import { lastNight } from '../decide/decide-spec.ts';
import { byNight, readNight } from '../record/night-folder.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import { readOutcomes, type SpecOutcome } from '../record/outcomes.ts';
import type { StateFolder } from '../record/state-folder.ts';

/** A flow that no night has worked for so many is not looked for. */
const mostNights = 30;

/**
 * What waits, and why: each spec as the last published night that had it left it. A night of a flow's whole queue
 * says which of its specs there are.
 */
export const dashboardItems = async (
  state: Pick<StateFolder, 'traces' | 'outcomes'>,
): Promise<readonly DashboardItem[]> => {
  const outcomes = await readOutcomes(state.outcomes);
  const items: DashboardItem[] = [];
  const [flows, specs] = [new Set<string>(), new Set<string>()];
  const names = await readdir(state.traces).catch((): string[] => []);
  const nights = names
    .filter((name) => existsSync(join(state.traces, name, 'summary.json')))
    .sort(byNight)
    .slice(-mostNights);
  for (const [at, name] of nights.toReversed().entries()) {
    const folder = join(state.traces, name);
    const summary = await summaryIfReadable(folder);
    const night = summary && (await nightIfReadable(folder));
    if (!summary || !night) continue;
    const decided = new Map(night.specs.map((one) => [one.spec.id, one]));
    for (const spec of summary.specs) {
      const one = decided.get(spec.id);
      if (one && !flows.has(spec.flow) && !specs.has(spec.id)) {
        items.push(...itemOf(spec, one, outcomes));
      }
    }
    for (const { id } of summary.specs) specs.add(id);
    if (night.only === undefined) for (const { flow } of summary.specs) flows.add(flow);
    if (at === 0) items.push(...refusedItems(night));
  }
  return items;
};

const nightIfReadable = async (folder: string): Promise<Night | undefined> => {
  try {
    return await readNight(folder);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};

type Place = Pick<DashboardItem, 'state' | 'actions'>;

const places: Partial<Readonly<Record<FindingCode, Place>>> = {
  'queue.red-before': { state: 'red', actions: ['retry', 'give-up'] },
  'queue.closed': { state: 'pending', actions: ['retry'] },
  'queue.given-up': { state: 'pending', actions: ['retry'] },
  'queue.conflict': { state: 'pending', actions: ['retry'] },
  'queue.branch-taken': { state: 'pending', actions: ['give-up'] },
  'queue.depends': { state: 'pending', actions: ['give-up'] },
  'queue.no-room': { state: 'pending', actions: ['give-up'] },
};

/** Nothing of a spec that is done, or of which nothing is to be done. */
const placeOf = ({ outcome, code }: SpecSummary): Place | undefined => {
  if (outcome === 'red-bin') return { state: 'red', actions: ['retry', 'give-up'] };
  if (outcome === 'pull-request') return { state: 'pending', actions: [] };
  if (!isWaiting({ outcome, code })) return undefined;
  return (code && places[code]) ?? { state: 'pending', actions: [] };
};

const itemOf = (
  spec: SpecSummary,
  { digest, issue }: DecidedSpec,
  outcomes: readonly SpecOutcome[],
): readonly DashboardItem[] => {
  const place = placeOf(spec);
  if (!place) return [];
  const { id, title, outcome, code, reason, url } = spec;
  return [
    {
      ...{ spec: id, title, digest, ...place, after: lastNight(outcomes, id, digest) },
      ...(issue !== undefined && { issue }),
      ...(code && { code }),
      reason: outcome === 'pull-request' ? 'its pull request waits for a person' : reason,
      ...(url !== undefined && { url }),
    },
  ];
};

/** Approved issues that are no specs: they are answered where they are. */
const refusedItems = ({ refused = [] }: Night): readonly DashboardItem[] =>
  refused.map(({ issue, code, reason }) => ({
    ...{ spec: `issue-${issue}`, title: `Issue ${issue}`, digest: '', issue, state: 'pending' },
    ...(code && { code }),
    ...{ reason, actions: [], after: null },
  }));
