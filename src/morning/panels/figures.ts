// SPDX-License-Identifier: GPL-3.0-only
import type { Estimate } from '../metrics/share-interval.ts';

/** A number for a person; what nobody measured is said to be so, and is never 0. */
export const numberText = (value: number | null | undefined, digits = 2): string =>
  value === null || value === undefined ? 'not measured' : value.toFixed(digits);

/** A share in percent. */
export const percentText = (share: number | null | undefined): string =>
  share === null || share === undefined ? 'not measured' : `${(share * 100).toFixed(0)} %`;

/** A share with its interval of 95 %, in percent. */
export const estimateText = ({ value, low, high }: Estimate): string =>
  `${percentText(value)} (95 %: ${(low * 100).toFixed(0)} to ${percentText(high)})`;

/** A time in hours, in the unit that suits it. */
export const hoursText = (hours: number): string => {
  const { unit, times } = durationUnit(hours);
  return `${(hours * times).toFixed(1)} ${unit}`;
};

/** The unit in which so many hours are at least one of it, and how many of it an hour has. */
export const durationUnit = (hours: number): { readonly unit: string; readonly times: number } => {
  if (hours >= 1) return { unit: 'h', times: 1 };
  return hours >= 1 / 60 ? { unit: 'min', times: 60 } : { unit: 's', times: 3600 };
};
