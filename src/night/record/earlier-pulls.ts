// SPDX-License-Identifier: GPL-3.0-only
import type { Forge } from '../../forge/forge.ts';
import { acceptanceOf } from '../../morning/metrics/acceptance.ts';
import type { Summary } from '../../morning/summary.ts';
import type { Night } from './night-schemas.ts';

/** How far back a morning looks. */
const days = 60;

/** What people made of the pull requests of earlier nights; nothing where there are none. As of the night's beginning. */
export const earlierPulls = async (
  forge: Pick<Forge, 'resolutions'>,
  { id, startedAt }: Pick<Night, 'id' | 'startedAt'>,
): Promise<Pick<Summary, 'earlier'>> => {
  const now = new Date(startedAt);
  const from = new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10);
  const pulls = (await forge.resolutions(now))
    .filter(({ pullRequest: { night } }) => night !== id && night.slice(0, 10) >= from)
    .map(({ pullRequest: { spec, night, branch }, resolution }) => ({
      ...{ spec, night, branch, resolution },
    }));
  if (pulls.length === 0) return {};
  const { counts, share } = acceptanceOf(pulls.map(({ resolution }) => resolution));
  return { earlier: { days, counts, share, pulls: pulls.toReversed() } };
};
