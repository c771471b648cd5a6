// SPDX-License-Identifier: GPL-3.0-only
import type { GateConfig } from '../../config/schema.ts';
import type { Agreement, Pair, Standing } from '../schema.ts';
import { agreementOf } from './agreement.ts';

/** Judges a window (`readWindow`) by `gate.kappa`. */
export const standingOf = (window: readonly Pair[], kappa: GateConfig['kappa']): Standing => {
  const all = agreementOf(window.map(({ verdicts }) => verdicts));
  const live = agreementOf(
    window.filter(({ source }) => source === 'live').map(({ verdicts }) => verdicts),
  );
  return { ...all, live, state: stateOf(all, kappa) };
};

const stateOf = ({ pairs, kappa }: Agreement, lines: GateConfig['kappa']): Standing['state'] => {
  if (pairs < lines.minPairs) return 'too-few';
  // No value over enough pairs means that one answer was always given: it shows no judgement.
  if (kappa === undefined || kappa < lines.halt) return 'halt';
  return kappa < lines.alert ? 'alert' : 'ok';
};

/** One line for a report, for example `kappa 0.82 over 70 pairs (live: 0.10 over 20, AC1 0.95)`. */
export const formatStanding = ({ kappa, pairs, live, state }: Standing): string =>
  `kappa ${figure(kappa)} over ${pairs} pairs, ${state} (live: kappa ${figure(live.kappa)}, ` +
  `AC1 ${figure(live.ac1)}, agreement ${figure(live.raw)} over ${live.pairs})`;

const figure = (value: number | undefined): string => value?.toFixed(2) ?? 'undefined';
