// SPDX-License-Identifier: GPL-3.0-only
import type { Asked } from '../../../test/simulated-engine/settings.ts';
import { answer as review } from '../../night/agents/reviewer/rules/a.ts';
import { answer as work } from '../../night/agents/worker/rules/default.ts';

/** What the agents of bench/night answer, by the tool that each of them holds; else the schema decides. */
export const answer = ({ messages }: Asked): string | undefined => {
  const [system] = messages;
  if (system?.content.includes('"write_file"')) return work(messages);
  return system?.content.includes('"compute_diff"') ? review() : undefined;
};
