// SPDX-License-Identifier: GPL-3.0-only

import type { ModelManifest } from '../../src/agent/schema.ts';
import type { GateConfig } from '../../src/config/schema.ts';
import type { Spec } from '../../src/spec/schema.ts';
import type { PlanObjection } from './objection.ts';

/** A spec may raise the gate's limits up to the ceiling; its files must fit in one pull request. */
export const checkLimits = (
  spec: Spec,
  worker: ModelManifest,
  files: readonly string[],
  gate: GateConfig,
): PlanObjection | undefined => {
  for (const key of ['maxFiles', 'maxLines'] as const) {
    const asked = spec.limits[key] ?? 0;
    if (asked > gate.ceiling[key]) {
      return {
        finding: 'plan.limits',
        message: `limits.${key} is ${asked}; the ceiling is ${gate.ceiling[key]}`,
        advice: 'split the spec, or raise gate.ceiling in pantheon.yaml',
      };
    }
  }
  const maxFiles = spec.limits.maxFiles ?? gate.maxFiles;
  if (worker.unit === 'file' && files.length > maxFiles) {
    return {
      finding: 'plan.limits',
      message: `the scope matches ${files.length} files; the limit is ${maxFiles}`,
      advice: `split the spec by folder, or set limits.maxFiles to ${files.length}`,
    };
  }
  return undefined;
};
