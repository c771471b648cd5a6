// SPDX-License-Identifier: GPL-3.0-only
import { reportAction } from '../../src/cli/action/report-action.ts';

/** Says how the night went. */
export const main = reportAction;
