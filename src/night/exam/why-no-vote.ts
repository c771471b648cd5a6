// SPDX-License-Identifier: GPL-3.0-only
import type { Unit } from '../../agent/schema.ts';
import type { CodedReason } from '../../data/findings/table.ts';
import { passedExam } from '../../review/exam/exam-result.ts';
import { examRuling, whyHalted } from '../../review/gate/gate.ts';
import { examKindsIn } from '../../review/gate/gate-terms.ts';
import type { GateTerms } from '../../review/schema.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';

/** A night's words about who plays its nodes, and when they may open something. */
type VotingNight = Pick<Night, 'config' | 'runtimes'>;

/**
 * Why nothing of a spec's units could be opened tonight, whatever the work came to: the reviewers have no vote on
 * any file that they may change. `paths` gives those of the base, sorted.
 */
export const whyNoVote = async (
  { config: { gate }, runtimes }: VotingNight,
  { flow }: Pick<DecidedSpec, 'flow'>,
  { independence, standing, exams }: GateTerms,
  units: readonly Pick<Unit, 'kind' | 'paths'>[],
  paths: () => readonly string[] | Promise<readonly string[]>,
): Promise<CodedReason | undefined> => {
  if (!independence.independent) {
    return because({ code: 'gate.independence', reason: independence.reason });
  }
  const halted = because(whyHalted(standing, gate));
  if (exams.every((result) => passedExam(result, gate.exam))) return halted;
  const failed = (kind: string): CodedReason | undefined =>
    exams
      .filter((result) => result.kind === kind && !passedExam(result, gate.exam))
      .flatMap((result) =>
        Object.entries(runtimes)
          .filter(([node, runtime]) => node.startsWith(`${flow}/`) && runtime === result.runtime)
          .map(([node]) => examRuling(node.slice(flow.length + 1), result, gate.exam)),
      )[0];
  const all = await paths();
  const reasons = units.flatMap(({ kind, paths: own }) =>
    (kind === 'file' ? examKindsIn(own, own) : examKindsIn(all, own)).map(failed),
  );
  const isLost = reasons.every((reason) => reason !== undefined);
  return because(isLost ? reasons[0] : undefined) ?? halted;
};

const because = (why: CodedReason | undefined): CodedReason | undefined =>
  why && { code: why.code, reason: `gate: ${why.reason}; nothing was worked` };
