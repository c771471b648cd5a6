// SPDX-License-Identifier: GPL-3.0-only
import type { FindingsOf } from './finding.ts';

/** Why an approved pull request is not on the forge. */
export const publishFindings = {
  'publish.tampered': {
    title: 'It is not what both reviewers approved',
    cause: 'The commit, its record or the bundles behind it differ from what the gate decided.',
    fix: 'Look at who writes to the traces; "pantheon trace verify NIGHT" names what was changed.',
    transient: true,
  },
  'publish.refused': {
    title: 'It could not be published',
    cause:
      'The forge or git refused it: its branch is taken, a right is missing, or it could not be signed.',
    fix: 'Do what the reason says.',
    transient: true,
  },
  'publish.waiting': {
    title: 'It waits to be sent',
    cause: 'The forge was not reachable; the pull request is finished and waits in the outbox.',
    fix: 'Run "pantheon sync" once the forge is back; the next night does so as well.',
    look: '"pantheon prs" lists it.',
  },
} as const satisfies FindingsOf<'publish'>;

/** Why the bundles of a node are missing where jobs of their own ran the nodes. */
export const jobFindings = {
  'job.no-bundle': {
    title: 'A step left no bundle',
    cause: 'The process that was to run it ended before it did, or never started.',
    fix: 'Run the failed jobs again.',
    transient: true,
  },
  'job.bad-bundle': {
    title: 'The bundle of a step has another form',
    cause: 'A file of it is not what such a step writes.',
    fix: 'Look at what the runner of that job runs; its version must be that of the others.',
    transient: true,
  },
  'job.no-artifact': {
    title: 'The artifact of a job did not arrive',
    cause: 'The job did not run, was cancelled, or belongs to another night.',
    fix: 'Run the failed jobs again.',
    transient: true,
  },
  'job.artifact-refused': {
    title: 'The artifact of a job was refused',
    cause: 'It has a file that the job does not leave, or one that was changed.',
    fix: 'Look at what the runner of that job runs, and run the job again.',
    transient: true,
  },
  'job.broke-off': {
    title: 'A job broke off',
    cause: 'It ended before it had worked all of its specs.',
    fix: 'Run the failed jobs again; what is finished is kept.',
    transient: true,
  },
} as const satisfies FindingsOf<'job'>;
