// SPDX-License-Identifier: GPL-3.0-only
import type { StepRow } from '../client/page-data.ts';
import { packPart } from './pack-part.ts';

/** The steps of many specs as parts of a page. */
export type PackedSteps = {
  readonly parts: readonly string[];
  /** The number of the part that has a spec's steps, by the spec's id. */
  readonly chunks: ReadonlyMap<string, number>;
  /** How many specs had no room. */
  readonly left: number;
};

/** Characters of JSON that go into one part: more compress better, fewer are read sooner. */
const partCharacters = 400_000;

/**
 * Packs the steps of specs, in the order given, until `room` bytes are used; the rest have no steps in the
 * page. `stepsOf` is asked for no more specs than fit.
 */
export const packSteps = async (
  specs: readonly string[],
  stepsOf: (spec: string) => readonly StepRow[],
  room: number,
): Promise<PackedSteps> => {
  const parts: string[] = [];
  const chunks = new Map<string, number>();
  let used = 0;
  let pending: [string, readonly StepRow[]][] = [];
  let characters = 0;
  const flush = async (): Promise<boolean> => {
    const part = await packPart(`steps-${parts.length}`, Object.fromEntries(pending));
    if (used + part.length > room) return false;
    for (const [spec] of pending) chunks.set(spec, parts.length);
    parts.push(part);
    used += part.length;
    pending = [];
    characters = 0;
    return true;
  };
  for (const [index, spec] of specs.entries()) {
    const steps = stepsOf(spec);
    if (steps.length > 0) pending.push([spec, steps]);
    characters += JSON.stringify(steps).length;
    const isLast = index === specs.length - 1;
    if (pending.length === 0 || (characters < partCharacters && !isLast)) continue;
    if (!(await flush())) return { parts, chunks, left: specs.length - 1 - index + pending.length };
  }
  return { parts, chunks, left: 0 };
};
