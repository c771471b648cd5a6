// SPDX-License-Identifier: GPL-3.0-only
import { workflowText } from './compile.ts';
import type { WorkflowJob } from './jobs.ts';
import type { CompileSettings } from './settings.ts';
import { checkOut, expression, runAction } from './steps.ts';

/** Where the workflow lies that answers issues. */
export const intakePath = '.github/workflows/spec-intake.yml';

export type IntakeSettings = CompileSettings & {
  readonly intakeRunsOn: readonly string[];
};

/** The workflow that checks specs filed as issues. What an issue says reaches no shell and no expression but `if`. */
export const compileIntake = (settings: IntakeSettings): string =>
  workflowText('pantheon.yaml', {
    name: 'spec intake',
    on: { issues: { types: ['opened', 'edited', 'labeled', 'unlabeled', 'reopened'] } },
    permissions: {},
    concurrency: {
      group: `pantheon-intake-${expression('github.event.issue.number')}`,
      'cancel-in-progress': false,
    },
    jobs: { intake: intakeJob(settings) },
  } as { readonly jobs: Readonly<Record<string, WorkflowJob>> });

const intakeJob = (settings: IntakeSettings): WorkflowJob => ({
  name: 'intake',
  // GitHub sets the form's label only where the repository has one of that name.
  if: expression(
    "contains(github.event.issue.labels.*.name, 'pantheon:spec') || startsWith(github.event.issue.body, '### Scope')",
  ),
  'runs-on': settings.intakeRunsOn,
  'timeout-minutes': 15,
  permissions: {
    contents: ['read', 'flows and pantheon.yaml'],
    issues: ['write', 'the comment and the labels'],
  },
  steps: [
    checkOut(settings),
    runAction(settings, 'spec-intake', 'Answer the issue', 'intake', {
      token: expression('github.token'),
    }),
  ],
});
