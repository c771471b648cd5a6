// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chores } from '../../chore/chores.ts';
import { sha256 } from '../../data/digest.ts';
import { commitText } from '../../forge/commit-text.ts';
import type { PullRequest } from '../../forge/forge.ts';
import { renderPullRequest } from '../../forge/pull-request-text.ts';
import type { Decision, JoinedFile, Proposal } from '../../review/gate/gate-agent.ts';
import type { Review } from '../../review/schema.ts';
import { scrub } from '../../secrets/scrub.ts';
import { buildCommit, pantheonAuthor } from '../../workspace/commit.ts';
import { noticesOf, type PlannedSpec } from '../run/run-plan.ts';

/** Where a spec's finished pull request waits for `publish`, below the night's folder. */
export const proposalFolder = (nightFolder: string, spec: string): string =>
  join(nightFolder, spec, 'pull-request');

/**
 * Writes the pull request as a git bundle and its text beside the traces.
 * The folder appears whole, by rename; made again, it holds the same.
 */
export const propose = async (
  planned: PlannedSpec,
  decision: Decision,
  files: readonly JoinedFile[],
  reviews: ReadonlyMap<string, readonly Review[]>,
): Promise<Proposal> => {
  const { session, decided } = planned;
  const { spec } = decided;
  const folder = proposalFolder(session.folder, spec.id);
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(join(making, 'scratch'), { recursive: true });
  const approved = decision.units.filter(({ state }) => state === 'approved');
  const contents = new Map(files);
  const { author, committer, signOff } = session.night.config.commit;
  const message = commitMessage(planned, decision);
  const { commit, bundle } = await buildCommit({
    repository: session.repository,
    scratch: join(making, 'scratch'),
    base: session.night.base.commit,
    changes: approved.flatMap(({ changes = [] }) => changes),
    content: (path) => contents.get(path),
    message: signOff ? `${message}Signed-off-by: ${author ?? pantheonAuthor}\n` : message,
    date: session.night.startedAt,
    ...(author !== undefined && { author }),
    ...(committer !== undefined && { committer }),
  });
  renameSync(bundle, join(making, 'commit.bundle'));
  rmSync(join(making, 'scratch'), { recursive: true, force: true });
  const pullRequest = await describe(planned, decision, commit, reviews);
  writeFileSync(join(making, 'pr.md'), pullRequest.body);
  const record = `${JSON.stringify(pullRequest, null, 2)}\n`;
  writeFileSync(join(making, 'pull-request.json'), record);
  rmSync(folder, { recursive: true, force: true });
  renameSync(making, folder);
  return { commit, record: sha256(record) };
};

const commitMessage = ({ session, decided }: PlannedSpec, { reason }: Decision): string =>
  [
    commitText(decided.spec.title),
    '',
    commitText(reason),
    '',
    `Pantheon-Spec: ${decided.spec.id}`,
    `Pantheon-Spec-Digest: ${decided.digest}`,
    `Pantheon-Night: ${session.night.id}`,
    '',
  ].join('\n');

/** Checks of documents are no tests. */
const haveRun = ({ passed, failed, counted }: Decision['tests']): boolean =>
  counted !== 'checks' && passed + failed > 0;

/** Sentences about tests or links where no step has run or followed any. */
const uncheckedIn = (
  sentences: readonly string[],
  { read }: Chores,
  tests: Decision['tests'],
): ReadonlyMap<string, string> => {
  const open = new Map<string, string>([
    ...(haveRun(tests) ? [] : [['tests', 'no tests ran'] as const]),
    ...((tests.links ?? 0) > 0 ? [] : [['links', 'no step followed a link'] as const]),
  ]);
  return new Map(
    sentences.flatMap((sentence) =>
      (read(sentence) ?? []).flatMap(({ args }) => {
        const why = open.get(String(args.check));
        return why === undefined ? [] : [[sentence, why] as const];
      }),
    ),
  );
};

const describe = async (
  { session, decided, left, plan }: PlannedSpec,
  decision: Decision,
  commit: string,
  reviews: ReadonlyMap<string, readonly Review[]>,
): Promise<PullRequest> => {
  const { spec, digest: specDigest, branch, supersedes = [], issue } = decided;
  const { night } = session;
  const idsOf = (wanted: 'approved' | 'red') =>
    decision.units.filter(({ state }) => state === wanted).map(({ id }) => id);
  const pullRequest: Omit<PullRequest, 'body'> = {
    spec: spec.id,
    specDigest,
    night: night.id,
    title: commitText(spec.title),
    branch,
    base: night.base.commit,
    commit,
    digest: decision.digest ?? '',
    units: { approved: idsOf('approved'), red: idsOf('red') },
    supersedes,
    ...(issue !== undefined && { issue }),
  };
  const chores = await session.chores();
  const unchecked = uncheckedIn(spec.acceptance, chores, decision.tests);
  return {
    ...pullRequest,
    body: scrub(
      renderPullRequest({
        spec,
        pullRequest,
        decision,
        left,
        notices: noticesOf(plan),
        unchecked,
        reviews,
      }),
    ),
  };
};
