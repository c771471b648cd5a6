// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../data/user-error.ts';
import { type Registry, renderRegistry } from '../engine/models/registry.ts';
import { registryName } from '../engine/models/registry-names.ts';
import type { Repository } from '../workspace/repository.ts';
import { openForge } from './open/open-forge.ts';
import type { CommittedFiles } from './open/read-commit.ts';
import { fileDigest, proposeFile, registrySpec } from './publish/propose-file.ts';
import type { StateFolder } from './record/state-folder.ts';

type Proposal = {
  readonly repository: Repository;
  readonly state: StateFolder;
  readonly commit: CommittedFiles;
  readonly registry: Registry;
  readonly title: string;
  /** Markdown below the title. */
  readonly body: readonly string[];
  readonly say: (line: string) => void;
};

/** Its branch, and what to do with it or where to look; nothing where it is merged by `pantheon accept`. */
export type ProposedRegistry = { readonly branch: string; readonly where: string | undefined };

/**
 * Opens a pull request of `registry.yaml` alone, whole or not at all.
 * @throws UserError where one that says the same is there.
 */
export const proposeRegistry = async ({
  repository,
  state,
  commit,
  registry,
  title,
  body,
  say,
}: Proposal): Promise<ProposedRegistry> => {
  const { base, config } = commit;
  // As in the jobs of a compiled workflow.
  const otherwise = process.env.GITHUB_ACTIONS === 'true' ? 'github' : 'local';
  const forge = await openForge({ repository, state, config, say, otherwise });
  const text = renderRegistry(registry);
  const digest = fileDigest({ file: registryName, text });
  const before = (await forge.list()).find(
    ({ pullRequest: { spec, specDigest }, state: now }) =>
      spec === registrySpec && specDigest === digest && now !== 'merged',
  );
  if (before) {
    const { branch } = before.pullRequest;
    throw new UserError(
      `${branch} proposes this already, and it is ${before.state}. Merge it with "pantheon accept ${branch} --merge", or delete the branch to propose it again`,
    );
  }
  const { pullRequest, url, waiting } = await proposeFile(
    {
      ...{ spec: registrySpec, repository: repository.root, base, config, text, title, body },
      file: registryName,
      night: '',
      date: new Date().toISOString(),
    },
    forge,
  ).catch(asFull);
  return { branch: pullRequest.branch, where: url ?? waiting };
};

/** git says in words that a disk is full. */
const asFull = (cause: unknown): never => {
  const { code, stderr = '' } = cause as { readonly code?: string; readonly stderr?: string };
  if (code !== 'ENOSPC' && !/No space left on device/.test(stderr)) throw cause;
  throw new UserError(
    'the disk is full: nothing was proposed, and the registry is as it was. Make room and run it again',
    { cause },
  );
};
