// SPDX-License-Identifier: GPL-3.0-only

import type { Plan } from '../../src/chore/plan.ts';
import { type Check, plainlyRuns } from './plainly.ts';

/** What no step of the night runs cannot be said to pass. */
export const plan: Plan<{ readonly check: Check }> = async ({ check }, { spec, isTested }) => {
  if (plainlyRuns(check, spec.checks)) return undefined;
  if (check === 'tests') {
    return (await isTested())
      ? undefined
      : {
          message: 'nothing here runs the tests',
          advice: 'name a command under checks, or under tests in pantheon.yaml',
        };
  }
  const [what, example] = missing[check];
  return {
    message: `nothing here runs ${what}`,
    advice: `name a command under checks: ${example}`,
  };
};

const missing: Readonly<Record<Exclude<Check, 'tests'>, readonly [what: string, example: string]>> =
  {
    types: ['the type checker', 'tsc --noEmit'],
    lint: ['the linter', 'eslint .'],
    format: ['a check of the format', 'prettier --check .'],
    build: ['the build', 'npm run build'],
    checks: ['any check', 'npm test'],
  };
