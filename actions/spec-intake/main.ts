// SPDX-License-Identifier: GPL-3.0-only
import { intakeAction } from '../../src/cli/action/intake-action.ts';

/** Answers the issue that started the workflow. */
export const main = (): Promise<void> => intakeAction();
