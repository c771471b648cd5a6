// SPDX-License-Identifier: GPL-3.0-only

/** A number with where it lies with 95 % confidence. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number };

const normal95 = 1.959963984540054;

/**
 * A share, 0 to 1, of `of` trials with its interval; `null` over no trials. Source: E. B. Wilson, Probable
 * inference, the law of succession, and statistical inference, 1927, doi:10.1080/01621459.1927.10502953
 */
export const shareOf = (count: number, of: number): Estimate | null => {
  if (of === 0) return null;
  const value = count / of;
  const square = normal95 ** 2;
  const middle = (value + square / (2 * of)) / (1 + square / of);
  const half =
    (normal95 / (1 + square / of)) * Math.sqrt((value * (1 - value)) / of + square / (4 * of * of));
  return {
    value,
    low: count === 0 ? 0 : Math.max(0, middle - half),
    high: count === of ? 1 : Math.min(1, middle + half),
  };
};
