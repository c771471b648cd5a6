// SPDX-License-Identifier: GPL-3.0-only
import { nodeAction } from '../../src/cli/jobs/actions/node.ts';

/** Runs one node of a decided night for one shard, whoever plays it. */
export const main = (): Promise<void> => nodeAction();
