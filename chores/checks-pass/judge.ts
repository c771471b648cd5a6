// SPDX-License-Identifier: GPL-3.0-only

import type { Judge } from '../../src/chore/patch.ts';
import { type Check, plainlyRuns, type Runnable } from './plainly.ts';

/** No test of the step before is red; for all else a command of the spec's checks that runs just this. */
export const judge: Judge<{ readonly check: Check }> = ({ check }, { spec, outputs }) => {
  // The step before is red where one leads nowhere.
  if (check === 'links') return { findings: [] };
  if (check !== 'tests') {
    const isRun = plainlyRuns(check, spec.checks);
    return { findings: isRun ? [] : [`nothing here runs the ${nouns[check]}`] };
  }
  const tests = Object.values(outputs).filter((output) => !Object.hasOwn(output, 'diff'));
  const sum = (key: string) =>
    tests.reduce((total, { result }) => {
      const count = result && typeof result === 'object' ? Reflect.get(result, key) : 0;
      return total + (typeof count === 'number' ? count : 0);
    }, 0);
  if (sum('failed') > 0) return { findings: [`${sum('failed')} tests fail`] };
  if (sum('failedBefore') > 0) {
    const [first = ''] = tests.flatMap(({ result }) => failedBefore(result));
    return { findings: [`not all tests pass, without the patch either${first && `: ${first}`}`] };
  }
  // Where none ran the pull request says so, and leaves the sentence open.
  return { findings: [] };
};

const failedBefore = (result: unknown): readonly string[] => {
  const packages = result && typeof result === 'object' ? Reflect.get(result, 'packages') : [];
  return Array.isArray(packages) ? packages.flatMap(({ before = [] }) => before) : [];
};

const nouns: Readonly<Record<Runnable, string>> = {
  types: 'type checker',
  lint: 'linter',
  format: 'check of the format',
  build: 'build',
  checks: 'checks',
};
