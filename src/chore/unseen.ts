// SPDX-License-Identifier: GPL-3.0-only

import type { Spec } from '../spec/schema.ts';
import { isExcluding } from '../spec/scope.ts';
import { Declined } from './script.ts';

/** @throws Declined where files of the tree cannot be seen, of which `what` (`who imports`) would have to be known. */
export const refuseUnseen = (
  { scope, context }: Pick<Spec, 'scope' | 'context'>,
  what: string,
): void => {
  const patterns = [...scope, ...context];
  const last = patterns.findLastIndex((pattern) => /^\*\*(?:\/\*)?$/.test(pattern));
  if (last !== -1 && !patterns.slice(last).some(isExcluding)) return;
  throw new Declined(
    `${what} outside the scope cannot be seen; write "context: ['**']" in the spec`,
  );
};
