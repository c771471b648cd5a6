// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { type Registry, versionsOf } from '../../engine/models/registry.ts';
import { findVersion } from '../../learn/eval/find-version.ts';
import { evalPlace, type KeptEval, readEval, replaceWhole } from '../../learn/eval/kept-eval.ts';
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
  const kept = requireEval(readEval(place), opened);
  if (!(await isJudgedAsToday(kept, opened, opened))) {
    throw new UserError(
      `${name} was evaluated by other agents, reviewers, rules or settings than those of today, or on other specs. Run "pantheon eval ${name}" again`,
    );
  }
  const file = join(place, 'looks.json');
  const { look, looks } = lookAt(readLooks(file), kept.result, bar);
  const judged = judgeEval(kept.result.cases, bar, look);
  if (judged.look) replaceWhole(file, `${JSON.stringify(looks, null, 2)}\n`);
  return { kept, judged };
};

const readLooks = (file: string): Looks => {
  if (!existsSync(file)) return {};
  const looks = looksSchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data;
  if (looks) return looks;
  throw new UserError('is not what "pantheon promote" writes. Put it back: it counts the looks', {
    place: { file },
  });
};
