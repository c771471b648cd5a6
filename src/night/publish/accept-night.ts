// SPDX-License-Identifier: GPL-3.0-only
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../data/user-error.ts';
import { trySigning } from '../../forge/sign-commit.ts';
import type { Repository } from '../../workspace/repository.ts';
import { writeNight } from '../record/night-folder.ts';
import type { Night } from '../record/night-schemas.ts';
import type { WholeTask } from '../record/night-task.ts';

/**
 * Writes the `night.json` of a night that was decided elsewhere, once it is seen to be the one that was
 * asked for; one that is resumed has its own. @throws UserError for another night, or a key that cannot sign.
 */
export const acceptNight = async (
  { begin, id }: Pick<WholeTask, 'begin' | 'id'>,
  { root, head }: Pick<Repository, 'root' | 'head'>,
  night: Night,
  folders: readonly string[],
): Promise<void> => {
  if (begin.kind === 'resume') return;
  const { base, startedAt, example, config, specs } = night;
  const isAsked =
    night.id === id &&
    base.commit === head &&
    startedAt === begin.startedAt &&
    example === begin.example &&
    isDeepStrictEqual(night.host, begin.host);
  if (!isAsked) throw new UserError(`The night that was decided is not ${id}, which was asked for`);
  const { sign, committer } = config.commit;
  // A key that is missing or locked is told before the work and not after it.
  if (sign === true && specs.some(({ skip }) => skip === undefined)) {
    await trySigning(root, base.commit, committer);
  }
  for (const folder of folders) await writeNight(folder, night);
};
