// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { codeSpan } from '../markdown/inline.ts';
import { scrub } from '../secrets/scrub.ts';
import { thinBundle } from '../workspace/thin-bundle.ts';
import type { ListedSpecs } from './dashboard/item.ts';
import { openDashboard } from './dashboard/open-dashboard.ts';
import { type Tick, tickers } from './dashboard/ticks.ts';
import { type DrainResult, drainOutbox } from './drain-outbox.ts';
import type { IssueForge, ListedPullRequest, SyncResult, WriteOutcome } from './forge.ts';
import { ForgeFault } from './forge-fault.ts';
import { repositorySchema } from './github/answers.ts';
import { isOnThisMachine, openClient } from './github/client.ts';
import { remoteBranches } from './github/git-remote.ts';
import { type GithubContext, githubRoutes } from './github/github-context.ts';
import { type KnownPulls, readKnownPulls, writeKnownPulls } from './github/known-pulls.ts';
import { learnDecisions } from './github/learn-decisions.ts';
import { learnPeople } from './github/learn-people.ts';
import { learnPulls } from './github/learn-pulls.ts';
import { type LearntPulls, resolvedPulls } from './github/resolved-pulls.ts';
import { sendComment, sendLabels } from './github/send-comment.ts';
import { sendPullRequest } from './github/send-pull-request.ts';
import { withoutToken } from './github/without-token.ts';
import { approvedSpecs } from './intake/approved-specs.ts';
import { intakeKey } from './intake/comment-text.ts';
import { takeIn } from './intake/take-in.ts';
import { describeIntent, type ForgeIntent } from './intent.ts';
import { pullRequestFolder, recordedPullRequest, recordPullRequest } from './local-forge.ts';
import { putIntent, type QueuedIntent, readOutbox } from './outbox.ts';

export type GithubForgeOptions = Omit<GithubContext, 'client'> & {
  /** The folder of the outbox and of what is known of the pull requests. */
  readonly folder: string;
  readonly decisions: string;
  /** Whether to keep a dashboard issue. */
  readonly dashboard?: boolean | undefined;
  /** The branch to merge into; by default the repository's own. */
  readonly into?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** After the forge was out of reach, it is left alone for so long. */
const restMs = 600_000;

/** Pull requests, comments and labels on GitHub; whatever is written waits in the outbox first. */
export const openGithubForge = (options: GithubForgeOptions): IssueForge => {
  const { github, repository, settings, say, timeoutMs, signal } = options;
  const outbox = join(options.folder, 'outbox');
  const opened = join(options.folder, 'pull-requests');
  const pullsFile = join(options.folder, 'known-pulls.json');
  const client =
    github.token === undefined ? withoutToken : openClient(github, { timeoutMs, signal });
  const context: GithubContext = { github, client, repository, settings, say };
  const board = options.dashboard ? openDashboard(context, options.folder) : undefined;
  /** Pages of pull requests that this process sent, by branch. */
  const pages = new Map<string, string>();
  const denied = new Map<ForgeIntent['kind'], string>();
  let restUntil = 0;

  const send = async (): Promise<DrainResult> => {
    const drained = await drainOutbox({
      folder: outbox,
      send: (waiting) => sendOne(context, opened, waiting, pages),
      say,
      denied,
      signal,
      ...(isOnThisMachine(github) && { pauseMs: 20 }),
    });
    if (drained.stopped) restUntil = performance.now() + restMs;
    return drained;
  };

  const write = async (intent: ForgeIntent, bundle?: Uint8Array): Promise<WriteOutcome> => {
    const id = await putIntent(outbox, scrubbed(intent), bundle);
    if (performance.now() < restUntil) return { waiting: 'the forge is out of reach' };
    const { refused, waiting } = await send();
    const reason = refused.get(id);
    if (reason !== undefined) throw new UserError(reason);
    const why = waiting.get(id);
    return why === undefined ? {} : { waiting: why };
  };

  const dashboard = async (listed?: ListedSpecs) => {
    const written = await board?.write(listed);
    await tellApproved(outbox, written?.ticks ?? []);
    return written;
  };

  /** Answers what was ticked since, with the specs of last time. */
  const refresh = async (): Promise<void> => {
    try {
      await dashboard();
    } catch (error) {
      if (!(error instanceof ForgeFault)) throw error;
      say(`The dashboard issue was not written: ${error.message}.`);
    }
  };

  const knownBefore = () => readKnownPulls(pullsFile, `${github.owner}/${github.repo}`);

  const learn = async () => {
    const recorded = (branch: string) => recordedPullRequest(pullRequestFolder(opened, branch));
    const now = await learnPulls(context, await knownBefore(), recorded);
    await writeKnownPulls(pullsFile, now);
    const { decisions, pulls } = await learnDecisions(context, options.decisions, now.pulls);
    await writeKnownPulls(pullsFile, { ...now, pulls: [...pulls] });
    return { now, decisions };
  };

  /** All that is known, after the forge was asked; `isStale` where it could not be. */
  const learnResolved = async (at: Date): Promise<LearntPulls> => {
    try {
      await learn();
      const { pulls, ...before } = await knownBefore();
      const learnt = await learnPeople(context, pulls, at);
      await writeKnownPulls(pullsFile, { ...before, pulls: [...learnt] });
    } catch (error) {
      if (!(error instanceof ForgeFault)) throw error;
      say(`${error.message}. What people made of open pull requests is not known.`);
      return { pulls: (await knownBefore()).pulls, isStale: true };
    }
    return { pulls: (await knownBefore()).pulls, isStale: false };
  };

  return {
    list: async () => {
      try {
        return await listed(outbox, (await learn()).now);
      } catch (error) {
        if (!(error instanceof ForgeFault)) throw error;
        const before = await knownBefore();
        // It never worked: a mistake to fix before a night is spent on it.
        if (error.kind === 'denied' && before.seen === null) {
          throw new UserError(error.message, { cause: error });
        }
        say(`${error.message}. The night goes on with the pull requests that were known before.`);
        return listed(outbox, before);
      }
    },
    resolutions: async (now) =>
      resolvedPulls(options, await learnResolved(now), {
        opened,
        waiting: (await listed(outbox, await knownBefore())).filter(({ url }) => url === undefined),
        now,
      }),
    branches: async () => {
      try {
        return await remoteBranches(repository, github);
      } catch (error) {
        if (error instanceof ForgeFault) return [];
        throw error;
      }
    },
    renameAdvice: 'Rename it on the forge',
    open: async (pullRequest) => {
      const place = pullRequestFolder(opened, pullRequest.branch);
      // Recorded once it was there, so nothing needs to be asked.
      if ((await recordedPullRequest(place))?.commit === pullRequest.commit) return {};
      const bundle = await thinBundle(repository, pullRequest.base, pullRequest.commit);
      const { into } = options;
      const run = github.runUrl;
      const intent: ForgeIntent = {
        kind: 'pull-request',
        pullRequest,
        ...(into !== undefined && { into }),
        ...(run !== undefined && { run }),
      };
      const written = await write(intent, bundle);
      const url = pages.get(pullRequest.branch);
      return { ...written, ...(url !== undefined && { url }) };
    },
    comment: (issue, key, body, mode = 'write') =>
      write({ kind: 'comment', issue, key, body, mode }),
    label: (issue, { add, remove }) =>
      write({ kind: 'labels', issue, add: [...add], remove: [...remove] }),
    takeIn: async (issue, readOptions) => {
      const answer = await takeIn(context, issue, readOptions).catch(asUserError);
      if (!answer) return { state: 'ignored', lines: [] };
      const { add, remove } = answer.labels;
      const waits = [
        await write({ kind: 'comment', issue, key: intakeKey, body: answer.text, mode: 'write' }),
        ...(add.length + remove.length > 0
          ? [await write({ kind: 'labels', issue, add: [...add], remove: [...remove] })]
          : []),
      ].flatMap(({ waiting }) => waiting ?? []);
      return { ...answer.taken, lines: [...answer.taken.lines, ...waits] };
    },
    approved: async (readOptions) => {
      try {
        return await approvedSpecs(context, readOptions, board?.recorded() ?? []);
      } catch (error) {
        if (!(error instanceof ForgeFault)) throw error;
        return { specs: [], refused: [], notices: [`Issues were not read: ${error.message}.`] };
      }
    },
    ticks: async () => {
      if (!board) return [];
      try {
        await tellApproved(outbox, await board.read());
      } catch (error) {
        if (!(error instanceof ForgeFault)) throw error;
        say(`The dashboard issue was not read: ${error.message}.`);
      }
      return board.recorded();
    },
    dashboard: (listed) => dashboard(listed).catch(asUserError),
    waiting: async () => (await readOutbox(outbox)).length,
    sync: async (): Promise<SyncResult> => {
      await refresh();
      const names = new Map(
        (await readOutbox(outbox)).map(({ id, intent }) => [id, describeIntent(intent)]),
      );
      const { sent, refused, waiting } = await send();
      const learnt = await learn().catch((error: unknown) => {
        if (!(error instanceof ForgeFault)) throw error;
        return { decisions: 0, trouble: error.message };
      });
      const lines = (reasons: ReadonlyMap<string, string>) =>
        [...reasons].map(([id, why]) => `${names.get(id) ?? id}: ${why}`);
      return {
        sent: sent.size,
        refused: lines(refused),
        waiting: lines(waiting),
        decisions: learnt.decisions,
        ...('trouble' in learnt && { trouble: learnt.trouble }),
      };
    },
  };
};

/** Says below an issue that it was approved elsewhere; it goes with what else waits. */
const tellApproved = async (outbox: string, ticks: readonly Tick[]): Promise<void> => {
  for (const { action, issue, digest, ...tick } of ticks) {
    if (action !== 'approve' || issue === undefined) continue;
    const body = `**Approved** on the dashboard by ${codeSpan(tickers(tick))} (digest \`${digest.slice(0, 12)}\`), for the next night. An edit of the issue needs a new approval.`;
    await putIntent(outbox, { kind: 'comment', issue, key: 'dashboard', body, mode: 'write' });
  }
};

/** People read comments; a pull request's text is what the gate's record says, scrubbed before. */
const scrubbed = (intent: ForgeIntent): ForgeIntent =>
  intent.kind === 'comment' ? { ...intent, body: scrub(intent.body) } : intent;

const asUserError = (error: unknown): never => {
  if (error instanceof ForgeFault) throw new UserError(error.message, { cause: error });
  throw error;
};

const sendOne = async (
  context: GithubContext,
  opened: string,
  { intent, bundle }: QueuedIntent,
  pages: Map<string, string>,
): Promise<void> => {
  if (intent.kind === 'comment') return onIssue(context, () => sendComment(context, intent));
  if (intent.kind === 'labels') return onIssue(context, () => sendLabels(context, intent));
  const { pullRequest } = intent;
  const url = await sendPullRequest(context, intent, bundle);
  recordPullRequest(opened, pullRequest);
  pages.set(pullRequest.branch, url);
  context.say(`${pullRequest.branch}: ${url}`);
};

/** An issue that is not there any more must not keep everything else waiting. */
const onIssue = async (context: GithubContext, send: () => Promise<void>): Promise<void> => {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof ForgeFault) || !gone.has(error.status ?? 0)) throw error;
    await context.client.call(githubRoutes.repository, {}, repositorySchema);
    throw new ForgeFault('refused', 'the issue does not exist (any more)', { cause: error });
  }
};

/** Deleted, or transferred to another repository. */
const gone = new Set([301, 302, 307, 308, 404]);

/** What is on the forge, and what is still on its way there. */
const listed = async (
  outbox: string,
  { pulls }: KnownPulls,
): Promise<readonly ListedPullRequest[]> => {
  const there = pulls.map(
    ({ pullRequest, state, url }): ListedPullRequest => ({ pullRequest, state, url }),
  );
  const branches = new Set(there.map(({ pullRequest }) => pullRequest.branch));
  const waiting: ListedPullRequest[] = [];
  for (const { intent } of await readOutbox(outbox)) {
    if (intent.kind !== 'pull-request' || branches.has(intent.pullRequest.branch)) continue;
    branches.add(intent.pullRequest.branch);
    waiting.push({ pullRequest: intent.pullRequest, state: 'open' });
  }
  return [...there, ...waiting];
};
