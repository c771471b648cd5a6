// SPDX-License-Identifier: GPL-3.0-only

/** Nodes in the order of the flow; those of one stage wait for the same. */
export const stages = [['plan'], ['work'], ['test'], ['reviewA', 'reviewB'], ['merge']] as const;

type Node = (typeof stages)[number][number];
type UnitNode = Exclude<Node, 'plan' | 'merge'>;

/** Seconds that each run of a node takes; `expected` is what the night knows before. */
export type DrawnSpec = {
  readonly id: string;
  readonly expected: number;
  readonly plan: number;
  readonly units: readonly Readonly<Record<UnitNode, number>>[];
  readonly merge: number;
};

/** Mean seconds; a spec's units and each time are log-normal around it. */
const means: Readonly<Record<Node, number>> = {
  ...{ plan: 0.2, work: 20, test: 6 },
  ...{ reviewA: 8, reviewB: 8, merge: 1 },
};
const spread = 0.8;

/** What a node's runs take for a spec. */
export const nodesOf =
  (node: Node) =>
  (spec: DrawnSpec): readonly number[] =>
    node === 'plan' || node === 'merge' ? [spec[node]] : spec.units.map((unit) => unit[node]);

/** Draws specs; half have one unit, some have dozens. */
export const drawSpecs = (count: number, seed: number): readonly DrawnSpec[] => {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const around = (node: Node) => means[node] * Math.exp(spread * normal() - spread ** 2 / 2);
  const { plan, work, test, reviewA, reviewB, merge } = means;
  return Array.from({ length: count }, (_, index) => {
    const units = Math.min(500, Math.max(1, Math.round(Math.exp(1.2 * normal()))));
    return {
      id: `spec-${index}`,
      expected: plan + merge + units * (work + test + reviewA + reviewB),
      plan: around('plan'),
      units: Array.from({ length: units }, () => ({
        ...{ work: around('work'), test: around('test') },
        ...{ reviewA: around('reviewA'), reviewB: around('reviewB') },
      })),
      merge: around('merge'),
    };
  });
};

/** Mulberry32: small and the same everywhere. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};
