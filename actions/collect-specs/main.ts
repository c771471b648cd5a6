// SPDX-License-Identifier: GPL-3.0-only
import { collectAction } from '../../src/cli/jobs/actions/collect.ts';

/** Decides a night and leaves it for the jobs that follow. */
export const main = (): Promise<void> => collectAction();
