// SPDX-License-Identifier: GPL-3.0-only
import type { MeasuredSeconds } from '../record/measured-seconds.ts';

/** What is known of a spec before it is planned. */
export type UnplannedSpec = {
  readonly digest: string;
  readonly flow: string;
  /** At most: the files in scope where its flow works file by file, else 1. */
  readonly units: number;
};

/**
 * What a spec is expected to take [s]: what it took when it was last worked with this very text; else its units
 * times the mean of a unit of its flow; else of all measured flows; else a second a unit, since only the
 * proportions count. Rounded to milliseconds.
 */
export const expectedSeconds = (
  { digest, flow, units }: UnplannedSpec,
  { specs, flows }: MeasuredSeconds,
): number => {
  const measured = Object.values(flows);
  const mean =
    measured.length === 0 ? 1 : measured.reduce((sum, one) => sum + one, 0) / measured.length;
  const seconds = specs[digest] ?? Math.max(1, units) * (flows[flow] ?? mean);
  return Math.max(0.001, Math.round(seconds * 1000) / 1000);
};
