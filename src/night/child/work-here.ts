// SPDX-License-Identifier: GPL-3.0-only
import type { Attestation } from '../../boundary/attest/schema.ts';
import { isNodeTask, type NightTask } from '../record/night-task.ts';
import type { Outside, WorkNight } from './outside.ts';

/**
 * Works in this process; `attesting` ends with what it found out about itself, where it is confined. What only a whole
 * night needs is not loaded for one node.
 */
export const workHere = async (
  task: NightTask,
  outside: Outside,
  signal: AbortSignal,
  attesting?: Promise<Attestation>,
): ReturnType<WorkNight> => {
  if (isNodeTask(task)) {
    const [{ nodeHere }] = await Promise.all([import('./node-here.ts'), attesting]);
    return nodeHere(task, outside, signal);
  }
  const [{ nightHere }, attestation] = await Promise.all([import('./night-here.ts'), attesting]);
  return nightHere(task, outside, signal, attestation);
};
