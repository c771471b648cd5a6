// SPDX-License-Identifier: GPL-3.0-only
import { basename, dirname, join } from 'node:path';
import { noHome, userFolder } from '../../config/user-folder.ts';
import { sha256 } from '../../data/digest.ts';

/** What outlives a night, one folder per repository. */
export type StateFolder = {
  readonly root: string;
  readonly traces: string;
  readonly lock: string;
  readonly decisions: string;
  readonly outcomes: string;
  /** What was mined of its nights, and where it lies. */
  readonly datasets: string;
  readonly pullRequests: string;
  /** What is on its way to GitHub, and what is known to be there. */
  readonly github: string;
  /** Agents and tools of the repository, by the digest of their sources. */
  readonly code: string;
};

/**
 * `$PANTHEON_STATE`, by default `pantheon` in the XDG state folder, then one folder per repository:
 * its name and a hash of its git folder (XDG Base Directory Specification 0.8). On a runner, whose
 * checkouts come and go, `$PANTHEON_REPOSITORY` (OWNER/NAME) stands for the git folder.
 */
export const stateFolder = (
  gitFolder: string,
  environment: NodeJS.ProcessEnv = process.env,
): StateFolder => {
  const { PANTHEON_REPOSITORY: known } = environment;
  const place = known ? known.toLowerCase() : gitFolder;
  const name = basename(place) === '.git' ? basename(dirname(place)) : basename(place);
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-') || 'repository';
  return stateAt(join(stateBase(environment), `${slug}-${sha256(place).slice(0, 8)}`));
};

/** Where the state folders of all repositories lie. @throws UserError where nothing says. */
export const stateBase = (environment: NodeJS.ProcessEnv = process.env): string => {
  if (environment.PANTHEON_STATE) return environment.PANTHEON_STATE;
  const folder = userFolder('STATE', environment);
  if (folder === undefined) throw noHome('PANTHEON_STATE to a folder for what nights keep');
  return join(folder, 'pantheon');
};

/** The layout below one repository's folder. */
export const stateAt = (root: string): StateFolder => ({
  root,
  traces: join(root, 'traces'),
  lock: join(root, 'lock'),
  decisions: join(root, 'decisions.jsonl'),
  outcomes: join(root, 'outcomes.jsonl'),
  datasets: join(root, 'datasets.jsonl'),
  pullRequests: join(root, 'pull-requests'),
  github: join(root, 'github'),
  code: join(root, 'code'),
});

/** A file beside an example's vault: its state lies there and not in the state folder. */
export const exampleMark = '.pantheon-example';
