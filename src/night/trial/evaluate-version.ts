// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync } from 'node:fs';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { findVersion } from '../../learn/eval/find-version.ts';
import { readAgainst, trialRegistry } from '../../learn/eval/incumbent.ts';
import { evalPlace, readEval, shadowPlace, writeEval } from '../../learn/eval/kept-eval.ts';
import type { EvalResult } from '../../learn/eval/result.ts';
import { acquireLock } from '../../trace/lock.ts';
import { type BaseTree, openBaseTree } from '../../workspace/base-tree.ts';
import { readCommit } from '../open/read-commit.ts';
import { type CaseOptions, findCases, flowsOf } from './eval-cases.ts';
import { type EvalPlan, emptyResult, evaluateAgent, evaluatorOf } from './evaluate-agent.ts';
import { isSameComparison, withWorked } from './go-on.ts';

/** A version, what it is compared with, and on what. */
export type EvalRequest = Omit<CaseOptions, 'learned'> &
  Pick<EvalPlan, 'agent' | 'work' | 'signal'> & {
    readonly version: number;
    /** champion, none or rules; the champion where there is one. */
    readonly against: string | undefined;
    /** Of pantheon.yaml; its own where none is named. */
    readonly profile: string | undefined;
    /** Works nothing. */
    readonly dry: boolean;
  };

/**
 * Works held-out specs with a version and with what it would replace, goes on with what was begun, and keeps each
 * result in the state folder. @throws UserError as a night does, and where there is nothing to compare.
 */
export const evaluateVersion = async (
  request: EvalRequest,
): Promise<{ readonly plan: EvalPlan; readonly result: EvalResult }> => {
  const { agent, version, state, repository } = request;
  const name = adapterName({ agent, version });
  const place = evalPlace(state, name);
  mkdirSync(place, { recursive: true });
  const release = await acquireLock(`${place}.lock`, `pantheon eval ${name}`);
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const plan = await planOf(request, base, place);
    const begun = await goOn(place, plan);
    if (request.dry) return { plan, result: begun };
    const keep = (result: EvalResult) => writeEval(place, { result, specs: plan.specs });
    keep(begun);
    return { plan, result: await evaluateAgent(plan, begun, keep) };
  } finally {
    await base.close();
    release();
  }
};

const planOf = async (
  { agent, version, against, profile, ...request }: EvalRequest,
  base: BaseTree,
  place: string,
): Promise<EvalPlan> => {
  const { repository, state, work, say, signal, heldOut } = request;
  const name = adapterName({ agent, version });
  const commit = await readCommit(base);
  const [registry, models] = [await commit.registry(), await commit.models()];
  const { candidate, facts } = await findVersion(agent, version, models);
  const { incumbent, side } = readAgainst(against, registry, agent);
  if (incumbent.adapter === candidate.adapter) {
    throw new UserError(`${name} is the champion itself. Compare it with --against none, or rules`);
  }
  const flows = await flowsOf(commit, agent);
  const specs = await findCases(commit, flows, { ...request, learned: facts.specs });
  // What nights had it work in the shadow is held-out specs enough; "promote" takes them in.
  if (!readEval(shadowPlace(state, name))) refuseFew(specs, name, request);
  return {
    ...{ agent, candidate, incumbent, flows, specs, place, state, say, signal, work },
    repository: repository.root,
    head: repository.head,
    registry: trialRegistry(registry, agent, candidate),
    config: commit.config,
    profile: profile ?? commit.config.profile,
    heldOut: request.specs === undefined ? heldOut : null,
    startedAt: readEval(place)?.result.startedAt ?? `${new Date().toISOString().slice(0, 19)}Z`,
    sides: { candidate: { adapter: name }, incumbent: side },
    example: false,
  };
};

const refuseFew = (
  specs: EvalPlan['specs'],
  name: string,
  { heldOut, specs: folder }: Pick<EvalRequest, 'heldOut' | 'specs'>,
): void => {
  if (specs.some(({ kind }) => kind === 'held-out')) return;
  throw new UserError(
    folder === undefined
      ? `no night has a spec that is held out for ${name} with --held-out ${heldOut}. Name a folder of specs with --specs, or hold out more when you train`
      : `${folder} has no spec for ${name}. Name a folder of specs that its flows work`,
  );
};

/** The result so far, where the same is compared by the same, with the cases that are new; else a new one. */
const goOn = async (place: string, plan: EvalPlan): Promise<EvalResult> => {
  const before = readEval(place);
  const fresh = emptyResult(plan, await evaluatorOf(plan));
  if (!before) return fresh;
  if (await isSameComparison(before, plan)) return withWorked(fresh, before.result);
  plan.say('What judges, or what is compared, has changed since the last time: it begins again.');
  return fresh;
};
