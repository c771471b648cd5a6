// SPDX-License-Identifier: GPL-3.0-only
import { SandboxFault } from '../../../boundary/executor.ts';
import { ownFault, placeIn } from '../../../chore/own-chores.ts';
import type { Chore } from '../../../chore/read-chore.ts';
import { Declined } from '../../../chore/script.ts';
import { messageOf } from '../../../data/message-of.ts';
import { UserError } from '../../../data/user-error.ts';
import { ArgsFault, ToolFault } from '../../../tool/tool.ts';
import { Denied } from '../../../workspace/denied.ts';
import type { HandFaultData } from '../messages.ts';

/** What went wrong, as data. */
export const faultOf = (error: unknown): HandFaultData => {
  const message = messageOf(error);
  if (error instanceof UserError) return { kind: 'mistake', message };
  if (error instanceof Declined) return { kind: 'declined', message };
  if (error instanceof Denied) return { kind: 'denied', message, rule: error.rule };
  if (error instanceof ToolFault) return { kind: 'tool', message };
  if (error instanceof ArgsFault) return { kind: 'args', message };
  if (error instanceof SandboxFault) return { kind: 'sandbox', message };
  const stack = error instanceof Error ? error.stack : undefined;
  return { kind: 'error', message, ...(stack !== undefined && { stack }) };
};

const chores = new Map<string, Chore>();

/** Faults of this chore's code are told as its. */
export const watchChore = (chore: Chore): void => {
  chores.set(chore.folder, chore);
};

/** What code does when nobody waits for it ends the process, but not without a word. */
export const watchCode = (
  folders: readonly string[],
  say: (fault: HandFaultData) => void,
): void => {
  let isSaid = false;
  const tell = (error: unknown, message: string): void => {
    if (isSaid) return;
    isSaid = true;
    const chore = [...chores.values()].find(({ folder }) => placeIn(folder, error));
    const place = folders.map((folder) => placeIn(folder, error)).find((one) => one);
    const fault = chore
      ? ownFault(chore, 'chore.yaml', message, error)
      : new UserError(`its code ${message}`, place ? { place } : {});
    say(faultOf(fault));
  };
  process.on('uncaughtExceptionMonitor', (error) =>
    tell(error, `throws where nobody waits for it: ${messageOf(error)}`),
  );
  process.on('exit', () =>
    tell(new Error(), 'ends the process. End by return, or throw new Declined(why)'),
  );
};
