// SPDX-License-Identifier: GPL-3.0-only

/** The person stopped the work; exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * A signal that aborts on the first Ctrl-C or SIGTERM; a second one ends the process at once.
 * Call `release` when the work is over.
 */
export const onInterrupt = (
  message: string,
): { readonly signal: AbortSignal; readonly release: () => void } => {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted(message));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
};
