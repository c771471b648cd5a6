// SPDX-License-Identifier: GPL-3.0-only

/** The person stopped the work; exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * A signal that aborts on the first Ctrl-C or SIGTERM; a second one ends the process at once.
 * Call `release` when the work is over, and throw `reasonFor` what it failed with: a terminal's
 * Ctrl-C ends git and tests too, so after one the person is the reason, whatever broke first.
 */
export const onInterrupt = (
  message: string,
): {
  readonly signal: AbortSignal;
  readonly release: () => void;
  readonly reasonFor: (error: unknown) => unknown;
} => {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted(message));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    reasonFor: (error) => (controller.signal.aborted ? controller.signal.reason : error),
    release: () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
};
