// SPDX-License-Identifier: GPL-3.0-only
import { memoise } from '../../data/memoise.ts';
import { compileProtected } from '../../spec/protected-paths.ts';
import { compileScope, isSetupFile } from '../../spec/scope.ts';
import type { OverlayReach, ReachRule } from '../../workspace/overlay.ts';

/** What a rule lets through; the same wherever it is asked. */
export const reachOf = (rule: ReachRule): OverlayReach => {
  const { reads, writes, protects } = rule;
  return {
    rule,
    mayRead: reads === undefined ? () => true : readerOf(reads),
    ...(writes === undefined ? { mayWrite: () => false } : writerOf(writes, protects ?? [])),
  };
};

const readerOf = ({ scope, paths }: NonNullable<ReachRule['reads']>): OverlayReach['mayRead'] => {
  const covers = scopeOf(scope);
  return (path) => covers(path) || isSetupFile(path) || paths.includes(path);
};

const writerOf = (
  writes: NonNullable<ReachRule['writes']>,
  protects: readonly string[],
): Pick<OverlayReach, 'mayWrite' | 'isProtected'> => {
  const covers =
    'scope' in writes ? scopeOf(writes.scope) : (path: string) => writes.paths.includes(path);
  const isProtected = protectedBy(JSON.stringify(protects));
  return { mayWrite: (path) => covers(path) && !isProtected(path), isProtected };
};

/** Specs have many units. */
const compiled = memoise(200, (patterns) => compileScope(JSON.parse(patterns)));
const protectedBy = memoise(20, (patterns) => compileProtected(JSON.parse(patterns)));

const scopeOf = (patterns: readonly string[]): ((path: string) => boolean) =>
  compiled(JSON.stringify(patterns));
