// SPDX-License-Identifier: GPL-3.0-only
import type { EngineSummary } from '../../morning/summary.ts';
import type { OpenEngine } from '../open/open-engines.ts';

/** Rules answer at once and hold no batch, tokens or cache: there is nothing to tell of them. */
const isModel = ({ identity }: OpenEngine): boolean => identity.engine !== 'rules';

/** What each engine did since its count began: `since` tells when that was. */
export const summariseEngines = async (
  engines: readonly OpenEngine[],
  since: EngineSummary['since'],
): Promise<readonly EngineSummary[]> =>
  Promise.all(
    engines.filter(isModel).map(async ({ identity, dispatcher }) => {
      const { slots, agents, ...figures } = await dispatcher.figures();
      const { engine, model, origin } = identity;
      return {
        engine,
        ...(model !== undefined && { model }),
        origin,
        since,
        slots,
        ...rounded(figures),
        agents: Object.entries(agents)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([agent, own]) => ({ agent, ...rounded(own) })),
      };
    }),
  );

/** Every number in it to what can be meant: a thousandth. */
export const rounded = <Value>(value: Value): Value =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'number' ? Math.round(part * 1000) / 1000 : part,
    ),
  );
