// SPDX-License-Identifier: GPL-3.0-only

/**
 * Runs `work` for at most `ms` milliseconds. Its signal aborts at the deadline or with `outer`; work
 * that does not listen is left behind. @throws the outer signal's reason, or what `work` throws.
 */
export const withDeadline = async <Value>(
  ms: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value | 'timeout'> => {
  outer.throwIfAborted();
  const controller = new AbortController();
  const stopped = Promise.withResolvers<'timeout'>();
  const interrupt = () => {
    controller.abort(outer.reason);
    stopped.reject(outer.reason);
  };
  const timer = setTimeout(() => {
    controller.abort(new DOMException('the time is up', 'TimeoutError'));
    stopped.resolve('timeout');
  }, ms);
  outer.addEventListener('abort', interrupt, { once: true });
  try {
    const working = work(controller.signal);
    working.catch(() => {});
    return await Promise.race([working, stopped.promise]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', interrupt);
  }
};
