// SPDX-License-Identifier: GPL-3.0-only
import { intakeAction } from '../../src/cli/jobs/actions/intake.ts';

/** Answers the issue that started the workflow. */
export const main = (): Promise<void> => intakeAction();
