// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { Night } from '../record/night-schemas.ts';
import type { Setup } from './open-setup.ts';

/**
 * Half a night by other agents would be a night nobody could replay: those opened here must be the
 * ones it was decided with. @throws UserError naming the one that is not.
 */
export const checkAgentsUnchanged = (night: Night, { flows }: Pick<Setup, 'flows'>): void => {
  for (const flow of flows.values()) {
    for (const { agent } of flow.agents.values()) {
      if (night.agents[agent.manifest.name]?.digest !== agent.digest) {
        throw new UserError(
          `the agent "${agent.manifest.name}" has changed since night ${night.id} began; restore it, or move that night's folder away to give it up`,
        );
      }
    }
  }
};
