// SPDX-License-Identifier: GPL-3.0-only
import { readSummary } from '../../morning/read-summary.ts';
import { BundleFault } from '../../trace/bundle.ts';
import { openTraces, type Traces } from '../../trace/open-traces.ts';
import { namesOf } from './candidate.ts';
import { findSources } from './find-sources.ts';
import { createLinks, type Links, sideOf } from './split.ts';

/** A spec of a night. */
export type NightSpec = { readonly night: string; readonly spec: string };

/**
 * The specs of published nights that `mine` keeps apart with this share: not one of their files is on the other
 * side, whether they were opened or ended red. Nights are folders.
 * @throws UserError where a night's summary cannot be read.
 */
export const heldOutSpecs = async (
  nights: readonly string[],
  share: number,
): Promise<readonly NightSpec[]> => {
  const links = createLinks();
  const seen = new Set<string>();
  const opened = await Promise.all(
    nights.map(async (folder) => ({
      folder,
      summary: await readSummary(folder),
      traces: openTraces(folder),
    })),
  );
  const told = { links, seen, decided: new Map(), stageOf: () => 1, leaveOut: () => {} };
  // Files are tied to their specs as the nights are gone through.
  for (const night of opened) for (const _ of findSources(night, told));
  return opened.flatMap(({ summary, traces }) =>
    summary.specs
      .filter(({ outcome }) => outcome !== 'skipped')
      .filter(({ id }) => isHeldOut(id, traces, links, share))
      .map(({ id }) => ({ night: summary.night, spec: id })),
  );
};

const isHeldOut = (spec: string, traces: Traces, links: Links, share: number): boolean => {
  const names = [`spec ${spec}`, ...filesOf(spec, traces)];
  return names.every((name) => sideOf(links.groupOf(name), share) === 'held-out');
};

/** Patches of an exam among its units are not its files. */
const filesOf = (spec: string, traces: Traces): readonly string[] => {
  const names = new Set<string>();
  try {
    for (const address of traces.list(spec)) {
      const bundle = traces.read(address);
      if (!bundle || bundle.files['exam.json'] !== undefined) continue;
      for (const name of namesOf(bundle)) names.add(name);
    }
  } catch (error) {
    if (!(error instanceof BundleFault)) throw error;
  }
  return [...names];
};
