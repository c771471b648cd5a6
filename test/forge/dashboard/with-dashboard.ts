// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import type { DashboardItem } from '../../../src/forge/dashboard/item.ts';
import { makeGithub } from '../github/with-github.ts';
import { options } from '../intake/with-issue.ts';
import { boardIn } from './board-in.ts';

export const red: DashboardItem = {
  ...{ spec: 'tidy', title: 'Tidy', digest: 'd'.repeat(64), state: 'red', code: 'gate.tests' },
  ...{ reason: 'tests are red', actions: ['retry', 'give-up'], after: '2026-11-21' },
};

/** A simulated GitHub whose dashboard issue lists `items`: ada may write, mallory reads. */
export const makeDashboard = async (
  t: ExecutionContext,
  items: readonly DashboardItem[] = [red],
) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  Object.assign(state.roles, { ada: 'write', bob: 'admin', tom: 'triage', mallory: 'read' });
  const forge = () => made.open({ dashboard: true });
  const write = (listed = items) => forge().dashboard({ items: listed, options });
  return { ...made, state, forge, write, ...boardIn(state) };
};
