// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { type BundleAddress, BundleFault } from '../../trace/bundle.ts';
import type { Traces } from '../../trace/open-traces.ts';
import type { JournalRecord } from '../record/night-schemas.ts';

type NodeRecord = Extract<JournalRecord, { readonly type: 'node' }>;

/** The bundles of a night, each held to the one that its journal names. @throws BundleFault where it is another. */
export const journaledTraces = (
  traces: Pick<Traces, 'read'>,
  folder: string,
  recordOf: (address: BundleAddress) => NodeRecord | undefined,
): Pick<Traces, 'read'> => ({
  read: (address) => {
    const bundle = traces.read(address);
    const recorded = recordOf(address);
    if (!bundle || !recorded || recorded.bundle === bundle.identity) return bundle;
    const { spec, unit, node } = address;
    throw new BundleFault(
      join(folder, spec, unit, node),
      'is not the bundle that journal.jsonl names. One of them was altered',
    );
  },
});
