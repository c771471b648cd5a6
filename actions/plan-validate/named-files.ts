// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../src/chore/chores.ts';
import { isBareName, isWork } from '../../src/chore/read-asked.ts';
import { nearestName } from '../../src/data/nearest.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { compileScope, isExcluding } from '../../src/spec/scope.ts';
import type { PlanObjection } from './objection.ts';

/** Files and folders that sentences name must be in the scope; a bare name must be that of one file. */
export const checkNamedFiles = (
  { scope, acceptance }: Spec,
  chores: Chores,
  paths: readonly string[],
): PlanObjection | undefined => {
  const isInScope = compileScope(scope);
  const inScope = paths.filter(isInScope);
  const named = acceptance
    .flatMap((sentence) => chores.read(sentence) ?? [])
    .filter(({ chore }) => isWork(chores.all.get(chore)))
    .flatMap(({ args: { files } }) => (Array.isArray(files) ? files : []));
  for (const pattern of new Set(named)) {
    if (typeof pattern !== 'string' || isExcluding(pattern)) continue;
    const plain = pattern.replace(/\/\*\*$/, '');
    if (/[*?[\]{}\\]/.test(plain) || inScope.some(compileScope([plain]))) continue;
    const same = inScope.filter((path) => path.endsWith(`/${plain}`));
    if (isBareName(plain) && !isInScope(plain) && same.length === 1) continue;
    return missing(plain, same, inScope);
  }
  return undefined;
};

const shown = 5;

const missing = (
  name: string,
  same: readonly string[],
  inScope: readonly string[],
): PlanObjection => {
  const [first, ...more] = same;
  if (first !== undefined && more.length > 0) {
    const list = same.slice(0, shown).join(', ') + (same.length > shown ? ' and others' : '');
    return {
      finding: 'plan.ambiguous',
      message: `"${name}" may be any of ${same.length} files in the scope: ${list}`,
      advice: `write the path of one, or "every ${name}"`,
    };
  }
  const names = new Set(inScope.flatMap(namesOf));
  const below = [...names].find((path) => path.endsWith(`/${name}`));
  const near = first ?? below ?? nearestName(name, names);
  return {
    finding: 'plan.no-such-name',
    message: `there is no "${name}" in the scope`,
    advice:
      near === undefined
        ? 'write a path that the scope covers, or none for all that it covers'
        : `did you mean "${near}"?`,
  };
};

const namesOf = (path: string): readonly string[] => [
  path,
  ...[...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)),
];
