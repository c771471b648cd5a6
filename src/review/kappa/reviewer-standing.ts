// SPDX-License-Identifier: GPL-3.0-only
import type { GateConfig } from '../../config/schema.ts';
import type { Agreement, Pair, Standing } from '../schema.ts';
import { agreementOf } from './agreement.ts';
import { formatJointErrors, jointErrorsOf, judgedPatches, sharedErrors } from './joint-errors.ts';

/** Judges a window (`readWindow`) by `gate.kappa`, and exam pairs (`readExamPairs`) by `gate.jointErrors`. */
export const standingOf = (
  window: readonly Pair[],
  { kappa, jointErrors }: Pick<GateConfig, 'kappa' | 'jointErrors'>,
  examPairs: readonly Pair[] = [],
): Standing => {
  const all = agreementOf(window.map(({ verdicts }) => verdicts));
  const live = agreementOf(
    window.filter(({ source }) => source === 'live').map(({ verdicts }) => verdicts),
  );
  const exam = jointErrorsOf(judgedPatches(examPairs));
  const state = sharedErrors(exam, jointErrors) ? 'halt' : stateOf(all, kappa);
  return { ...all, live, ...(exam.patches > 0 && { exam }), state };
};

const stateOf = ({ pairs, kappa }: Agreement, lines: GateConfig['kappa']): Standing['state'] => {
  if (pairs < lines.minPairs) return 'too-few';
  // No value over enough pairs means that one answer was always given: it shows no judgement.
  if (kappa === undefined || kappa < lines.halt) return 'halt';
  return kappa < lines.alert ? 'alert' : 'ok';
};

/** One line for a report, for example `kappa 0.82 over 70 pairs (live: 0.10 over 20, AC1 0.95)`. */
export const formatStanding = ({ kappa, pairs, live, exam, state }: Standing): string =>
  `kappa ${figure(kappa)} over ${pairs} pairs, ${state} (live: kappa ${figure(live.kappa)}, ` +
  `AC1 ${figure(live.ac1)}, agreement ${figure(live.raw)} over ${live.pairs})` +
  (exam ? `; exam: ${formatJointErrors(exam)}` : '');

const figure = (value: number | undefined): string => value?.toFixed(2) ?? 'undefined';
