// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { sha256 } from '../../data/digest.ts';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';
import { branchOf, type Forge, type PullRequest, type WriteOutcome } from '../../forge/forge.ts';
import { decideHeading } from '../../forge/pull-request-text.ts';
import { signCommit } from '../../forge/sign-commit.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { buildCommit, fetchBundle } from '../../workspace/commit.ts';
import { createOverlay, unrestricted, writeFiles } from '../../workspace/overlay.ts';
import { patchDigest, pullRequestDigest } from '../../workspace/patch-digest.ts';
import { commitSettings } from '../decide/commit-settings.ts';

/** In the place of a spec's id, which begins with no `_`. */
export const rulesSpec = '_rules';
export const registrySpec = '_registry';

export type FileProposal = {
  /** What stands for a spec. */
  readonly spec: typeof rulesSpec | typeof registrySpec;
  readonly repository: string;
  /** The commit that it is made on. */
  readonly base: BaseTree;
  readonly config: Pick<Config, 'commit'>;
  /** The file, and its whole text. */
  readonly file: string;
  readonly text: string;
  readonly title: string;
  /** Markdown below the title. */
  readonly body: readonly string[];
  /** The newest night it is made from. */
  readonly night: string;
  /** ISO 8601. */
  readonly date: string;
};

/** What a proposal is told apart by: its file and text. */
export const fileDigest = ({ file, text }: Pick<FileProposal, 'file' | 'text'>): string =>
  sha256(`${file}\n${text}`);

/** Opens a pull request of one file. It says nothing anywhere until a person merges it. */
export const proposeFile = async (
  proposal: FileProposal,
  forge: Pick<Forge, 'open'>,
): Promise<{ readonly pullRequest: PullRequest } & WriteOutcome> => {
  const { spec, repository, base, file, text, title, night } = proposal;
  const overlay = createOverlay(base, unrestricted);
  writeFiles(overlay, [[file, Buffer.from(text)]]);
  const changes = overlay.changes();
  const settings = await commitSettings(proposal.config.commit, repository);
  const { author, committer } = settings;
  const scratch = await makeTemporaryFolder('proposal');
  try {
    const built = await buildCommit({
      ...{ repository, base: base.commit, changes, date: proposal.date },
      scratch: join(scratch, 'commit'),
      content: overlay.written,
      message: `${title}\n`,
      ...(author !== undefined && { author }),
      ...(committer !== undefined && { committer }),
    });
    await fetchBundle(repository, built.bundle, built.commit);
    const commit = settings.sign ? await signCommit(repository, built.commit) : built.commit;
    const specDigest = fileDigest(proposal);
    const branch = branchOf(spec, specDigest);
    const pullRequest: PullRequest = {
      ...{ spec, specDigest, night, title, branch, base: base.commit, commit },
      digest: pullRequestDigest([patchDigest(changes)]),
      units: { approved: [], red: [] },
      supersedes: [],
      body: bodyOf(proposal, branch, specDigest),
    };
    return { pullRequest, ...(await forge.open(pullRequest)) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

const bodyOf = (
  { spec, base, title, body }: FileProposal,
  branch: string,
  specDigest: string,
): string =>
  [
    `# ${title}`,
    '',
    ...body,
    '',
    decideHeading,
    '',
    '```sh',
    `git diff ${base.commit.slice(0, 12)} ${branch}   # look`,
    `pantheon accept ${branch} --merge`,
    `pantheon reject ${branch} --why "..."`,
    '```',
    '',
    `<!-- pantheon:${spec}:${specDigest} -->`,
    '',
  ].join('\n');
