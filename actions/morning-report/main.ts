// SPDX-License-Identifier: GPL-3.0-only
import { reportAction } from '../../src/cli/jobs/actions/report.ts';

/** Says how the night went. */
export const main = reportAction;
