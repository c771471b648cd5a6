// SPDX-License-Identifier: GPL-3.0-only
import type { CodeContext } from '../../src/agent/code-agent.ts';
import type { JsonValidator } from '../../src/agent/json-validator.ts';
import type { ModelManifest } from '../../src/agent/schema.ts';
import type { Chores } from '../../src/chore/chores.ts';
import { loadModules } from '../../src/chore/modules.ts';
import type { Objection, Plan } from '../../src/chore/plan.ts';
import { readAsked } from '../../src/chore/read-asked.ts';
import type { ChoreManifest } from '../../src/chore/schema.ts';
import { didYouMean } from '../../src/data/nearest.ts';
import { type Asked, readAskedText } from '../../src/spec/asked.ts';
import type { Spec } from '../../src/spec/schema.ts';

/**
 * What is asked must be the work of this flow's agent, with arguments as the chore takes them. Sentences
 * that no chore covers are for models to judge; where rules work or review, they stop the spec.
 */
export const checkAcceptance = async (
  spec: Spec,
  worker: ModelManifest,
  { engines }: Pick<CodeContext, 'engines'>,
  chores: Chores,
): Promise<Objection | undefined> => {
  const { asked, unread } = readAsked(spec, chores);
  const [vague] = unread;
  const byRules = engines.has('rules') && isWorkerOfChores(worker, chores);
  return (
    (await firstObjection(asked.map((one) => checkAsked(one, worker, chores)))) ??
    (byRules && vague !== undefined ? uncovered(vague, chores) : undefined) ??
    (isWorkerOfChores(worker, chores) ? planned(asked, spec, chores) : undefined)
  );
};

/** What the chores themselves say beforehand. */
const planned = async (
  asked: readonly Asked[],
  spec: Spec,
  chores: Chores,
): Promise<Objection | undefined> => {
  const plans = await loadModules<Plan<unknown>>(asked, chores, 'plan');
  return firstObjection(asked.map(async ({ chore, args }) => plans.get(chore)?.(args, { spec })));
};

const firstObjection = async (
  objections: readonly Promise<Objection | undefined>[],
): Promise<Objection | undefined> =>
  (await Promise.all(objections)).find((objection) => objection !== undefined);

/** An agent of a repository may read sentences in a way of its own. */
const isWorkerOfChores = ({ name }: ModelManifest, { all }: Chores): boolean =>
  [...all.values()].some(({ manifest }) => manifest.agent === name);

const checkAsked = async (
  { chore, args }: Asked,
  worker: ModelManifest,
  chores: Chores,
): Promise<Objection | undefined> => {
  const { manifest } = chores.all.get(chore) ?? {};
  if (!manifest) return undefined;
  const validator = await validatorOf(manifest);
  if (typeof validator !== 'function') return validator;
  const issue = validator(args);
  if (issue) {
    return {
      message: `${[chore, ...issue.path].join('.')}: ${issue.message}`,
      advice: `"pantheon chores ${chore}" shows what it takes`,
    };
  }
  if (!isWorkerOfChores(worker, chores) || (manifest.agent ?? worker.name) === worker.name) {
    return undefined;
  }
  return {
    message: `the chore "${chore}" is the work of ${manifest.agent}, and this flow works with ${worker.name}`,
    advice: `write "flow: ${manifest.flow}" in the spec, and other chores in a spec of their own`,
  };
};

/** A chore of a repository may describe its arguments wrongly. */
const validatorOf = async ({ name, args }: ChoreManifest): Promise<JsonValidator | Objection> => {
  const { compileValidator, InvalidSchema } = await import('../../src/agent/json-validator.ts');
  try {
    return compileValidator(args);
  } catch (cause) {
    if (!(cause instanceof InvalidSchema)) throw cause;
    return {
      message: `the arguments of the chore "${name}" are described wrongly: ${cause.message}`,
      advice: 'correct "args" of its chore.yaml; YAML wants text with ": " or ", " in quotes',
    };
  }
};

const uncovered = (sentence: string, chores: Chores): Objection => {
  const exact = readAskedText(sentence);
  if (exact)
    return {
      message: `there is no chore "${exact.chore}"${didYouMean(exact.chore, chores.all.keys())}`,
      advice: '"pantheon chores" lists them',
    };
  const nearest = chores.nearest(sentence);
  const vague = nearest === undefined && !anchor.test(sentence);
  return {
    message: `no chore covers the sentence "${sentence}"`,
    advice: vague
      ? 'name the file, name or value that it is about; "pantheon chores" lists what rules can do'
      : `${nearest === undefined ? '' : `write it like: ${nearest}; `}"pantheon chores" lists what rules can do, and a model can be asked more`,
  };
};

/** Something that can be looked at: a quoted name, a path, a number. */
const anchor = /`[^`]+`|"[^"]+"|\S+\/\S+|\*\.\w+|\b\w+\.[a-z]{1,4}\b|\b\d+\b/;
