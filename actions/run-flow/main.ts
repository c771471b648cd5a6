// SPDX-License-Identifier: GPL-3.0-only
import { flowAction } from '../../src/cli/jobs/actions/node.ts';

/** Runs the whole flow of a decided night for one shard. */
export const main = (): Promise<void> => flowAction();
