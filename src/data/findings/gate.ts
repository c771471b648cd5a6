// SPDX-License-Identifier: GPL-3.0-only
import type { FindingsOf } from './finding.ts';

/** Why the gate opens no pull request for a patch. */
export const gateFindings = {
  'gate.unchanged': {
    title: 'Everything is already as asked',
    cause: 'The agent changed nothing, and no reviewer objected.',
    fix: 'Nothing; delete the spec, or say more exactly what is missing.',
  },
  'gate.rejected': {
    title: 'A reviewer rejected the patch',
    cause: 'At least one of the two reviewers found something wrong with it.',
    fix: 'Read the findings, and say in the spec what the reviewers could not tell.',
    look: 'review.json of the two review steps.',
  },
  'gate.patch': {
    title: 'There is no patch that could be judged',
    cause: 'The working step has no output, or its patch does not match its own digest.',
    fix: 'Look at the working step; if its agent is your own, correct what it leaves.',
  },
  'gate.scope': {
    title: 'The patch leaves its scope',
    cause: 'It changes a file that is not in the scope of the spec or the unit, or its mode.',
    fix: 'Widen the scope if the change belongs there, or narrow the acceptance to the scope.',
  },
  'gate.protected': {
    title: 'The patch changes a protected path',
    cause: 'gate.protected of pantheon.yaml names a path that it changes.',
    fix: 'Take the path out of the scope, or change it by hand.',
  },
  'gate.limits': {
    title: 'The patch is too large',
    cause: 'It changes more files or lines than the spec or pantheon.yaml allow.',
    fix: 'Split the spec, or raise its limits up to gate.ceiling of pantheon.yaml.',
  },
  'gate.secret': {
    title: 'The patch has a secret',
    cause:
      'A changed file, or a line that the patch shows, has what looks like a key or a password.',
    fix: 'Take the secret out of the file, and replace it where it is in use.',
  },
  'gate.denied': {
    title: 'A rule forbids the patch',
    cause: 'The gate judged the patch by the rules once more, and one denies it.',
    fix: 'Narrow the spec to what the rule allows, or change the rule by hand.',
    look: 'How the rule comes to it: "pantheon rules explain NIGHT/SPEC/UNIT/NODE".',
  },
  'gate.tests': {
    title: 'The tests of the patch are not green',
    cause: 'The test step has no output, or says that tests failed.',
    fix: 'Look at the test step.',
  },
  'gate.joined-tests': {
    title: 'The units fail their tests together',
    cause: 'Each approved unit passed alone; all of them on one tree do not.',
    fix: 'Look at the failing tests; split the spec so that these units are not in one pull request.',
    look: 'The step of the gate itself, SPEC/_spec.',
  },
  'gate.overlap': {
    title: 'Two units change the same file',
    cause: 'Units of one spec are to have no path in common.',
    fix: 'If the agent is your own, correct how it splits; otherwise split the spec by folder.',
  },
  'gate.reviews': {
    title: 'There are not two reviews',
    cause: 'Each patch needs the verdicts of two reviewers.',
    fix: 'Look at the review steps; the flow must have two review nodes.',
  },
  'gate.digest': {
    title: 'A reviewer judged a different patch',
    cause: 'The digest in a review is not that of the patch that would be opened.',
    fix: 'Look at who writes to the traces; "pantheon trace verify NIGHT" names what was changed.',
  },
  'gate.independence': {
    title: 'The reviewers do not count as two',
    cause: 'Both have the same model and adapter, or the same code.',
    fix: 'Bind one of them to another model, adapter or other rules in pantheon.yaml.',
    look: '"pantheon doctor" says it for each profile.',
  },
  'gate.exam': {
    title: 'A reviewer has not passed its exam',
    cause:
      'It approved bad patches or rejected good ones more often than gate.exam allows, so that its approvals do not count.',
    fix: 'Bind it to a better model, adapter or other rules; "pantheon review exam" examines it by day.',
    look: 'Reviewers of the report, and "pantheon review exam".',
  },
  'gate.unexamined': {
    title: 'The exam of a reviewer broke off',
    cause:
      'Its engine or the sandbox failed in the middle of the exam. What was judged is kept; after the second time it is not begun again that night.',
    fix: 'If it stays so, run "pantheon doctor".',
    look: 'Reviewers of the report.',
    transient: true,
  },
  'gate.kappa': {
    title: 'The agreement of the reviewers has collapsed',
    cause: 'Their kappa over the last window is under gate.kappa.halt, or cannot be computed.',
    fix: 'Look at what they disagree on; bind one of them to a better model, or wait for more pairs.',
    look: 'Reviewers of the report.',
    transient: true,
  },
  'gate.joint-errors': {
    title: 'The reviewers err together',
    cause:
      'More exam patches that one gets wrong are wrong for the other too than gate.jointErrors allows.',
    fix: 'Bind one of them to another model or other rules.',
    look: 'Reviewers of the report.',
    transient: true,
  },
  'gate.no-hidden-patch': {
    title: 'No patch of an exam could be made here',
    cause: 'A unit was to show its reviewers a patch of an exam, and its files allow none.',
    fix: 'Nothing; it costs the unit nothing.',
  },
} as const satisfies FindingsOf<'gate'>;
