// SPDX-License-Identifier: GPL-3.0-only

import type { ModelManifest } from '../../src/agent/schema.ts';
import type { Spec } from '../../src/spec/schema.ts';
import type { PlanObjection } from './objection.ts';

/** `spec.rules` must follow what the worker's input schema says of `rules`. */
export const checkRules = async (
  spec: Spec,
  worker: ModelManifest,
): Promise<PlanObjection | undefined> => {
  if (Object.keys(spec.rules).length === 0) return undefined;
  const schema = rulesSchema(worker);
  if (schema === undefined) {
    return {
      finding: 'plan.bad-rules',
      message: `the agent ${worker.name} takes no rules`,
      advice: 'write the rules as acceptance sentences and remove "rules"',
    };
  }
  const { compileValidator } = await import('../../src/agent/json-validator.ts');
  const issue = compileValidator(schema)(spec.rules);
  if (!issue) return undefined;
  return {
    finding: 'plan.bad-rules',
    message: `${['rules', ...issue.path].join('.')}: ${issue.message}`,
    advice: `agent.yaml of ${worker.name} lists the rules it accepts under "input"`,
  };
};

const rulesSchema = ({ input }: ModelManifest): Readonly<Record<string, unknown>> | undefined => {
  const { rules } = (input?.properties ?? {}) as { readonly rules?: Record<string, unknown> };
  return rules && { ...rules, ...(input?.$defs !== undefined && { $defs: input.$defs }) };
};
