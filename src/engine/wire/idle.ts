// SPDX-License-Identifier: GPL-3.0-only
import { type EngineFault, SilentFault } from '../contract/engine.ts';

/** Follows one request: aborts it with the caller's signal, or when nothing came for too long. */
export type IdleWatch = {
  readonly signal: AbortSignal;
  /** Something came: the idle time starts again. */
  readonly progress: () => void;
  /** No more is to be watched; may be called more than once. */
  readonly end: () => void;
  /** Why the request was ended from this side; nothing when it was not. */
  readonly ended: () => unknown;
};

/** Starts watching at once. The caller's reason wins over idle time, whichever is thrown. */
export const watchIdle = (
  request: {
    readonly signal: AbortSignal;
    readonly idleTimeoutMs: number;
    readonly onProgress?: () => void;
  },
  label: string,
): IdleWatch => {
  const { signal, idleTimeoutMs, onProgress } = request;
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  let idle: EngineFault | undefined;
  let over = false;
  const timer = setTimeout(() => {
    idle = new SilentFault(
      `${label} sent nothing for ${idleTimeoutMs / 1000} s; look at the server, or lower "slots" if it is overloaded`,
    );
    controller.abort(idle);
  }, idleTimeoutMs);
  signal.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    progress: () => {
      // A cleared timer would start again when refreshed.
      if (!over && !controller.signal.aborted) timer.refresh();
      onProgress?.();
    },
    end: () => {
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', forward);
    },
    ended: () => (signal.aborted ? signal.reason : idle),
  };
};
