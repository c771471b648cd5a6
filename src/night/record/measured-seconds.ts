// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { specServiceTimes } from '../../morning/metrics/service-times.ts';
import { isSegment } from '../../trace/bundle.ts';
import { byNight, readNight } from './night-folder.ts';
import { nightNodes } from './night-nodes.ts';

const seconds = z.record(z.string(), z.number().positive());

/** What specs took [s]: by digest of the spec the last time it was worked, and by flow the mean of a unit. */
export const measuredSecondsSchema = z.strictObject({ specs: seconds, flows: seconds });

export type MeasuredSeconds = Readonly<z.output<typeof measuredSecondsSchema>>;

/** Nights whose times are measured. */
export const measuredNights = 3;

/** Of the last published nights: their bundles are read. One that another version wrote is left out. */
export const readMeasuredSeconds = async (traces: string): Promise<MeasuredSeconds> => {
  const names = (await readdir(traces).catch((): string[] => []))
    .filter((name) => isSegment(name) && existsSync(join(traces, name, 'summary.json')))
    .sort(byNight);
  const specs: Record<string, number> = {};
  const sums = new Map<string, { seconds: number; units: number }>();
  for (const name of names.slice(-measuredNights)) {
    const folder = join(traces, name);
    const decided = await decidedIn(folder);
    for (const [spec, took] of specServiceTimes(nightNodes(folder, () => {}))) {
      const { digest, flow } = decided.get(spec) ?? {};
      if (digest === undefined || flow === undefined || !(took.seconds > 0)) continue;
      specs[digest] = took.seconds;
      const sum = sums.get(flow) ?? { seconds: 0, units: 0 };
      sum.seconds += took.seconds;
      sum.units += Math.max(1, took.units);
      sums.set(flow, sum);
    }
  }
  const flows = [...sums].map(([flow, sum]) => [flow, sum.seconds / sum.units] as const);
  return { specs, flows: Object.fromEntries(flows) };
};

const decidedIn = async (folder: string) => {
  try {
    const { specs } = await readNight(folder);
    return new Map(specs.map(({ spec, digest, flow }) => [spec.id, { digest, flow }]));
  } catch (error) {
    if (error instanceof UserError) return new Map<string, never>();
    throw error;
  }
};
