// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../src/chore/chores.ts';
import { readAsked } from '../../src/chore/read-asked.ts';
import { nearestName } from '../../src/data/nearest.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { compileScope, isExcluding } from '../../src/spec/scope.ts';
import type { PlanObjection } from './objection.ts';

/** What is to be left out and is not in the tree: a stop where something is nearly called so, else a notice. */
export type Exceptions = {
  readonly objection?: PlanObjection | undefined;
  readonly notices: readonly string[];
};

/** Looks for what the scope and the sentences leave out among the paths of the tree. */
export const checkExceptions = (
  spec: Spec,
  chores: Chores,
  paths: readonly string[],
): Exceptions => {
  const said = readAsked(spec, chores).asked.map(({ args }) => [args.files ?? []].flat());
  const idle = [spec.scope, ...said].flatMap((patterns) => idleIn(patterns.map(String), paths));
  const names = new Set(paths.flatMap(namesOf));
  for (const pattern of idle) {
    const name = pattern.replace(/^\*\*\//, '');
    const near = /[*?{]/.test(name) ? undefined : (inside(name, names) ?? nearestName(name, names));
    if (near === undefined) continue;
    return {
      objection: {
        finding: 'plan.no-such-name',
        message: `"${pattern}" is to be left out, and the tree has no such file or folder`,
        advice: `did you mean "${near}"? upper and lower case count`,
      },
      notices: [],
    };
  }
  const notices = idle.map((pattern) => `"${pattern}" leaves out nothing: the tree has none`);
  return { notices };
};

/** Patterns that leave out nothing; of one that is meant from several folders, either will do. */
const idleIn = (patterns: readonly string[], paths: readonly string[]): readonly string[] => {
  const excluding = patterns.filter(isExcluding).map((pattern) => pattern.slice(1));
  const [working, idle] = [true, false].map((wanted) =>
    excluding.filter((pattern) => paths.some(compileScope([pattern])) === wanted),
  ) as [string[], string[]];
  const isSaid = (pattern: string): boolean =>
    working.some((other) => other.endsWith(`/${pattern}`) || pattern.endsWith(`/${other}`)) ||
    idle.some((other) => pattern.endsWith(`/${other}`));
  return idle.filter((pattern) => !isSaid(pattern)).map((pattern) => pattern.replace(/\*\*$/, ''));
};

/** The same name in a folder. */
const inside = (name: string, names: ReadonlySet<string>): string | undefined =>
  [...names].find((other) => other.endsWith(`/${name}`));

/** A path, its last part, and the folders that it is in. */
const namesOf = (path: string): readonly string[] => [
  path,
  path.slice(path.lastIndexOf('/') + 1),
  ...[...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)),
];
