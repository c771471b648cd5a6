// SPDX-License-Identifier: GPL-3.0-only
import type { FindingsOf } from './finding.ts';

/** What became of a version that was to be promoted. */
export const promoteFindings = {
  'promote.better': {
    title: 'The version is better',
    cause:
      'More held-out specs are accepted with it, by more than chance and by more than the least that counts, and no guard case is lost.',
    fix: 'Merge the pull request that puts it into registry.yaml.',
  },
  'promote.worse': {
    title: 'The version is worse',
    cause:
      'Fewer held-out specs are accepted with it than with the incumbent, by more than chance.',
    fix: 'Nothing; train another on more or on better rows.',
  },
  'promote.guard-worse': {
    title: 'The version loses a guard case',
    cause:
      'A guard case that the incumbent gets accepted is not accepted with it. Guard cases are the example specs that ship, those of --guards, and of a reviewer its exams.',
    fix: 'Look at the case in the result, add rows like it, and train again.',
  },
  'promote.small-effect': {
    title: 'The version is better by too little',
    cause:
      'It is better by more than chance, and by less than --least-effect of the held-out specs: not worth a change of what was proven.',
    fix: 'Train another, or lower --least-effect.',
  },
  'promote.few-pairs': {
    title: 'Too few held-out specs were worked by both',
    cause: 'Below --least-pairs a difference says little, whatever it is.',
    fix: 'Name more specs with --specs, hold out a larger share when you train, or let more nights pass; then evaluate again.',
  },
  'promote.few-differences': {
    title: 'The two differ too rarely to tell',
    cause:
      'So few of the pairs differ that no split of them is beyond chance, not even all to nothing: of three looks each needs seven that differ. It takes no look.',
    fix: 'Evaluate on more specs, or on harder ones.',
  },
  'promote.no-difference': {
    title: 'No difference beyond chance',
    cause: 'As many pairs as --most-pairs were worked, and their split is within chance.',
    fix: 'Keep the incumbent; train another on more or on better rows.',
  },
  'promote.undecided': {
    title: 'No difference beyond chance yet',
    cause:
      'The split of the pairs is within chance, there are fewer than --most-pairs, and a look is left.',
    fix: 'Evaluate on more specs. Each look has an equal part of 5 %, so name enough of them.',
  },
  'promote.looks-spent': {
    title: 'No difference beyond chance in all looks',
    cause:
      'As many looks as were planned with --looks saw no difference beyond chance. More looks would find one by chance.',
    fix: 'Keep the incumbent; train another on more or on better rows.',
  },
  'promote.broken-pairs': {
    title: 'Some cases say nothing yet',
    cause:
      'An engine failed, time ran out or packages were missing for one of the two, or the evaluation was interrupted.',
    fix: 'Run "pantheon eval" again: it works what is missing.',
  },
} as const satisfies FindingsOf<'promote'>;
