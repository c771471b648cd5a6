// SPDX-License-Identifier: GPL-3.0-only
import type { Attestation } from '../../boundary/attest/schema.ts';
import { isNodeTask, type NightTask } from '../record/night-task.ts';
import type { Outside, WorkNight } from './outside.ts';

/**
 * Works in this process; `attestation` is what it found out about itself, where it is confined. What only a whole
 * night needs is not loaded for one node.
 */
export const workHere = async (
  task: NightTask,
  outside: Outside,
  signal: AbortSignal,
  attestation?: Attestation,
): ReturnType<WorkNight> => {
  if (isNodeTask(task)) {
    const { nodeHere } = await import('./node-here.ts');
    return nodeHere(task, outside, signal);
  }
  const { nightHere } = await import('./night-here.ts');
  return nightHere(task, outside, signal, attestation);
};
