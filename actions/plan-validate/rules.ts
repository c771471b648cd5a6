// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { ModelManifest } from '../../src/agent/schema.ts';
import type { Spec } from '../../src/spec/schema.ts';
import type { Objection } from './objection.ts';

/** `spec.rules` must follow what the worker's input schema says of `rules`. */
export const checkRules = (spec: Spec, worker: ModelManifest): Objection | undefined => {
  if (Object.keys(spec.rules).length === 0) return undefined;
  const schema = rulesSchema(worker);
  if (!schema) {
    return {
      message: `the agent ${worker.name} takes no rules`,
      advice: 'write the rules as acceptance sentences and remove "rules"',
    };
  }
  const issue = schema.safeParse(spec.rules).error?.issues[0];
  if (!issue) return undefined;
  return {
    message: `${['rules', ...issue.path].map(String).join('.')}: ${issue.message}`,
    advice: `agent.yaml of ${worker.name} lists the rules it accepts under "input"`,
  };
};

const rulesSchema = (worker: ModelManifest): z.ZodType | undefined => {
  const properties = worker.input?.properties as Record<string, unknown> | undefined;
  const rules = properties?.rules;
  return rules ? z.fromJSONSchema(rules as Parameters<typeof z.fromJSONSchema>[0]) : undefined;
};
