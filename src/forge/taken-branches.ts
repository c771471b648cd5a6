// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../data/user-error.ts';

/**
 * Which of the branches of new pull requests cannot be made beside those that are there.
 * @throws UserError where none can; `rename` says how that is put right.
 */
export const takenBranches = (
  there: readonly string[],
  wanted: readonly string[],
  rename: string,
): ReadonlySet<string> => {
  if (wanted.length > 0 && there.includes('pantheon')) {
    throw new UserError(`The branch "pantheon" leaves no room for branches below it. ${rename}`);
  }
  const taken = wanted.filter((branch) =>
    there.some((name) => name === branch || name.startsWith(`${branch}/`)),
  );
  return new Set(taken);
};
