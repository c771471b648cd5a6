// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sha256 } from '../../data/digest.ts';
import type { CodedReason } from '../../data/findings/table.ts';
import { UserError } from '../../data/user-error.ts';
import { commitText } from '../../forge/commit-text.ts';
import { type Forge, type PullRequest, pullRequestSchema } from '../../forge/forge.ts';
import { isSigned, signCommit } from '../../forge/sign-commit.ts';
import { type Decision, decisionSchema } from '../../review/gate/gate-agent.ts';
import type { Traces } from '../../trace/open-traces.ts';
import { hostOf } from '../exam/hidden-units.ts';
import { proposalFolder } from '../gate/propose.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import type { NodeEnd } from '../run/run-step.ts';
import type { Session } from '../run/session.ts';
import { checkCommit, Tampered } from './check-commit.ts';
import { doubtChain } from './doubt-chain.ts';
import { doubtReviews } from './doubt-reviews.ts';

/** What became of a spec's decision outside the child. */
export type Published =
  | {
      readonly state: 'opened';
      readonly pullRequest: PullRequest;
      /** Its page, or why it is still on its way to the forge. */
      readonly url?: string | undefined;
      readonly waiting?: string | undefined;
    }
  | ({ readonly state: 'refused' } & CodedReason)
  | { readonly state: 'nothing' };

/** What publish uses of a night's session. */
type PublishContext = Pick<
  Session,
  'night' | 'folder' | 'repository' | 'journal' | 'published' | 'signal'
> & { readonly traces: Pick<Traces, 'read'> };

/** The gate's decision in its bundle. @throws when the bundle holds something else. */
export const decisionOf = (gate: Extract<NodeEnd, { readonly status: 'ok' }>): Decision =>
  decisionSchema.parse(gate.output.result);

/**
 * The night's only writer to a forge. It recomputes every digest from the commit that is sent; any
 * difference from what both reviewers approved stops it. Intent before, done after: repeated after
 * a crash, it opens nothing twice.
 */
export const publishSpec = async (
  session: PublishContext,
  forge: Pick<Forge, 'list' | 'open'>,
  spec: string,
  decision: Decision,
): Promise<Published> => {
  if (decision.outcome !== 'pull-request') return { state: 'nothing' };
  const folder = proposalFolder(session.folder, spec);
  try {
    const doubt = doubtReviews(session.traces, spec, decision);
    if (doubt !== undefined) throw new Tampered(doubt);
    const approved = await readRecord(folder, decision);
    const decided = checkRecord(session.night, spec, decision, approved);
    const broken = doubtChain(session.traces, session.night, decided, decision);
    if (broken !== undefined) throw new Tampered(broken);
    const before = session.published.get(spec);
    if (before?.state === 'done' && (await isListed(forge, before))) {
      return { state: 'opened', pullRequest: { ...approved, commit: before.commit } };
    }
    await checkCommit(session, decision, approved, join(folder, 'commit.bundle'));
    const { branch } = approved;
    const commit = await commitToSend(session, approved, before?.commit);
    const pullRequest = { ...approved, commit };
    session.journal.append({ type: 'publish', state: 'intent', spec, branch, commit });
    session.journal.sync();
    const { url, waiting } = await forge.open(pullRequest);
    session.journal.append({ type: 'publish', state: 'done', spec, branch, commit });
    return { state: 'opened', pullRequest, url, waiting };
  } catch (error) {
    if (session.signal.aborted || !isRefusal(error)) throw error;
    const code = error instanceof Tampered ? 'publish.tampered' : 'publish.refused';
    return { state: 'refused', code, reason: error.message };
  }
};

/**
 * Only out here, where no agent runs, is it signed. Signed once more it could be another commit, and the
 * branch may be there: what was on its way goes again, if it is that commit.
 */
const commitToSend = async (
  { night, repository }: PublishContext,
  { commit }: PullRequest,
  before: string | undefined,
): Promise<string> => {
  if (!night.config.commit.sign) return commit;
  const again = before !== undefined && (await isSigned(repository, commit, before));
  return again ? before : signCommit(repository, commit);
};

/** A line in the journal opens nothing: what was opened is asked of the forge. */
const isListed = async (
  forge: Pick<Forge, 'list'>,
  { branch, commit }: Pick<PullRequest, 'branch' | 'commit'>,
): Promise<boolean> =>
  (await forge.list()).some(
    ({ pullRequest }) => pullRequest.branch === branch && pullRequest.commit === commit,
  );

/** This costs one spec its pull request: tampering, or a branch that is taken. All else is a defect. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Tampered || error instanceof UserError;

const readRecord = async (folder: string, { record }: Decision): Promise<PullRequest> => {
  const bytes = await readFile(join(folder, 'pull-request.json')).catch((cause) => {
    throw new Tampered(`pull-request.json cannot be read (${cause.code})`, { cause });
  });
  if (sha256(bytes) !== record) throw new Tampered('pull-request.json is not what the gate wrote');
  try {
    return pullRequestSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new Tampered('pull-request.json is not a record of a pull request', { cause });
  }
};

/** The gate may run elsewhere; what a pull request is of and where it goes was decided before. */
const checkRecord = (
  night: Night,
  spec: string,
  { units }: Decision,
  pullRequest: PullRequest,
): DecidedSpec => {
  const decided = night.specs.find((one) => one.spec.id === spec);
  if (!decided) throw new Tampered(`night ${night.id} has no spec ${spec}`);
  const hidden = units.find(({ id }) => hostOf(id) !== undefined);
  if (hidden) throw new Tampered(`${hidden.id} is a patch of an exam`);
  const idsOf = (wanted: 'approved' | 'red') =>
    units.filter(({ state }) => state === wanted).map(({ id }) => id);
  const expected: Omit<PullRequest, 'commit' | 'digest' | 'body'> = {
    spec,
    specDigest: decided.digest,
    night: night.id,
    title: commitText(decided.spec.title),
    branch: decided.branch,
    base: night.base.commit,
    units: { approved: idsOf('approved'), red: idsOf('red') },
    supersedes: decided.supersedes ?? [],
    issue: decided.issue,
  };
  for (const [key, value] of Object.entries(expected)) {
    if (isDeepStrictEqual(pullRequest[key as keyof typeof expected], value)) continue;
    throw new Tampered(`pull-request.json says another ${key} than was decided`);
  }
  return decided;
};
