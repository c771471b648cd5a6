// SPDX-License-Identifier: GPL-3.0-only
import { messageOf } from '../../data/message-of.ts';
import {
  type CallContext,
  type Calls,
  type FromProcess,
  Refusal,
  type ToProcess,
} from './calls.ts';

/** Between two words of progress on one call [ms]. */
const progressEvery = 100;

/** Does for the parent process what it calls, until it is gone. `reasonOf` says why a call failed. */
export const answerCalls = (
  calls: Calls,
  reasonOf: (error: unknown) => string = messageOf,
): void => {
  const running = new Map<number, AbortController>();
  const say = (message: FromProcess): void => {
    process.send?.(message);
  };

  const run = async ({ id, name, input }: Extract<ToProcess, { kind: 'call' }>): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    let told = 0;
    const onProgress: CallContext['onProgress'] = (written) => {
      if (performance.now() - told < progressEvery) return;
      told = performance.now();
      say({ kind: 'progress', id, ...(written && { written: written() }) });
    };
    try {
      const call = calls[name];
      if (!call) throw new Error(`there is no call "${name}"`);
      const output = await call(input as never, { signal: controller.signal, onProgress });
      say({ kind: 'done', id, output });
    } catch (error) {
      const about = error instanceof Refusal ? { about: error.about } : {};
      say({ kind: 'fault', id, reason: reasonOf(error), ...about });
    } finally {
      running.delete(id);
    }
  };

  process.on('message', (message: ToProcess) => {
    if (message.kind === 'call') void run(message);
    else running.get(message.id)?.abort(new Error('stopped'));
  });
  process.on('disconnect', () => process.exit());
};
