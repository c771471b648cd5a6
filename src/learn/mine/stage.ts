// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../chore/chores.ts';
import { memoise } from '../../data/memoise.ts';

/** The stage of what no chore understands: after all chores. */
export const lastStage = 9;

/** The place of acceptance sentences in the curriculum: that of the hardest chore among them. */
export const stagesBy = ({ read, all }: Chores): ((acceptance: readonly string[]) => number) => {
  const stageOf = memoise(10_000, (sentence: string): number => {
    const stages = (read(sentence) ?? []).map(
      ({ chore }) => all.get(chore)?.manifest.stage ?? lastStage,
    );
    return stages.length === 0 ? lastStage : Math.max(...stages);
  });
  return (acceptance) => Math.max(1, ...acceptance.map(stageOf));
};
