// SPDX-License-Identifier: GPL-3.0-only
import { adapterName } from '../../engine/models/adapter-name.ts';
import type { Registry } from '../../engine/models/registry.ts';
import { trialRegistry } from '../../learn/eval/incumbent.ts';
import { evalPlace, type KeptEval } from '../../learn/eval/kept-eval.ts';
import type { Repository } from '../../workspace/repository.ts';
import type { CommittedFiles } from '../open/read-commit.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { flowsOf } from './eval-cases.ts';
import { type EvalPlan, evaluatorOf } from './evaluate-agent.ts';

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
  { say, signal, work }: Pick<EvalPlan, 'say' | 'signal' | 'work'>,
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
    work,
  };
  return (await evaluatorOf(plan)) === result.evaluator;
};
