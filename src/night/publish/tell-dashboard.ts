// SPDX-License-Identifier: GPL-3.0-only
import { messageOf } from '../../data/message-of.ts';
import { UserError } from '../../data/user-error.ts';
import type { Forge } from '../../forge/forge.ts';
import { hasIssues } from '../open/open-forge.ts';
import type { Night } from '../record/night-schemas.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { dashboardItems } from './dashboard-items.ts';

/** Writes the dashboard issue, where there is to be one. That it cannot be written costs the night nothing. */
export const tellDashboard = async (
  forge: Forge,
  state: Pick<StateFolder, 'traces' | 'outcomes'>,
  { config }: Pick<Night, 'config'>,
  say: (line: string) => void,
): Promise<void> => {
  if (!hasIssues(forge) || !config.github.dashboard) return;
  const options = { protected: config.gate.protected };
  try {
    const written = await forge.dashboard({ items: await dashboardItems(state), options });
    if (written?.state === 'closed') say(closedLine(written.issue));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`The dashboard issue was not written, the next night tries again: ${messageOf(error)}`);
  }
};

/** What a person is told of an issue that another has closed. */
export const closedLine = (issue: number): string =>
  `The dashboard issue #${issue} is closed and was left alone. Open it again, or set github.dashboard: false`;
