// SPDX-License-Identifier: GPL-3.0-only
import { findExecutor } from '../../boundary/find-executor.ts';
import type { WorkNight } from '../../night/child/outside.ts';
import { workConfined } from '../../night/child/work-confined.ts';

/**
 * Who decides and works a night: a confined process. Only the example, which runs nothing but what ships, is
 * worked where nothing can confine it.
 */
export const workerOf = async ({ example }: { readonly example?: true }): Promise<WorkNight> => {
  if (!example) return workConfined;
  const { confinement } = await findExecutor({ allowUnconfined: true });
  if (confinement !== 'nothing') return workConfined;
  const { workHere } = await import('../../night/child/work-here.ts');
  return workHere;
};
