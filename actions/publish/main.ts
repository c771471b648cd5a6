// SPDX-License-Identifier: GPL-3.0-only
import { publishAction } from '../../src/cli/jobs/actions/publish.ts';

/** Opens the pull requests that the gate approved. */
export const main = (): Promise<void> => publishAction();
