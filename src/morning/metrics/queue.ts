// SPDX-License-Identifier: GPL-3.0-only

/*
 * A queue before `slots` equal places, M/M/c: work arrives at random at `arrivalRate`, each slot finishes
 * `serviceRate` a time unit (the same one). Formulas: L. Kleinrock, Queueing Systems I, 1975, section 3.5.
 */

/** Arrivals, what one slot finishes in the same time, and the number of slots. */
export type SlotQueue = {
  readonly arrivalRate: number;
  readonly serviceRate: number;
  readonly slots: number;
};

/** Beyond this share of busy slots, waits grow without proportion. */
export const mostUtilisation = 0.8;

/** No sizing looks beyond this many slots. */
export const mostSlots = 10_000_000;

/** Share of the slots that is busy on average, rho = lambda / (c mu); above 1 the queue only grows. */
export const utilisation = ({ arrivalRate, serviceRate, slots }: SlotQueue): number =>
  arrivalRate / (slots * serviceRate);

/**
 * Probability that work waits at all (Erlang C), 1 where the queue only grows. By the recurrence of Erlang B,
 * B(n) = a B(n - 1) / (n + a B(n - 1)), which neither overflows nor cancels.
 * Source: A. K. Erlang, 1917; recurrence: D. L. Jagerman, Some Properties of the Erlang Loss Function, Bell System
 * Technical Journal 53 (3), 1974
 */
export const waitProbability = (queue: SlotQueue): number => {
  const load = queue.arrivalRate / queue.serviceRate;
  if (load === 0) return 0;
  if (load >= queue.slots) return 1;
  let blocked = 1;
  for (let n = 1; n <= queue.slots; n += 1) blocked = nextBlocked(blocked, load, n);
  return waitOf(blocked, load, queue.slots);
};

/** Erlang B with one more slot. */
const nextBlocked = (blocked: number, load: number, slots: number): number =>
  (load * blocked) / (slots + load * blocked);

/** Erlang C from Erlang B: c B / (c - a (1 - B)). */
const waitOf = (blocked: number, load: number, slots: number): number =>
  (slots * blocked) / (slots - load * (1 - blocked));

/** Mean wait before service, C / (c mu - lambda), in the time unit of the rates; `null` where the queue only grows. */
export const meanWait = (queue: SlotQueue): number | null => {
  const spare = queue.slots * queue.serviceRate - queue.arrivalRate;
  return spare > 0 ? waitProbability(queue) / spare : null;
};

/** The fewest slots whose utilisation is at most `most`. @throws RangeError for more than `mostSlots`. */
export const slotsFor = (
  { arrivalRate, serviceRate }: Omit<SlotQueue, 'slots'>,
  most = mostUtilisation,
): number => {
  const exact = arrivalRate / serviceRate / most;
  // 8 / 0.8 is 10, and not 11 because of a rounding error.
  const slots = Math.max(1, Math.ceil(exact * (1 - 1e-12)));
  if (slots <= mostSlots) return slots;
  throw new RangeError(`a load of ${arrivalRate / serviceRate} slots is not sized`);
};

/** The fewest slots with which at most this share of the work waits, above 0. @throws RangeError as `slotsFor`. */
export const slotsForWait = (queue: Omit<SlotQueue, 'slots'>, most: number): number => {
  const load = queue.arrivalRate / queue.serviceRate;
  if (load === 0 || most >= 1) return 1;
  slotsFor(queue, 1);
  let blocked = 1;
  for (let slots = 1; ; slots += 1) {
    blocked = nextBlocked(blocked, load, slots);
    if (slots > load && waitOf(blocked, load, slots) <= most) return slots;
  }
};
