// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { hasIssues, openForge } from '../../night/open/open-forge.ts';
import { committedChores } from '../../night/open/open-setup.ts';
import { readCommit } from '../../night/open/read-commit.ts';
import { planAhead } from '../../night/plan-ahead.ts';
import type { Spec } from '../../spec/schema.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import { readCount } from '../shared/count-option.ts';
import { locate } from '../shared/state.ts';

type IntakeArguments = { readonly repo: string; readonly issue?: string };

/**
 * `pantheon intake`: answers the issue that a workflow was started by, or the one that is named. What
 * is wrong with a spec is said in the issue and is not a failure here; exit code 1 when nothing could be.
 */
export const intakeCommand = async (args: IntakeArguments): Promise<void> => {
  const number =
    args.issue === undefined ? await issueOfEvent() : readCount('--issue', args.issue, 999_999_999);
  const { repository, state } = await locate(args.repo);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const commit = await readCommit(base);
    const { config } = commit;
    const forge = await openForge({ repository, state, config, say, otherwise: 'github' });
    if (!hasIssues(forge)) {
      throw new UserError(
        'The forge of this repository is local and has no issues. Set `forge: github` in pantheon.yaml.',
      );
    }
    const chores = await (await committedChores(commit, state.code))();
    const plan = async (spec: Spec): Promise<readonly string[]> => {
      const { signal } = new AbortController();
      const { message, advice } = (await planAhead(spec, commit, chores, signal)) ?? {};
      return [message ?? [], advice ?? []].flat();
    };
    const { state: outcome, lines } = await forge.takeIn(number, {
      protected: config.gate.protected,
      flows: await commit.flowNames(),
      files: await commit.specs(),
      past: new Set((await forge.list()).map(({ pullRequest }) => pullRequest.spec)),
      plan,
    });
    say(`Issue #${number}: ${outcome}`);
    for (const line of lines) say(`  ${line}`);
  } finally {
    await base.close();
  }
};

const eventSchema = z.object({ issue: z.object({ number: z.int().positive() }) });

/** The event's file contains what strangers wrote; only the number is taken from it. */
const issueOfEvent = async (): Promise<number> => {
  const { GITHUB_EVENT_PATH: file } = process.env;
  if (!file) throw new UserError('No workflow started this command. Name the issue with --issue.');
  try {
    return eventSchema.parse(JSON.parse(await readFile(file, 'utf8'))).issue.number;
  } catch (cause) {
    throw new UserError('the file is not the event of an issue. Name an issue with --issue.', {
      place: { file },
      cause,
    });
  }
};
