// SPDX-License-Identifier: GPL-3.0-only
import type { FindingsOf } from './finding.ts';

/** Why a patch did not pass its tests. */
export const testFindings = {
  'test.failed': {
    title: 'Tests failed',
    cause: 'Tests around the changed files fail with the patch and pass without it.',
    fix: 'Look at the failing tests; say in the spec what they expect, or fix them first if they are wrong.',
  },
  'test.check-failed': {
    title: 'A check of the spec failed',
    cause: 'A command under "checks" ended with another exit code than 0.',
    fix: 'Run the check on the base commit; if it fails there as well, fix that first.',
  },
  'test.bad-document': {
    title: 'A document is not as it must be',
    cause:
      'A document cannot be read, its text was changed where only frontmatter was asked for, or a link that resolved no longer does.',
    fix: 'Look at the line of the log; fix the document, or say more exactly what may change.',
  },
  'test.broken-link': {
    title: 'A link leads nowhere',
    cause: 'A sentence asks for links that resolve, and one does not.',
    fix: 'Fix the link, or ask for it: "Fix broken relative links".',
  },
  'test.lost-import': {
    title: 'An import is left without its name',
    cause: 'The patch removes or renames an export that a file outside of the scope imports.',
    fix: 'Widen the scope to the files that are named.',
  },
  'test.removed': {
    title: 'Tests are gone after the patch',
    cause: 'A package has tests before the patch and none after it.',
    fix: 'Say in the spec that tests are to stay, or take them out by hand.',
  },
  'test.no-program': {
    title: 'The tests need a program that is not there',
    cause: 'A command of the tests names a program that the sandbox does not have.',
    fix: 'Add it to the packages of the repository, or install it on the machine.',
  },
  'test.dependencies': {
    title: 'The packages that tests need are missing',
    cause: 'They are neither prepared nor installed, and nothing is installed at night.',
    fix: 'Run "pantheon deps" by day.',
    transient: true,
  },
} as const satisfies FindingsOf<'test'>;
