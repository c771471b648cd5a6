// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../data/user-error.ts';
import { thinBundle } from '../workspace/thin-bundle.ts';
import { type Drained, drain } from './drain.ts';
import { ForgeFault } from './fault.ts';
import type { IssueForge, Listed, Opened, PullRequest, Synced } from './forge.ts';
import { type GithubClient, isHere, openClient } from './github/client.ts';
import type { GithubContext, GithubSettings } from './github/context.ts';
import { type KnownPulls, readKnownPulls, writeKnownPulls } from './github/known-pulls.ts';
import { learnDecisions } from './github/learn-decisions.ts';
import { learnPulls } from './github/learn-pulls.ts';
import { sendComment, sendLabels } from './github/send-comment.ts';
import { sendPullRequest } from './github/send-pull-request.ts';
import type { GithubSite } from './github/site.ts';
import { describeIntent, type Intent } from './intent.ts';
import { pullRequestFolder, recordedPullRequest, recordPullRequest } from './local.ts';
import { putIntent, type Waiting, waitingIn } from './outbox.ts';

export type GithubForgeOptions = {
  readonly site: GithubSite;
  /** The repository on this machine, which holds the commits. */
  readonly repository: string;
  /** What is to be sent, in order. */
  readonly outbox: string;
  /** What was opened, a folder each. */
  readonly folder: string;
  /** What was last known of the forge's pull requests. */
  readonly known: string;
  readonly decisions: string;
  readonly settings: GithubSettings;
  /** The branch to merge into; by default the repository's own. */
  readonly into?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly say: (line: string) => void;
};

/** After the forge was out of reach, it is left alone for so long. */
const restMs = 600_000;

/** Pull requests, comments and labels on GitHub; whatever is written waits in the outbox first. */
export const openGithubForge = (options: GithubForgeOptions): IssueForge => {
  const { site, repository, settings, say, timeoutMs, signal } = options;
  const client = site.token === undefined ? withoutToken : openClient(site, { timeoutMs, signal });
  const context: GithubContext = { site, client, repository, settings, say };
  let restUntil = 0;

  const send = async (): Promise<Drained> => {
    const drained = await drain({
      folder: options.outbox,
      send: (waiting) => sendOne(options, context, waiting),
      say,
      signal,
      ...(isHere(site) && { pauseMs: 20 }),
    });
    const resting = drained.waiting.size > 0;
    if (resting) restUntil = performance.now() + restMs;
    return drained;
  };

  const write = async (intent: Intent, bundle?: Uint8Array): Promise<Opened> => {
    const id = await putIntent(options.outbox, intent, bundle);
    if (performance.now() < restUntil) return { waiting: 'the forge is out of reach' };
    const { refused, waiting } = await send();
    const reason = refused.get(id);
    if (reason !== undefined) throw new UserError(reason);
    const why = waiting.get(id);
    return why === undefined ? {} : { waiting: why };
  };

  const learn = async (): Promise<{ readonly known: KnownPulls; readonly decisions: number }> => {
    const before = await readKnownPulls(options.known, `${site.owner}/${site.repo}`);
    const recorded = (branch: string) =>
      recordedPullRequest(pullRequestFolder(options.folder, branch));
    const known = await learnPulls(context, before, recorded);
    await writeKnownPulls(options.known, known);
    return { known, decisions: await learnDecisions(context, options.decisions, known.pulls) };
  };

  return {
    list: async () => {
      const before = await readKnownPulls(options.known, `${site.owner}/${site.repo}`);
      try {
        await send();
        const { known } = await learn();
        return await listed(options, known);
      } catch (error) {
        if (!(error instanceof ForgeFault)) throw error;
        if (error.kind === 'denied') throw new UserError(error.message, { cause: error });
        say(`${error.message}; going on with what was known of its pull requests`);
        return listed(options, before);
      }
    },
    open: async (pullRequest) => {
      const place = pullRequestFolder(options.folder, pullRequest.branch);
      // Recorded once it was there, so nothing needs to be asked.
      if ((await recordedPullRequest(place))?.commit === pullRequest.commit) return {};
      const bundle = await thinBundle(repository, pullRequest.base, pullRequest.commit);
      const { into } = options;
      const run = site.runUrl;
      const intent: Intent = {
        kind: 'pull-request',
        pullRequest,
        ...(into !== undefined && { into }),
        ...(run !== undefined && { run }),
      };
      return write(intent, bundle);
    },
    comment: (issue, key, body) => write({ kind: 'comment', issue, key, body }),
    label: (issue, { add, remove }) =>
      write({ kind: 'labels', issue, add: [...add], remove: [...remove] }),
    sync: async (): Promise<Synced> => {
      const names = new Map(
        (await waitingIn(options.outbox)).map(({ id, intent }) => [id, describeIntent(intent)]),
      );
      const { sent, refused, waiting } = await send();
      const decisions = await learn().then(
        (learnt) => learnt.decisions,
        (error) => {
          if (!(error instanceof ForgeFault)) throw error;
          if (waiting.size === 0) throw new UserError(error.message, { cause: error });
          return 0;
        },
      );
      const lines = (found: ReadonlyMap<string, string>) =>
        [...found].map(([id, why]) => `${names.get(id) ?? id}: ${why}`);
      return { sent: sent.size, refused: lines(refused), waiting: lines(waiting), decisions };
    },
  };
};

const withoutToken: GithubClient = {
  call: () => Promise.reject(noToken()),
  pages: () => Promise.reject(noToken()),
};

const noToken = (): ForgeFault =>
  new ForgeFault('unreachable', 'no token for GitHub is set (PANTHEON_GITHUB_TOKEN)');

const sendOne = async (
  { folder }: GithubForgeOptions,
  context: GithubContext,
  { intent, bundle }: Waiting,
): Promise<void> => {
  if (intent.kind === 'comment') return sendComment(context, intent);
  if (intent.kind === 'labels') return sendLabels(context, intent);
  const { pullRequest } = intent;
  const { url } = await sendPullRequest(context, intent, bundle);
  await recordPullRequest(folder, pullRequest);
  context.say(`${pullRequest.branch}: ${url}`);
};

/** What is on the forge, and what is still on its way there. */
const listed = async (
  { outbox }: GithubForgeOptions,
  { pulls }: KnownPulls,
): Promise<readonly Listed[]> => {
  const there = pulls.map(({ pullRequest, state, url }): Listed => ({ pullRequest, state, url }));
  const branches = new Set(there.map(({ pullRequest }) => pullRequest.branch));
  const waiting = (await waitingIn(outbox)).flatMap(({ intent }): readonly Listed[] => {
    const pullRequest: PullRequest | undefined =
      intent.kind === 'pull-request' ? intent.pullRequest : undefined;
    return pullRequest && !branches.has(pullRequest.branch) ? [{ pullRequest, state: 'open' }] : [];
  });
  return [...there, ...waiting];
};
