// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { type Registry, versionsOf } from '../../engine/models/registry.ts';
import { findVersion } from '../../learn/eval/find-version.ts';
import {
  evalPlace,
  type KeptEval,
  readEval,
  replaceWhole,
  shadowPlace,
} from '../../learn/eval/kept-eval.ts';
import type { EvalCandidate } from '../../learn/eval/result.ts';
import { type JudgedEval, judgeEval, type PromotionBar } from '../../learn/promote/judge-eval.ts';
import { type Looks, lookAt, looksSchema } from '../../learn/promote/looks.ts';
import { requireEval } from '../../learn/promote/require-eval.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import type { Repository } from '../../workspace/repository.ts';
import { type CommittedFiles, readCommit } from '../open/read-commit.ts';
import type { StateFolder } from '../record/state-folder.ts';
import type { EvalPlan } from './evaluate-agent.ts';
import { isJudgedAsToday } from './judged-as-today.ts';

type VersionPlace = Pick<EvalPlan, 'work' | 'say' | 'signal'> & {
  readonly agent: string;
  readonly version: number;
  readonly repository: Repository;
  readonly state: StateFolder;
};

/** A version that is to be put in service, and the commit that says what is. */
export type OpenVersion = VersionPlace & {
  readonly candidate: EvalCandidate;
  readonly registry: Registry;
  readonly commit: CommittedFiles;
};

/** Works with a version on the commit that is checked out. @throws UserError where it is missing, or the champion already. */
export const withVersion = async (
  place: VersionPlace,
  work: (opened: OpenVersion) => Promise<void>,
): Promise<void> => {
  const { agent, version, repository } = place;
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const commit = await readCommit(base);
    const registry = await commit.registry();
    const { candidate } = await findVersion(agent, version, await commit.models());
    if (versionsOf(registry, agent)?.champion === version) {
      throw new UserError(`${adapterName({ agent, version })} is the champion already`);
    }
    await work({ ...place, candidate, registry, commit });
  } finally {
    await base.close();
  }
};

/** What an evaluation comes to, and what it is read from. */
export type JudgedVersion = { readonly kept: KeptEval; readonly judged: JudgedEval };

/**
 * Judges the evaluation of a version, and counts the look before anybody learns of it.
 * @throws UserError where there is none, where something has changed since, and where the disk is full.
 */
export const judgeVersion = async (
  opened: OpenVersion,
  bar: PromotionBar,
): Promise<JudgedVersion> => {
  const { agent, version, state } = opened;
  const name = adapterName({ agent, version });
  const place = evalPlace(state, name);
  const evaluated = requireEval(readEval(place), opened);
  if (!(await isJudgedAsToday(evaluated, opened, opened))) {
    throw new UserError(
      `${name} was evaluated by other agents, reviewers, rules or settings than those of today, or on other specs. Run "pantheon eval ${name}" again`,
    );
  }
  const kept = await withShadows(evaluated, opened);
  const file = join(place, 'looks.json');
  const { look, looks } = lookAt(readLooks(file), kept.result, bar);
  const judged = judgeEval(kept.result.cases, bar, look);
  if (judged.look) replaceWhole(file, `${JSON.stringify(looks, null, 2)}\n`);
  return { kept, judged };
};

/**
 * An evaluation with the specs that nights had the version work in the shadow, beside the same champion and judged by the
 * same: of a spec that both have, the evaluation counts.
 */
const withShadows = async (evaluated: KeptEval, opened: OpenVersion): Promise<KeptEval> => {
  const { agent, version, state, say } = opened;
  const name = adapterName({ agent, version });
  const shadow = readEval(shadowPlace(state, name));
  const { result, specs } = evaluated;
  if (!shadow) return evaluated;
  const isSame =
    shadow.result.candidate.adapter === result.candidate.adapter &&
    shadow.result.incumbent.adapter === result.incumbent.adapter &&
    shadow.result.profile === result.profile &&
    (await isJudgedAsToday(shadow, opened, opened));
  if (!isSame) {
    say(
      `What nights had ${name} work in the shadow is left out: other files, another champion, profile or judges.`,
    );
    return evaluated;
  }
  const ids = new Set(result.cases.map(({ id }) => id));
  const added = shadow.result.cases.filter(({ id, candidate }) => candidate && !ids.has(id));
  say(`${countNoun(added.length, 'spec')} that nights had ${name} work in the shadow count too.`);
  const addedIds = new Set(added.map(({ id }) => id));
  return {
    result: { ...result, cases: [...result.cases, ...added] },
    specs: [...specs, ...shadow.specs.filter(({ spec }) => addedIds.has(spec.id))],
  };
};

const readLooks = (file: string): Looks => {
  if (!existsSync(file)) return {};
  const looks = looksSchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data;
  if (looks) return looks;
  throw new UserError('is not what "pantheon promote" writes. Put it back: it counts the looks', {
    place: { file },
  });
};
