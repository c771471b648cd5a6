// SPDX-License-Identifier: GPL-3.0-only
import type { CodeContext } from '../../src/agent/code-agent.ts';
import type { ModelManifest } from '../../src/agent/schema.ts';
import type { Chores } from '../../src/chore/chores.ts';
import { coverageOf } from '../../src/chore/coverage.ts';
import { loadModules } from '../../src/chore/modules.ts';
import type { Objection, Plan } from '../../src/chore/plan.ts';
import { isWork, readAsked } from '../../src/chore/read-asked.ts';
import { moduleFile } from '../../src/data/found-modules.ts';
import { didYouMean } from '../../src/data/nearest.ts';
import { UserError } from '../../src/data/user-error.ts';
import { type Asked, readAskedText } from '../../src/spec/asked.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { checkAsked, isWorkerOfChores } from './check-asked.ts';
import type { PlanObjection } from './objection.ts';

/**
 * What is asked must be the work of this flow's agent, with arguments as the chore takes them. Sentences
 * that no chore covers are for models to judge; where rules work or review, they stop the spec.
 */
export const checkAcceptance = async (
  spec: Spec,
  worker: ModelManifest,
  { engines, signal }: Pick<CodeContext, 'engines' | 'signal'>,
  chores: Chores,
  files: readonly string[],
): Promise<PlanObjection | undefined> => {
  const { asked, unread } = readAsked(spec, chores);
  const [vague] = unread;
  const byRules = engines.has('rules') && isWorkerOfChores(worker, chores);
  return (
    (await firstObjection(asked.map((one) => checkAsked(one, worker, chores)))) ??
    (byRules && vague !== undefined ? uncovered(vague, chores) : undefined) ??
    meeting(asked, files, chores) ??
    (byRules ? unjudged(asked, spec, chores) : undefined) ??
    (isWorkerOfChores(worker, chores) ? planned(asked, spec, chores, signal) : undefined)
  );
};

/** Without both judges a chore is left to the spec's checks. */
const unjudged = (
  asked: readonly Asked[],
  { checks }: Spec,
  { all }: Chores,
): PlanObjection | undefined => {
  if (checks.length > 0) return undefined;
  for (const { chore } of asked) {
    const entry = all.get(chore);
    if (!isWork(entry)) continue;
    const missing = ['judge', 'redo'].filter(
      (name) => !moduleFile(entry?.files ?? new Set(), name),
    );
    if (missing.length === 0) continue;
    return {
      finding: 'plan.not-judged',
      message: `the chore "${chore}" has no ${missing.map((name) => `${name}.ts`).join(' and no ')}, and the spec has no checks to judge it by`,
      advice: 'write commands under "checks", or the judges that docs/chores.md describes',
    };
  }
  return undefined;
};

/** A file that a chore of the repository and one that ships are both for: neither could judge it alone. */
const meeting = (
  asked: readonly Asked[],
  files: readonly string[],
  chores: Chores,
): PlanObjection | undefined => {
  const isShipped = ({ chore }: Asked): boolean => chores.all.get(chore)?.ships === true;
  const shipped = asked.filter(isShipped).map((one) => ({ one, covers: coverageOf(one, chores) }));
  for (const own of asked.filter((one) => !isShipped(one))) {
    const covers = coverageOf(own, chores);
    for (const path of files.filter(covers)) {
      const other = shipped.find((candidate) => candidate.covers(path))?.one;
      if (!other) continue;
      return {
        finding: 'plan.chores-meet',
        message: `"${own.chore}", a chore of the repository, and "${other.chore}" are both for ${path}`,
        advice: 'ask for them in two specs, the second with "dependsOn"',
      };
    }
  }
  return undefined;
};

/** One of a repository's own answers from another process. */
type OwnPlan = (
  ...args: Parameters<Plan<unknown>>
) => ReturnType<Plan<unknown>> | Promise<ReturnType<Plan<unknown>>>;

/** What the chores themselves say beforehand. */
const planned = async (
  asked: readonly Asked[],
  spec: Spec,
  chores: Chores,
  signal: AbortSignal,
): Promise<PlanObjection | undefined> => {
  try {
    const plans = await loadModules<OwnPlan>(asked, chores, 'plan', signal);
    const objection = await firstObjection(
      asked.map(async ({ chore, args }) => plans.get(chore)?.(args, { spec })),
    );
    return objection && { ...objection, finding: 'plan.chore-refused' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message } = error;
    return { finding: 'plan.bad-chore', message, advice: 'correct it, or take its plan.ts away' };
  }
};

const firstObjection = async <One extends Objection>(
  objections: readonly Promise<One | undefined>[],
): Promise<One | undefined> =>
  (await Promise.all(objections)).find((objection) => objection !== undefined);

const uncovered = (sentence: string, chores: Chores): PlanObjection => {
  const exact = readAskedText(sentence);
  if (exact)
    return {
      finding: 'plan.no-chore',
      message: `there is no chore "${exact.chore}"${didYouMean(exact.chore, chores.all.keys())}`,
      advice: '"pantheon chores" lists them',
    };
  const near = chores.near(sentence);
  if (near) return mayMean(sentence, near, chores);
  const { example, asked } = chores.likely(sentence) ?? {};
  const hint = asked
    ? `if you mean this, write instead: ${exactly(asked)}; otherwise `
    : example && `write it like: ${example}; `;
  const isVague = hint === undefined && !anchor.test(sentence);
  return {
    finding: 'plan.no-chore',
    message: `no chore covers the sentence "${sentence}"`,
    advice: isVague
      ? 'name the file, name or value that it is about; "pantheon chores" lists what rules can do'
      : `${hint ?? ''}"pantheon chores" lists what rules can do, and a model can be asked more`,
  };
};

/** A sentence that may mean something else as well is not guessed at. */
const mayMean = (sentence: string, near: readonly Asked[], { all }: Chores): PlanObjection => {
  const what = near
    .filter(({ chore }) => isWork(all.get(chore)))
    .map(({ chore }) => `"${chore}" (${all.get(chore)?.manifest.description.replace(/\.$/, '')})`);
  return {
    finding: 'plan.ambiguous',
    message: `the sentence "${sentence}" may mean the chore ${what.join(' and ')}, or something else`,
    advice: `if it does, write instead: ${exactly(near)}`,
  };
};

const exactly = (asked: readonly Asked[]): string =>
  `do: ${JSON.stringify(asked.map(({ chore, args }) => ({ [chore]: args })))}`;

/** Something that can be looked at: a quoted name, a path, a number. */
const anchor = /`[^`]+`|"[^"]+"|\S+\/\S+|\*\.\w+|\b\w+\.[a-z]{1,4}\b|\b\d+\b/;
