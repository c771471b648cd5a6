// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { appendDecision } from '../../src/forge/decisions.ts';
import { branchOf, type PullRequest } from '../../src/forge/forge.ts';
import { openLocalForge } from '../../src/forge/local-forge.ts';
import { makeRepository, temporaryFolder, writeFiles } from '../workspace/with-repository.ts';

type Test = { readonly teardown: (clean: () => void) => void };

/** A local forge over a repository and a state folder of its own. */
export const makeForge = (t: Test) => {
  const { folder: repository, run, head } = makeRepository(t, { 'a.txt': 'a\n' });
  const state = temporaryFolder(t);
  const folder = join(state, 'pull-requests');
  const decisions = join(state, 'decisions.jsonl');
  const forge = openLocalForge({ repository, folder, decisions });
  let made = 0;
  /** A commit on the base that is on no branch yet, as publish leaves it. */
  const commit = (): string => {
    made += 1;
    run(['switch', '-q', '--detach', head]);
    writeFiles(repository, { 'a.txt': `${made}\n` });
    run(['commit', '-qam', `Change ${made}`]);
    const id = run(['rev-parse', 'HEAD']).trim();
    run(['switch', '-q', 'main']);
    return id;
  };
  const request = (more: Partial<PullRequest> = {}): PullRequest => ({
    spec: 'tidy',
    specDigest: 'd'.repeat(64),
    night: '2026-11-01',
    title: 'Tidy',
    branch: branchOf('tidy', 'd'.repeat(64)),
    base: head,
    commit: more.commit ?? commit(),
    digest: 'e'.repeat(64),
    units: { approved: ['u'], red: [] },
    supersedes: [],
    body: '# Tidy\n',
    ...more,
  });
  const decide = (pull: PullRequest, decision: 'accept' | 'reject') =>
    appendDecision(decisions, pull, { at: '2026-11-02T08:00:00Z', decision });
  const states = async () => (await forge.list()).map(({ state }) => state);
  return { forge, repository, run, head, folder, request, decide, states };
};

export type MadeForge = ReturnType<typeof makeForge>;
