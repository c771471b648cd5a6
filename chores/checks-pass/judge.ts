// SPDX-License-Identifier: GPL-3.0-only

import type { Judge } from '../../src/chore/patch.ts';
import { type Check, plainlyRuns } from './plainly.ts';

/** Tests that ran and passed in the step before, or a command of the spec's checks that runs just this. */
export const judge: Judge<{ readonly check: Check }> = ({ check }, { spec, outputs }) => {
  const isRun = plainlyRuns(check, spec.checks);
  if (check !== 'tests')
    return { findings: isRun ? [] : [`nothing here runs the ${nouns[check]}`] };
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
  return { findings: isRun || sum('passed') > 0 ? [] : ['no tests ran'] };
};

const failedBefore = (result: unknown): readonly string[] => {
  const packages = result && typeof result === 'object' ? Reflect.get(result, 'packages') : [];
  return Array.isArray(packages) ? packages.flatMap(({ before = [] }) => before) : [];
};

const nouns: Readonly<Record<Check, string>> = {
  tests: 'tests',
  types: 'type checker',
  lint: 'linter',
  format: 'check of the format',
  build: 'build',
  checks: 'checks',
};
