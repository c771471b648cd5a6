// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../src/chore/script.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { isExcluding } from '../../src/spec/scope.ts';

/** @throws Declined where files of the tree cannot be seen, which may import anything. */
export const refuseUnseen = ({ scope, context }: Pick<Spec, 'scope' | 'context'>): void => {
  const patterns = [...scope, ...context];
  const last = patterns.findLastIndex((pattern) => /^\*\*(?:\/\*)?$/.test(pattern));
  if (last !== -1 && !patterns.slice(last).some(isExcluding)) return;
  throw new Declined(
    'who imports from outside the scope cannot be seen; write "context: [\'**\']" in the spec',
  );
};
