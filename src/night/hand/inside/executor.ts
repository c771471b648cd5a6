// SPDX-License-Identifier: GPL-3.0-only
import { createLateExecutor } from '../../../boundary/late-executor.ts';
import { boundBy } from '../../../boundary/limits/bound-by.ts';
import type { SandboxConfig } from '../../../config/schema.ts';
import { once } from '../../../data/memoise.ts';

const late = once(() => createLateExecutor({ allowUnconfined: false }, () => {}));

/** Runs commands in sandboxes within this process's own. */
export const executorHere = (sandbox: SandboxConfig) => boundBy(late(), sandbox);
