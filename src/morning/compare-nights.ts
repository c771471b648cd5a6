// SPDX-License-Identifier: GPL-3.0-only
import { workedHours } from './metrics/expected-accepted.ts';
import type { NodeMetrics } from './metrics/node-metrics.ts';
import type { SpecSummary, Summary } from './summary.ts';

/** A night and the figures of its bundles. */
export type ComparedNight = {
  readonly summary: Summary;
  readonly nodes: readonly NodeMetrics[];
};

type Ending = { readonly outcome: SpecSummary['outcome']; readonly code: string | null };

/** A spec that ended otherwise, or that only one of the nights had (`null` in the other). */
export type ChangedSpec = {
  readonly spec: string;
  readonly before: Ending | null;
  readonly after: Ending | null;
};

/** What is different in the second of two nights. */
export type NightComparison = {
  readonly nights: readonly [string, string];
  readonly counts: readonly [Summary['counts'], Summary['counts']];
  readonly specs: readonly ChangedSpec[];
  /** Specs that ended alike in both. */
  readonly unchanged: number;
  /** Agents as `name@version` that only one of the two ran. */
  readonly agents: { readonly gone: readonly string[]; readonly came: readonly string[] };
  /** Red units and specs by code, where the numbers differ. */
  readonly reds: readonly { readonly code: string; readonly counts: readonly [number, number] }[];
  /** From the first step to the end of the last one. */
  readonly hours: readonly [number, number];
};

/** Compares a night with an earlier one: specs, what is red, agents and time. */
export const compareNights = (before: ComparedNight, after: ComparedNight): NightComparison => {
  const pair = <Value>(read: (night: ComparedNight) => Value) =>
    [read(before), read(after)] as const;
  const [earlier, later] = pair(
    ({ summary }) => new Map(summary.specs.map((one) => [one.id, one])),
  );
  const ids = [...new Set([...earlier.keys(), ...later.keys()])].sort();
  const endings = ids.map((spec) => ({
    spec,
    before: endingOf(earlier.get(spec)),
    after: endingOf(later.get(spec)),
  }));
  const specs = endings.filter((one) => !isAlike(one));
  const [old, fresh] = pair(({ nodes }) => new Set(nodes.map(({ agent }) => agent)));
  return {
    nights: pair(({ summary }) => summary.night),
    counts: pair(({ summary }) => summary.counts),
    specs,
    unchanged: endings.length - specs.length,
    agents: {
      gone: [...old.difference(fresh)].sort(),
      came: [...fresh.difference(old)].sort(),
    },
    reds: changedReds(...pair(({ summary }) => redCodes(summary))),
    hours: pair(({ nodes }) => workedHours(nodes)),
  };
};

const endingOf = (spec: SpecSummary | undefined): Ending | null =>
  spec === undefined ? null : { outcome: spec.outcome, code: spec.code ?? null };

const isAlike = ({ before, after }: ChangedSpec): boolean =>
  before?.outcome === after?.outcome && before?.code === after?.code;

/** How often each code ended a unit, or a spec that came to no units. */
const redCodes = ({ specs }: Summary): ReadonlyMap<string, number> => {
  const codes = specs.flatMap(({ outcome, code, unitDetails }) => {
    const red = unitDetails.filter(({ state }) => state === 'red');
    if (red.length > 0) return red.map((unit) => unit.code ?? 'no code');
    return outcome === 'red-bin' ? [code ?? 'no code'] : [];
  });
  return new Map([...Map.groupBy(codes, (code) => code)].map(([code, own]) => [code, own.length]));
};

const changedReds = (
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): NightComparison['reds'] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((code) => ({ code, counts: [before.get(code) ?? 0, after.get(code) ?? 0] as const }))
    .filter(({ counts: [first, second] }) => first !== second);
