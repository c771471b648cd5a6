// SPDX-License-Identifier: GPL-3.0-only

/** A process that was told to stop and does not is ended [ms]. */
const patience = 20_000;

/** Nobody waits any more: has the process stop its work, and ends it where that takes too long. */
export const stopOrKill = (
  child: { readonly kill: () => void },
  work: { readonly stop: () => void; readonly done: Promise<unknown> },
): void => {
  work.stop();
  const timer = setTimeout(child.kill, patience);
  const end = (): void => clearTimeout(timer);
  work.done.then(end, end);
};
