// SPDX-License-Identifier: GPL-3.0-only
import {
  meanWait,
  mostUtilisation,
  slotsFor,
  slotsForWait,
  utilisation,
  waitProbability,
} from './queue.ts';

/** Work that comes in a night, how long a slot takes for each piece of it, and the night. */
export type NightLoad = {
  readonly arrivals: number;
  readonly serviceSeconds: number;
  readonly slots: number;
  readonly hours: number;
  /** Also say with how many slots at most this share of the work waits, above 0. */
  readonly waitAtMost?: number | undefined;
};

/** What a night's load asks of its slots. */
export type Sizing = NightLoad & {
  /** Arrivals an hour (lambda), and what one slot finishes in one (mu). */
  readonly arrivalsPerHour: number;
  readonly servedPerHour: number;
  readonly utilisation: number;
  /** `tight`: it can be done, with more than `mostUtilisation` of the slots busy; `too-much`: it cannot. */
  readonly state: 'fits' | 'tight' | 'too-much';
  /** Share of the work that waits, and its mean wait [s]; `null` where the queue only grows. */
  readonly waitProbability: number | null;
  readonly meanWaitSeconds: number | null;
  /** How long all of it takes where it is all there when the night begins [h]. */
  readonly hoursAtOnce: number;
  /** Most arrivals a night at `mostUtilisation`, and with every slot busy all night. */
  readonly fits: number;
  readonly fitsAtMost: number;
  /** Arrivals beyond `fits`. */
  readonly cut: number;
  /** Fewest slots for all of it at `mostUtilisation`, and for `waitAtMost`. */
  readonly slotsNeeded: number;
  readonly slotsForWait: number | null;
  /** Longest service with which all of it is at `mostUtilisation` with these slots [s]. */
  readonly serviceSecondsNeeded: number;
};

/** Sizes a night. @throws RangeError where it would need more than `mostSlots`. */
export const sizeNight = (load: NightLoad): Sizing => {
  const { arrivals, serviceSeconds, slots, hours, waitAtMost } = load;
  const arrivalsPerHour = arrivals / hours;
  const servedPerHour = 3600 / serviceSeconds;
  const queue = { arrivalRate: arrivalsPerHour, serviceRate: servedPerHour, slots };
  const rho = utilisation(queue);
  const wait = meanWait(queue);
  const most = slots * servedPerHour * hours;
  const fits = wholeBelow(mostUtilisation * most);
  return {
    ...load,
    arrivalsPerHour,
    servedPerHour,
    utilisation: rho,
    state: arrivals <= fits ? 'fits' : rho <= 1 ? 'tight' : 'too-much',
    waitProbability: wait === null ? null : waitProbability(queue),
    meanWaitSeconds: wait === null ? null : wait * 3600,
    hoursAtOnce: Math.max(arrivals / (slots * servedPerHour), serviceSeconds / 3600),
    fits,
    fitsAtMost: wholeBelow(most),
    cut: Math.max(0, arrivals - fits),
    slotsNeeded: slotsFor(queue),
    slotsForWait: waitAtMost === undefined ? null : slotsForWait(queue, waitAtMost),
    serviceSecondsNeeded: (mostUtilisation * slots * hours * 3600) / arrivals,
  };
};

/** A rounding error costs no piece of work. */
const wholeBelow = (value: number): number => Math.floor(value * (1 + 1e-12));

/** Each number of a sizing as its formula with the numbers put in. */
export const sizingFormulas = (sizing: Sizing): readonly string[] => {
  const { arrivals, serviceSeconds, slots, hours, arrivalsPerHour, servedPerHour } = sizing;
  const [lambda, mu] = [figure(arrivalsPerHour), figure(servedPerHour)];
  const [wait, seconds] = [sizing.waitProbability, sizing.meanWaitSeconds];
  return [
    `lambda = arrivals / hours = ${figure(arrivals)} / ${figure(hours)} = ${lambda} an hour`,
    `mu = 3600 / service = 3600 / ${figure(serviceSeconds)} = ${mu} an hour and slot`,
    `rho = lambda / (c mu) = ${lambda} / (${slots} * ${mu}) = ${figure(sizing.utilisation)}`,
    ...(wait === null || seconds === null
      ? ['P(wait) = 1 and the wait grows all night, since rho >= 1']
      : [
          `P(wait) = ErlangC(c, lambda / mu) = ErlangC(${slots}, ${figure(arrivalsPerHour / servedPerHour)}) = ${figure(wait)}`,
          `mean wait = P(wait) / (c mu - lambda) = ${figure(wait)} / (${figure(slots * servedPerHour)} - ${lambda}) h = ${figure(seconds)} s`,
        ]),
    `fits = ${mostUtilisation} * c * mu * hours = ${mostUtilisation} * ${slots} * ${mu} * ${figure(hours)} = ${sizing.fits}`,
    `slots = lambda / (${mostUtilisation} * mu) = ${lambda} / (${mostUtilisation} * ${mu}), rounded up = ${sizing.slotsNeeded}`,
  ];
};

/** Four digits that count, without an exponent. */
const figure = (value: number): string =>
  value === 0 || Math.abs(value) >= 1e4
    ? String(Math.round(value))
    : String(Number(value.toPrecision(4)));
