// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import { EngineFault } from '../../src/engine/contract/engine.ts';

/** Where the engine under test is bound; every refusal begins with it. */
export const setting = 'profiles.gpu.default';

/** `ask` ends as a fault that names the setting and says `message`. */
export const refused = test.macro(
  async (t: ExecutionContext, ask: () => Promise<unknown>, message: RegExp) => {
    const error = await t.throwsAsync(ask(), { instanceOf: EngineFault });
    t.true(error.message.startsWith(setting), error.message);
    t.regex(error.message, message);
  },
);
