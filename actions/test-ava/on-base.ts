// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../src/data/digest.ts';
import type { TestPlace } from '../../src/tool/tests/places.ts';
import type { BaseTree } from '../../src/workspace/base-tree.ts';
import { createOverlay, readOnly } from '../../src/workspace/overlay.ts';
import { type PlaceMeans, type PlaceRun, runPlace } from './run-place.ts';

type BaseRun = { readonly run: Promise<PlaceRun>; readonly signal: AbortSignal };

/** As long as a night holds its base tree. */
const runs = new WeakMap<BaseTree, Map<string, BaseRun>>();

/** The same tests without the patch: run once for each base and place, whichever patches ask. */
export const runOnBase = async (place: TestPlace, means: PlaceMeans): Promise<PlaceRun> => {
  const { base } = means.overlay;
  const ofBase = runs.get(base) ?? new Map<string, BaseRun>();
  runs.set(base, ofBase);
  const key = canonicalJson([place.folder, place.steps.map(({ command }) => command)]);
  const earlier = ofBase.get(key);
  // One that was stopped with its own unit says nothing to another.
  if (earlier && !earlier.signal.aborted) {
    const done = await earlier.run;
    if (!earlier.signal.aborted) return done;
  }
  const run = runPlace(place, { ...means, overlay: createOverlay(base, readOnly) });
  ofBase.set(key, { run, signal: means.signal });
  return run;
};
