// SPDX-License-Identifier: GPL-3.0-only
import type { JsonValidator } from '../../src/agent/json-validator.ts';
import type { ModelManifest } from '../../src/agent/schema.ts';
import type { Chores } from '../../src/chore/chores.ts';
import type { ChoreManifest } from '../../src/chore/schema.ts';
import { didYouMean } from '../../src/data/nearest.ts';
import type { Asked } from '../../src/spec/asked.ts';
import type { PlanObjection } from './objection.ts';

/** An agent of a repository may read sentences in a way of its own. */
export const isWorkerOfChores = ({ name }: ModelManifest, { all }: Chores): boolean =>
  [...all.values()].some(({ manifest }) => manifest.agent === name);

/** A chore must be the work of this flow's agent, with arguments as it takes them. */
export const checkAsked = async (
  { chore, args }: Asked,
  worker: ModelManifest,
  chores: Chores,
): Promise<PlanObjection | undefined> => {
  const { manifest } = chores.all.get(chore) ?? {};
  if (!manifest) return undefined;
  const stranger = strangeArgument(manifest, args);
  if (stranger) return stranger;
  const validator = await validatorOf(manifest);
  if (typeof validator !== 'function') return validator;
  const issue = validator(args);
  if (issue) {
    return {
      finding: 'plan.bad-arguments',
      message: `${[chore, ...issue.path].join('.')}: ${issue.message}`,
      advice: `"pantheon chores ${chore}" shows what it takes`,
    };
  }
  if (!isWorkerOfChores(worker, chores) || (manifest.agent ?? worker.name) === worker.name) {
    return undefined;
  }
  if (isOwnMistake(manifest, worker, chores)) {
    return {
      finding: 'plan.bad-chore',
      message: `the chore.yaml of "${chore}" names the agent ${manifest.agent}, and its flow ${manifest.flow} works with ${worker.name}`,
      advice: `write "agent: ${worker.name}" in it`,
    };
  }
  return {
    finding: 'plan.wrong-flow',
    message: `the chore "${chore}" is the work of ${manifest.agent}, and this flow works with ${worker.name}`,
    advice: `write "flow: ${manifest.flow}" in the spec, and other chores in a spec of their own`,
  };
};

/** Others of the same flow are this worker's. */
const isOwnMistake = (
  { name, flow }: ChoreManifest,
  worker: ModelManifest,
  { all }: Chores,
): boolean =>
  all.get(name)?.ships === false &&
  [...all.values()].some(
    ({ manifest }) => manifest.flow === flow && manifest.agent === worker.name,
  );

/** Told before what is missing then: who writes `form` lacks `from`. */
const strangeArgument = (
  { name, args: { properties, additionalProperties } }: ChoreManifest,
  args: Asked['args'],
): PlanObjection | undefined => {
  const names = Object.keys((properties ?? {}) as object);
  const strange = Object.keys(args).find((argument) => !names.includes(argument));
  if (strange === undefined || additionalProperties !== false) return undefined;
  const takes = names.length === 0 ? 'it takes none' : `it takes ${names.join(', ')}`;
  return {
    finding: 'plan.bad-arguments',
    message: `the chore "${name}" has no argument "${strange}"${didYouMean(strange, names)}`,
    advice: `${takes}; "pantheon chores ${name}" shows how it is asked for`,
  };
};

/** A chore of a repository may describe its arguments wrongly. */
const validatorOf = async ({
  name,
  args,
}: ChoreManifest): Promise<JsonValidator | PlanObjection> => {
  const { compileValidator, InvalidSchema } = await import('../../src/agent/json-validator.ts');
  try {
    return compileValidator(args);
  } catch (cause) {
    if (!(cause instanceof InvalidSchema)) throw cause;
    return {
      finding: 'plan.bad-chore',
      message: `the arguments of the chore "${name}" are described wrongly: ${cause.message}`,
      advice: 'correct "args" of its chore.yaml; YAML wants text with ": " or ", " in quotes',
    };
  }
};
