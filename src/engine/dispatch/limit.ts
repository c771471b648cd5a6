// SPDX-License-Identifier: GPL-3.0-only

/** How many requests an engine is sent at once; `allowed` is a whole number only when floored. */
export type Limit = {
  readonly slots: number;
  readonly allowed: number;
  /** The last request sent before it was lowered: an answer to an older one tells nothing new. */
  readonly loweredAfter: number;
  /** Whether the server has a queue of its own, so that more would only lengthen it. */
  readonly held: boolean;
  /** Of the server's own queue, when it was last asked. */
  readonly waiting: number;
};

/** What is left of a limit when an engine is busy: CUBIC's factor (RFC 9438, section 4.6). */
const factor = 0.7;

/** All slots, before anything was sent. */
export const openLimit = (slots: number): Limit => ({
  slots,
  allowed: slots,
  loweredAfter: 0,
  held: false,
  waiting: 0,
});

/** As many as may be in flight, 1 to `slots`. */
export const allowedBy = ({ allowed }: Limit): number => Math.floor(allowed);

/** One request more for each round of answers (additive increase). */
export const afterAnswer = (limit: Limit): Limit => {
  const { slots, allowed, held } = limit;
  if (held || allowed >= slots) return limit;
  return { ...limit, allowed: Math.min(slots, allowed + 1 / Math.floor(allowed)) };
};

/**
 * Once for each round of refusals: `taken` requests are with the server, `sent` is the number of the
 * one it refused, `last` of the one sent last.
 */
export const afterBusy = (limit: Limit, taken: number, sent: number, last: number): Limit => {
  if (sent <= limit.loweredAfter) return limit;
  const allowed = Math.max(1, Math.min(limit.allowed, taken + 1) * factor);
  return { ...limit, allowed, loweredAfter: last };
};

/**
 * A server's queue that grows lowers the limit, one that is there keeps it from rising; one of which
 * nothing is told any more does neither, or a server that falls silent would hold it for ever.
 */
export const afterLoad = (limit: Limit, waiting: number | undefined, last: number): Limit => {
  if (waiting === undefined) return { ...limit, held: false };
  const held = waiting > 0;
  if (!held || waiting <= limit.waiting) return { ...limit, held, waiting };
  const allowed = Math.max(1, limit.allowed - Math.min(waiting, limit.allowed * (1 - factor)));
  return { ...limit, held, waiting, allowed, loweredAfter: last };
};

/** For an engine that turns out to hold fewer. */
export const narrowTo = (limit: Limit, slots: number): Limit =>
  slots >= limit.slots
    ? limit
    : { ...limit, slots, allowed: Math.max(1, Math.min(limit.allowed, slots)) };
