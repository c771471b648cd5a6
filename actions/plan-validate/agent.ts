// SPDX-License-Identifier: GPL-3.0-only

import type { CodeResult, RunCode } from '../../src/agent/code-agent.ts';
import type { Failure, ModelManifest } from '../../src/agent/schema.ts';
import { countNoun } from '../../src/data/count-noun.ts';
import { checkAcceptance } from './acceptance.ts';
import { checkExceptions } from './exceptions.ts';
import { leftOut } from './left-out.ts';
import { checkLimits } from './limits.ts';
import { checkNamedFiles } from './named-files.ts';
import { missingProgram } from './programs.ts';
import { checkRules } from './rules.ts';
import { checkScope, filesInScope } from './scope.ts';
import { splitIntoUnits } from './units.ts';

/** Judges the spec against the base tree and splits it into the units its worker declares. */
export const run: RunCode = async (context) => {
  const { spec } = context.input;
  const worker = context.workers.find((agent): agent is ModelManifest => agent.kind === 'model');
  if (!worker) {
    return object({
      finding: 'plan.no-worker',
      message: 'the flow has no working agent',
      advice: 'add a node whose agent has role "work" to the flow',
    });
  }
  const files = filesInScope(spec, worker, context.overlay);
  const chores = await context.chores();
  const exceptions = checkExceptions(spec, chores, context.overlay.list());
  const objection =
    checkScope(spec, worker, files, context.overlay, context.gate) ??
    (await checkAcceptance(spec, worker, context, chores, files)) ??
    checkNamedFiles(spec, chores, context.overlay.list()) ??
    exceptions.objection ??
    (await checkRules(spec, worker)) ??
    checkLimits(spec, worker, files, context.gate);
  if (objection) return object(objection);
  const missing = await missingProgram(context);
  if (missing) return { ...object(missing), failure: missing };
  const units = splitIntoUnits(spec, worker, files);
  const left = leftOut(spec, worker, context.overlay.base);
  const others = left.length > 0 ? `, ${countNoun(left.length, 'file')} left out` : '';
  return {
    notes: `${files.length} files in scope, ${units.length} units for ${worker.name}${others}`,
    metrics: { files: files.length, units: units.length },
    result: {
      units,
      files: files.length,
      ...(left.length > 0 && { left }),
      ...(exceptions.notices.length > 0 && { notices: exceptions.notices }),
    },
  };
};

const object = ({ finding, message, advice = '' }: Omit<Failure, 'code'>): CodeResult => ({
  notes: message,
  result: { units: [], files: 0 },
  failure: { code: 'plan', ...(finding && { finding }), message, advice },
});
