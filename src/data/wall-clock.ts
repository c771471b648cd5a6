// SPDX-License-Identifier: GPL-3.0-only

/** A number of milliseconds to the microsecond. */
export const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Milliseconds since 1970, as fine and as steady as the monotonic clock. */
export const wallClock = (): number => toMicroseconds(performance.timeOrigin + performance.now());
