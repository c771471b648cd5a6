// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import type { ListedPullRequest } from '../../forge/forge.ts';
import type { DecidedSpec } from '../record/night-schemas.ts';

/**
 * Lets specs wait for which there is no room among the open pull requests, the last first. One that takes
 * the place of an open one needs none.
 */
export const waitForRoom = (
  specs: readonly DecidedSpec[],
  pulls: readonly ListedPullRequest[],
  maxOpen: number,
): readonly DecidedSpec[] => {
  const open = pulls.filter(({ state }) => state === 'open').length;
  let room = maxOpen - open;
  return specs.map((decided) => {
    const { skip, supersedes = [] } = decided;
    if (skip !== undefined || supersedes.length > 0) return decided;
    room -= 1;
    if (room >= 0) return decided;
    const reason = `waits for room: gate.maxOpen is ${maxOpen}, and ${countNoun(open, 'pull request')} ${open === 1 ? 'is' : 'are'} open; merge or close some`;
    return { ...decided, skip: reason, skipCode: 'queue.no-room' };
  });
};
