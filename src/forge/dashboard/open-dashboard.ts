// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import type { GithubContext } from '../github/github-context.ts';
import { type DashboardFile, readDashboardFile, writeDashboardFile } from './dashboard-file.ts';
import { boxesOf, dashboardText } from './issue-text.ts';
import type { DashboardItem, ListedSpecs, WrittenDashboard } from './item.ts';
import { type JudgedTicks, judgeTicks } from './judge-ticks.ts';
import { readyItems } from './ready-items.ts';
import { editIssue, editsOfOurs, findIssue, isSameText, makeIssue } from './send-issue.ts';
import { appendTicks, readTicks, type Tick } from './ticks.ts';

/** The one issue that lists what waits, and what people tick in it. */
export type Dashboard = {
  /** What was recorded so far, without asking; oldest first. */
  readonly recorded: () => readonly Tick[];
  /** Reads what was ticked since, records what counts and returns it. @throws ForgeFault. */
  readonly read: () => Promise<readonly Tick[]>;
  /** Reads it and writes it again; without `listed`, with the specs of last time, where there is one. @throws ForgeFault. */
  readonly write: (listed?: ListedSpecs) => Promise<WrittenDashboard | undefined>;
};

const mostNotes = 10;

/** Opens it, with what is known of it in a folder. Nothing is asked yet. */
export const openDashboard = (context: GithubContext, folder: string): Dashboard => {
  const { owner, repo } = context.github;
  const [file, ticksFile] = [join(folder, 'dashboard.json'), join(folder, 'ticks.jsonl')];
  const keep = (dashboard: DashboardFile) => writeDashboardFile(file, dashboard);

  /** What was ticked is on disk before anything is made of it. */
  const look = async (): Promise<Looked> => {
    const last = await readDashboardFile(file, `${owner}/${repo}`);
    if (last.issue === null) return { last, ticks: [], state: 'gone' };
    const at = new Date().toISOString();
    const boxes = last.items.flatMap(boxesOf).filter(({ line }) => last.boxes.includes(line));
    const { notes, settled, ...judged } = await judgeTicks(context, last, boxes, at);
    appendTicks(ticksFile, judged.ticks);
    const told = [...notes.map((text) => ({ at, text })), ...last.notes].slice(0, mostNotes);
    const now = { ...last, notes: told, settled: [...settled] };
    await keep(now);
    return { last: now, ...judged };
  };

  const place = async ({ last, state }: Looked) =>
    last.issue === null || state === 'gone' ? findIssue(context) : { number: last.issue, state };

  return {
    recorded: () => readTicks(ticksFile),
    read: async () => (await look()).ticks,
    write: async (listed) => {
      const looked = await look();
      if (!listed && looked.last.issue === null) return undefined;
      const { last, ticks, body } = looked;
      const there = await place(looked);
      if (there?.state === 'closed') return { state: 'closed', issue: there.number, ticks };
      const items = listed ? await withReady(context, listed) : last.items;
      const text = dashboardText({ items, ticks: readTicks(ticksFile), notes: last.notes });
      const boxes = text.boxes.map(({ line }) => line);
      // Until it is known which edits are ours, none of its boxes counts.
      const next = { ...last, items: [...items], boxes, settled: [], edits: null };
      const same = body !== undefined && isSameText(body, text.body);
      await keep({ ...next, issue: there?.number ?? null });
      const issue = there?.number ?? (await makeIssue(context, text.body));
      if (there && !same) await editIssue(context, issue, text.body);
      await keep({ ...next, issue, edits: await editsOfOurs(context, issue, text.body) });
      return { state: !there ? 'made' : same ? 'unchanged' : 'edited', issue, ticks };
    },
  };
};

type Looked = Pick<JudgedTicks, 'ticks' | 'state' | 'body'> & { readonly last: DashboardFile };

/** A spec that a night has listed needs no approval any more. */
const withReady = async (
  context: GithubContext,
  { items, options }: ListedSpecs,
): Promise<readonly DashboardItem[]> => {
  const isListed = ({ spec, digest }: DashboardItem): boolean =>
    items.some((item) => item.spec === spec && item.digest === digest);
  const ready = await readyItems(context, options);
  return [...ready.filter((item) => !isListed(item)), ...items];
};
