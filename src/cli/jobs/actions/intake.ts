// SPDX-License-Identifier: GPL-3.0-only
import { intakeCommand } from '../../github/intake.ts';
import { readJobEnvironment } from './job-environment.ts';

/** Answers the issue that started the workflow, below it. */
export const intakeAction = (): Promise<void> => intakeCommand({ repo: readJobEnvironment().repo });
