// SPDX-License-Identifier: GPL-3.0-only
import { ForgeFault } from '../forge-fault.ts';
import { issueSchema } from '../github/answers.ts';
import { type GithubContext, githubRoutes } from '../github/github-context.ts';
import { type MayWrite, openPermissions } from '../github/permissions.ts';
import type { DashboardFile } from './dashboard-file.ts';
import { type Edit, type EditHistory, editsSince, readHistory } from './edit-history.ts';
import { tickedBoxes } from './issue-text.ts';
import type { DashboardBox } from './item.ts';
import type { Tick } from './ticks.ts';

/** What has become of the dashboard issue since it was written. */
export type JudgedTicks = {
  /** New ticks that count. */
  readonly ticks: readonly Tick[];
  /** Why others do not, for the issue. */
  readonly notes: readonly string[];
  /** Lines of all boxes that are ticked now. */
  readonly settled: readonly string[];
  readonly state: 'open' | 'closed' | 'gone';
  /** Its text; none where it is gone. */
  readonly body?: string;
};

/**
 * Reads which boxes are ticked and whose doing that can be. Only boxes that were written there count, and
 * only where everybody who has edited the issue since may write here: a tick is an edit like any other.
 * @throws ForgeFault where the forge is out of reach.
 */
export const judgeTicks = async (
  context: GithubContext,
  { issue, edits, settled }: DashboardFile,
  boxes: readonly DashboardBox[],
  at: string,
): Promise<JudgedTicks> => {
  if (issue === null) return { ticks: [], notes: [], settled: [], state: 'gone' };
  const read = await readIssue(context, issue);
  if ('gone' in read) return { ticks: [], notes: [], settled: [], state: 'gone' };
  const { body, state } = read;
  const ticked = tickedBoxes(body, boxes);
  const fresh = ticked.filter(({ line }) => !settled.includes(line));
  const judged = { settled: ticked.map(({ line }) => line), state, body } as const;
  if (fresh.length === 0) return { ticks: [], notes: [], ...judged };
  const names = fresh.map(({ action, item }) => `${action} ${item.spec}`).join(', ');
  const editors = await editorsOf(read, edits, openPermissions(context));
  if ('refusal' in editors) {
    const note = `${names}: ticked without effect, ${editors.refusal}`;
    return { ticks: [], notes: [note], ...judged };
  }
  const clear = fresh.filter((box) => !isContradicted(box, fresh));
  const notes = [...new Set(fresh.filter((box) => !clear.includes(box)).map(({ item }) => item))];
  return {
    ticks: clear.map(({ action, item }) => ({
      ...{ at, action, spec: item.spec, digest: item.digest, after: item.after },
      ...(item.issue !== undefined && { issue: item.issue }),
      by: [...editors.logins],
    })),
    notes: notes.map(({ spec }) => `${spec}: ticked without effect, both boxes at once`),
    ...judged,
  };
};

type ReadIssue = {
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** Or why it is not told who edited it. */
  readonly history: EditHistory | string;
};

/** Where GraphQL does not answer, the text alone. */
const readIssue = async (
  context: GithubContext,
  issue_number: number,
): Promise<ReadIssue | { readonly gone: true }> => {
  try {
    const history = await readHistory(context, issue_number);
    return { body: history.body, state: history.state === 'OPEN' ? 'open' : 'closed', history };
  } catch (fault) {
    if (!(fault instanceof ForgeFault) || fault.kind === 'unreachable') throw fault;
    try {
      const asked = { issue_number };
      const { body, state } = await context.client.call(githubRoutes.issue, asked, issueSchema);
      const history = fault.message;
      return { body: body ?? '', state: state === 'open' ? 'open' : 'closed', history };
    } catch (error) {
      if (error instanceof ForgeFault && goneStatus.has(error.status ?? 0)) return { gone: true };
      throw error;
    }
  }
};

/** Moved, missing or deleted. */
const goneStatus = new Set([301, 404, 410]);

const editorsOf = async (
  { history }: ReadIssue,
  before: DashboardFile['edits'],
  mayWrite: MayWrite,
): Promise<{ readonly logins: readonly string[] } | { readonly refusal: string }> => {
  if (typeof history === 'string') {
    return { refusal: `for GitHub does not tell who ticked: ${history}` };
  }
  let later: readonly Edit[];
  try {
    later = editsSince(history, before);
  } catch (error) {
    if (!(error instanceof ForgeFault)) throw error;
    return { refusal: `for GitHub does not tell who ticked: ${error.message}` };
  }
  if (later.length === 0) {
    return { refusal: 'for GitHub does not tell who ticked: it has no edit since' };
  }
  const logins = new Set<string>();
  for (const { editor } of later) {
    if (editor === null) return { refusal: 'for somebody whose account is gone edited this issue' };
    const { login } = editor;
    if (editor.__typename !== 'User') return { refusal: `for ${login}, a bot, edited this issue` };
    if (!(await mayWrite(login))) {
      return { refusal: `for ${login}, who has no write access, edited this issue` };
    }
    logins.add(login);
  }
  return { logins: [...logins].sort() };
};

const isContradicted = ({ item, action }: DashboardBox, all: readonly DashboardBox[]): boolean =>
  all.some((other) => other.item === item && other.action !== action);
