// SPDX-License-Identifier: GPL-3.0-only

import type { ModelManifest } from '../../src/agent/schema.ts';
import type { GateConfig } from '../../src/config/schema.ts';
import { countNoun } from '../../src/data/count-noun.ts';
import { nearestName } from '../../src/data/nearest.ts';
import { compileProtected } from '../../src/spec/protected-paths.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { compileScope, isExcluding, selectPaths } from '../../src/spec/scope.ts';
import type { Overlay } from '../../src/workspace/overlay.ts';
import { judgePattern } from '../../src/workspace/path.ts';
import type { PlanObjection } from './objection.ts';

const hasGlob = (pattern: string): boolean => /[*?[\]{}()!+@]/.test(pattern);

/** The paths in scope that the worker can work on, sorted as git sorts them. */
export const filesInScope = (
  spec: Spec,
  worker: ModelManifest,
  overlay: Overlay,
): readonly string[] => {
  const suits = worker.files ? compileScope(worker.files) : () => true;
  return selectPaths(overlay.list(), spec.scope).filter(suits);
};

/** A scope must stay in the tree, off the protected paths, and cover something. */
export const checkScope = (
  spec: Spec,
  worker: ModelManifest,
  files: readonly string[],
  overlay: Overlay,
  gate: GateConfig,
): PlanObjection | undefined =>
  escaping(spec.scope) ??
  escaping(spec.context) ??
  shielded(spec, worker, files, gate) ??
  (files.length > 0 || (worker.unit !== 'file' && createsFile(spec.scope))
    ? undefined
    : emptyScope(spec, worker, overlay));

const escaping = (patterns: readonly string[]): PlanObjection | undefined => {
  for (const pattern of patterns) {
    const fault = judgePattern(pattern);
    if (fault) {
      return {
        finding: 'plan.bad-scope',
        message: `the scope cannot be used: ${fault.reason.replace(/\.$/, '')}`,
        advice: 'paths are relative to the top of the repository',
      };
    }
  }
  return undefined;
};

/**
 * A scope that names protected paths is refused. One so wide that it meets some in passing is
 * refused where one patch would contain them all; with a unit per file the gate leaves just those red.
 */
const shielded = (
  { scope }: Spec,
  worker: ModelManifest,
  files: readonly string[],
  gate: GateConfig,
): PlanObjection | undefined => {
  const isProtected = compileProtected(gate.protected);
  const met = files.find(isProtected);
  const inPassing = worker.unit === 'file' && !files.every(isProtected);
  const path =
    (inPassing ? undefined : met) ??
    scope.find((pattern) => !isExcluding(pattern) && isProtected(pattern.replace(/\*+/g, 'x')));
  if (path === undefined) return undefined;
  return {
    finding: 'plan.protected',
    message: `the scope covers the protected path ${path}`,
    advice: 'narrow the scope, or change gate.protected in pantheon.yaml by hand',
  };
};

/** A plain path that does not exist yet names a file to create, for who works on a spec as a whole. */
const createsFile = (patterns: readonly string[]): boolean =>
  patterns.some((pattern) => !hasGlob(pattern));

const emptyScope = (spec: Spec, { files = [] }: ModelManifest, overlay: Overlay): PlanObjection => {
  const [pattern = ''] = spec.scope;
  const [other, ...more] = selectPaths(overlay.list(), spec.scope);
  if (other !== undefined) {
    const and = more.length > 0 ? ` and ${countNoun(more.length, 'other file')}` : '';
    return {
      finding: 'plan.wrong-kind',
      message: `no file in the scope is of a kind that these chores are for: there is ${other}${and}`,
      // A class such as [mM] takes a letter in any case.
      advice: `name a folder with ${files.map((glob) => glob.replace(/\[(.)[^\]]*\]/g, '$1')).join(', ')}`,
    };
  }
  const folders = new Set(
    overlay.list().map((path) => path.slice(0, path.lastIndexOf('/') + 1) || './'),
  );
  const guess = hasGlob(pattern)
    ? nearestName(pattern.replace(/\*.*$/, ''), folders)
    : nearestName(pattern, overlay.list());
  return {
    finding: 'plan.no-file',
    message: `the scope ${spec.scope.map((pattern) => `"${pattern}"`).join(', ')} matches no file that the agent can work on`,
    advice: guess
      ? `did you mean "${guess}"?`
      : 'check the spelling of the path, including upper and lower case',
  };
};
