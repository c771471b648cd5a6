// SPDX-License-Identifier: GPL-3.0-only
import { adapterName } from '../../engine/models/adapter-name.ts';
import type { Registry } from '../../engine/models/registry.ts';
import { type EvalPlan, evaluatorOf } from '../../night/evaluate-agent.ts';
import type { CommittedFiles } from '../../night/open/read-commit.ts';
import type { StateFolder } from '../../night/record/state-folder.ts';
import type { Repository } from '../../workspace/repository.ts';
import { workerOf } from '../shared/worker.ts';
import type { KeptEval } from './eval-files.ts';
import { evalPlace, flowsOf, trialRegistry } from './eval-plan.ts';

type Today = {
  readonly registry: Registry;
  readonly repository: Repository;
  readonly state: StateFolder;
  readonly commit: CommittedFiles;
};

/** Whether the agents, reviewers, rules and settings of today would judge what an evaluation judged, as they did. */
export const isJudgedAsToday = async (
  { result, specs }: KeptEval,
  { registry, repository, state, commit }: Today,
  { say, signal }: Pick<EvalPlan, 'say' | 'signal'>,
): Promise<boolean> => {
  const { agent, candidate, incumbent, profile, heldOut, startedAt } = result;
  const name = adapterName({ agent, version: candidate.version });
  const plan: EvalPlan = {
    ...{ agent, candidate, incumbent, profile, heldOut, startedAt, specs, state, say, signal },
    flows: await flowsOf(commit, agent),
    place: evalPlace(state, name),
    repository: repository.root,
    head: repository.head,
    registry: trialRegistry(registry, agent, candidate),
    config: commit.config,
    sides: { candidate: { adapter: name }, incumbent: { adapter: undefined } },
    example: false,
    work: await workerOf({}),
  };
  return (await evaluatorOf(plan)) === result.evaluator;
};
