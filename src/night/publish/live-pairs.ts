// SPDX-License-Identifier: GPL-3.0-only
import type { Decision } from '../../review/gate/gate-agent.ts';
import type { Pair } from '../../review/schema.ts';

/**
 * The joint judgements of a decision, one per patch that both reviewers judged. That nothing needed
 * to change is no patch: hundreds of such yeses would show an agreement that nobody tested.
 */
export const livePairs = (night: string, spec: string, { units }: Decision): readonly Pair[] =>
  units.flatMap(({ id, state, reviews = [] }) => {
    const [a, b] = reviews;
    if (!a || !b || state === 'unchanged') return [];
    return [
      {
        source: 'live' as const,
        night,
        spec,
        unit: id,
        runtimes: [a.runtime, b.runtime] as [string, string],
        verdicts: [a.verdict, b.verdict] as [Pair['verdicts'][0], Pair['verdicts'][0]],
      },
    ];
  });
