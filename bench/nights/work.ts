// SPDX-License-Identifier: GPL-3.0-only

import type { Summary } from '../../src/morning/summary.ts';
import { workHere } from '../../src/night/child/work-here.ts';
import { type StateFolder, stateAt } from '../../src/night/record/state-folder.ts';
import { startNight } from '../../src/night/start-night.ts';

export type Worked = {
  readonly summary: Summary;
  readonly seconds: number;
  /** The night's folder. */
  readonly folder: string;
};

/** Works one real night with the embedded profile; `day` sets its date. */
export const workNight = async (
  repository: string,
  specs: string,
  state: string,
  day: number,
): Promise<Worked> => {
  const folder: StateFolder = stateAt(state);
  const began = performance.now();
  const {
    summary,
    folder: night,
    mistakes,
  } = await startNight({
    repository,
    state: folder,
    specs,
    startedAt: `2026-01-${String(day).padStart(2, '0')}T02:00:00Z`,
    // Nothing is executed here, so that these nights run where bubblewrap does not.
    example: true,
    resume: false,
    work: workHere,
    watch: { node: () => {}, spec: () => {} },
    say: () => {},
    signal: new AbortController().signal,
  });
  if (mistakes[0]) throw mistakes[0];
  return { summary, seconds: (performance.now() - began) / 1000, folder: night };
};
