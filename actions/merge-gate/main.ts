// SPDX-License-Identifier: GPL-3.0-only
import { nodeAction } from '../../src/cli/jobs/actions/node.ts';

/** Runs one node that `merge.gate` plays, for one shard of a decided night. */
export const main = (): Promise<void> => nodeAction('merge.gate');
