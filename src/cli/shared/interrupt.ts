// SPDX-License-Identifier: GPL-3.0-only

/** The person stopped the work; exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * What the work gives. Its signal aborts on the first Ctrl-C or SIGTERM; a second one ends the
 * process at once. `farewell` says what was kept and how to go on.
 * @throws Interrupted after one, whatever broke first: a terminal's Ctrl-C ends git and tests too.
 */
export const untilInterrupted = async <Result>(
  farewell: string | (() => Promise<string>),
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Interrupted('Interrupted.'));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } catch (cause) {
    if (!controller.signal.aborted) throw cause;
    throw new Interrupted(typeof farewell === 'string' ? farewell : await farewell(), { cause });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
};
