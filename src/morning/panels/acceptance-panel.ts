// SPDX-License-Identifier: GPL-3.0-only
import { ignoredAfterDays } from '../../forge/resolution.ts';
import type { Panel } from '../client/page-data.ts';
import { estimateText, percentText } from './figures.ts';
import type { MorningFacts } from './morning-facts.ts';

const shown = 30;

/** What people made of the pull requests of earlier nights. */
export const acceptancePanel = ({ summary }: MorningFacts): Panel | undefined => {
  if (!summary.earlier) return undefined;
  const { days, counts, share, pulls } = summary.earlier;
  const decided = pulls.filter(({ resolution }) => resolution !== 'pending');
  return {
    id: 'acceptance',
    title: 'Earlier pull requests',
    facts: [
      {
        label: `Accepted of decided, ${days} days`,
        text: share === null ? percentText(null) : estimateText(share),
      },
      ...Object.entries(counts).map(([resolution, count]) => ({
        label: resolution,
        text: `${count}${notes[resolution] ?? ''}`,
      })),
      ...decided.slice(0, shown).map(({ spec, night, resolution }) => ({
        label: `${spec}, ${night}`,
        text: resolution,
        bad: resolution === 'rejected',
      })),
    ],
    dials: [],
    charts: [],
    command: `pantheon report ${summary.night} --json | jq .earlier`,
  };
};

const notes: Readonly<Record<string, string>> = {
  'zero-touch': ', merged as the night made them and no change asked for',
  ignored: `, closed by a bot or ${ignoredAfterDays} days without a person; not in the share`,
  unknown: ', not to be read; not in the share',
};
