// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { Night } from '../record/night-record.ts';
import type { OpenMachinery } from './open-flows.ts';

/**
 * Half a night by other agents would be a night nobody could replay: those opened here must be the
 * ones it was decided with. @throws UserError naming the one that is not.
 */
export const checkUnchanged = (night: Night, { stages }: Pick<OpenMachinery, 'stages'>): void => {
  for (const stage of stages.values()) {
    for (const { room } of stage.actors.values()) {
      if (night.agents[room.agent.name] !== room.digest) {
        throw new UserError(
          `the agent "${room.agent.name}" has changed since night ${night.id} began; restore it, or move that night's folder away to give it up`,
        );
      }
    }
  }
};
