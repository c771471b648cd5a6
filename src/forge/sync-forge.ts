// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../data/count-noun.ts';
import type { IssueForge, SyncResult } from './forge.ts';

/** Sends what waits in the outbox and says in lines what came of it. */
export const syncForge = async (
  forge: IssueForge,
  say: (line: string) => void,
): Promise<SyncResult> => {
  const synced = await forge.sync();
  for (const line of describeSynced(synced)) say(line);
  return synced;
};

/** Nothing when there was nothing to do. */
const describeSynced = ({ sent, waiting, decisions, trouble }: SyncResult): readonly string[] => [
  ...(sent > 0 ? [`Sent ${countNoun(sent, 'item')} from the outbox.`] : []),
  ...(decisions > 0 ? [`Learnt ${countNoun(decisions, 'decision')} about pull requests.`] : []),
  ...waiting.slice(0, shown).map((line) => `Still waiting: ${line}`),
  ...(waiting.length > shown ? [`and ${waiting.length - shown} more`] : []),
  ...(trouble !== undefined && waiting.length === 0 ? [trouble] : []),
];

const shown = 10;
