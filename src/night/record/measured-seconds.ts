// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOf } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { specServiceTimes } from '../../morning/metrics/service-times.ts';
import { isSegment } from '../../trace/bundle.ts';
import { byNight, readNight } from './night-folder.ts';
import { nightNodes } from './night-nodes.ts';
import type { Night } from './night-schemas.ts';

const seconds = z.record(z.string(), z.number().positive());

/**
 * What specs took [s]: by digest of the spec the last time it was worked, and by flow the mean of a unit; and by
 * which runtimes a flow was worked last, see `flowRuntimes`.
 */
export const measuredSecondsSchema = z.strictObject({
  specs: seconds,
  flows: seconds,
  by: z.record(z.string(), z.string()).optional(),
});

export type MeasuredSeconds = Readonly<z.output<typeof measuredSecondsSchema>>;

/** Nights whose times are measured. */
export const measuredNights = 3;

/** Digest of who plays a flow's nodes. */
export const flowRuntimes = (flow: string, runtimes: Night['runtimes']): string =>
  digestOf(
    Object.fromEntries(Object.entries(runtimes).filter(([node]) => node.startsWith(`${flow}/`))),
  );

/** Of the last published nights: their bundles are read. One that another version wrote is left out. */
export const readMeasuredSeconds = async (traces: string): Promise<MeasuredSeconds> => {
  const names = (await readdir(traces).catch((): string[] => []))
    .filter((name) => isSegment(name) && existsSync(join(traces, name, 'summary.json')))
    .sort(byNight);
  const specs: Record<string, number> = {};
  const sums = new Map<string, { seconds: number; units: number }>();
  const by: Record<string, string> = {};
  for (const name of names.slice(-measuredNights)) {
    const folder = join(traces, name);
    const night = await nightIn(folder);
    const decided = new Map(
      night?.specs.map(({ spec, digest, flow }) => [spec.id, { digest, flow }]),
    );
    for (const [spec, took] of specServiceTimes(nightNodes(folder, () => {}))) {
      const { digest, flow } = decided.get(spec) ?? {};
      if (digest === undefined || flow === undefined || !(took.seconds > 0)) continue;
      specs[digest] = took.seconds;
      by[flow] = flowRuntimes(flow, night?.runtimes ?? {});
      const sum = sums.get(flow) ?? { seconds: 0, units: 0 };
      sum.seconds += took.seconds;
      sum.units += Math.max(1, took.units);
      sums.set(flow, sum);
    }
  }
  const flows = [...sums].map(([flow, sum]) => [flow, sum.seconds / sum.units] as const);
  return { specs, flows: Object.fromEntries(flows), by };
};

const nightIn = async (folder: string): Promise<Night | undefined> => {
  try {
    return await readNight(folder);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};
