// SPDX-License-Identifier: GPL-3.0-only
import type { FindingsOf } from './finding.ts';

/** Why a spec of the queue is not worked tonight. */
export const queueFindings = {
  'queue.depends': {
    title: 'The spec waits for another one',
    cause: 'Its "dependsOn" names a spec whose pull request is not merged.',
    fix: 'Merge the pull request of that spec, or take the name out of "dependsOn".',
  },
  'queue.open': {
    title: 'Its pull request is open',
    cause: 'A spec that has a pull request is not worked again until its text changes.',
    fix: 'Merge or reject the pull request.',
  },
  'queue.accepted': {
    title: 'Its pull request is accepted and not merged',
    cause: 'The pull request was accepted, and its branch is not in the base branch.',
    fix: 'Merge the branch: "pantheon accept NAME --merge".',
  },
  'queue.conflict': {
    title: 'Its pull request no longer merges',
    cause: 'The base branch has changed the same lines since the pull request was made.',
    fix: 'Merge it by hand, or have it made again: "pantheon night --retry SPEC".',
  },
  'queue.closed': {
    title: 'Its pull request was closed',
    cause: 'A person closed or rejected the pull request of just this text.',
    fix: 'Change the spec by what was wrong with it, or ask for it as it is with "pantheon night --retry SPEC".',
  },
  'queue.given-up': {
    title: 'It was given up',
    cause: 'Somebody with write access ticked "Give up" for just this text on the dashboard issue.',
    fix: 'Change the spec, tick "Try again" there, or ask for it with "pantheon night --retry SPEC".',
  },
  'queue.merged': {
    title: 'It is done',
    cause: 'The pull request of just this text is merged, with all of its units.',
    fix: 'Nothing; delete the spec, or change it to ask for more.',
  },
  'queue.red-before': {
    title: 'It ended red before, and nothing has changed since',
    cause:
      'Neither the spec nor its files, agents, engines or settings have changed since the night in which it ended red; it would end red again.',
    fix: 'Do what the reason of that night asks for, or ask for it as it is with "pantheon night --retry SPEC".',
  },
  'queue.ended-before': {
    title: 'It ended before, and nothing has changed since',
    cause: 'An earlier night found nothing to open for it, and would do so again.',
    fix: 'Nothing; delete the spec, or change it to ask for more.',
  },
  'queue.branch-taken': {
    title: 'A branch of its name exists',
    cause: 'The branch that its pull request would have is there already and is not its own.',
    fix: 'Rename or delete that branch.',
  },
  'queue.no-room': {
    title: 'There is no room for another pull request',
    cause: 'As many pull requests are open as gate.maxOpen of pantheon.yaml allows.',
    fix: 'Merge or close some, or raise gate.maxOpen.',
  },
} as const satisfies FindingsOf<'queue'>;

/** Why an approved issue is not worked as a spec. */
export const intakeFindings = {
  'intake.invalid': {
    title: 'The issue is not a valid spec',
    cause: 'A field of the form is missing or has a value that no spec may have.',
    fix: 'Change the issue, or what the reason speaks of, and set the label again.',
  },
  'intake.not-approved': {
    title: 'Nobody who may write approved the issue as it is now',
    cause:
      'The label was set by somebody without write access, or the text was edited after it was set.',
    fix: 'Have somebody with write access set the label again.',
  },
  'intake.not-recorded': {
    title: 'The approval of the issue is not recorded',
    cause: 'The intake workflow has not written down which text the label covers.',
    fix: 'Run the intake workflow for the issue, or set the label again.',
  },
} as const satisfies FindingsOf<'intake'>;
