// SPDX-License-Identifier: GPL-3.0-only

import type { Plan } from '../../src/chore/plan.ts';
import { type Check, plainlyRuns, type Runnable } from './plainly.ts';

/** What no step of the night runs cannot be said to pass. Tests run anyway, where there are any, and links are followed. */
export const plan: Plan<{ readonly check: Check }> = ({ check }, { spec }) => {
  if (check === 'tests' || check === 'links' || plainlyRuns(check, spec.checks)) return undefined;
  const [what, example] = missing[check];
  return {
    message: `nothing here runs ${what}`,
    advice: `name a command under checks: ${example}`,
  };
};

const missing: Readonly<Record<Runnable, readonly [what: string, example: string]>> = {
  types: ['the type checker', 'tsc --noEmit'],
  lint: ['the linter', 'eslint .'],
  format: ['a check of the format', 'prettier --check .'],
  build: ['the build', 'npm run build'],
  checks: ['any check', 'npm test'],
};
