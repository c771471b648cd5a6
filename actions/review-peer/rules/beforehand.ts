// SPDX-License-Identifier: GPL-3.0-only
import type { Input } from '../../../src/agent/schema.ts';
import { compileScope } from '../../../src/spec/scope.ts';

/** What is wrong before any text is looked at: a sentence nobody covers, a red step, a path out of bounds. */
export const beforehand = (
  { spec, unit, inputs }: Input,
  { unread, paths }: { readonly unread: readonly string[]; readonly paths: readonly string[] },
): readonly string[] => {
  const inScope = compileScope(spec.scope);
  const inUnit =
    unit.kind === 'file' ? (path: string) => unit.paths.includes(path) : compileScope(unit.paths);
  return [
    ...unread.map((sentence) => `no chore covers this sentence: "${sentence}"`),
    ...Object.values(inputs)
      .filter(({ status }) => status !== 'ok')
      .map(({ notes }) => `an earlier step did not succeed: ${notes}`),
    ...paths
      .filter((path) => !inScope(path) || !inUnit(path))
      .map((path) => `${path}: it is outside the scope`),
  ];
};
