// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { scriptSteps } from '../../../src/tool/tests/steps.ts';

/** Each step as its runner and the words that are left of it, or as the command that it is. */
const stepsOf = (scripts: Readonly<Record<string, string>>): readonly string[] =>
  scriptSteps('test', scripts).map(({ command, call }) =>
    call ? `${call.runner}: ${call.words.join(' ')}` : command,
  );

const rows: Readonly<Record<string, readonly string[]>> = {
  ava: ['ava: ava'],
  'vitest --watch --reporter=verbose src': ['vitest: vitest src'],
  'npx vitest run': ['vitest: npx vitest run'],
  'yarn jest --coverage': ['jest: yarn jest --coverage'],
  'cross-env NODE_ENV=test mocha -R dot "test/**/*.js"': [
    'mocha: cross-env NODE_ENV=test mocha "test/**/*.js"',
  ],
  'NODE_OPTIONS=--experimental-vm-modules jest': [
    'jest: NODE_OPTIONS=--experimental-vm-modules jest',
  ],
  'node --experimental-vm-modules node_modules/jest/bin/jest.js': [
    'jest: node --experimental-vm-modules node_modules/jest/bin/jest.js',
  ],
  './node_modules/.bin/mocha': ['mocha: ./node_modules/.bin/mocha'],
  'c8 --reporter lcov node --test': ['node:test: c8 --reporter lcov node --test'],
  'nyc --reporter lcov mocha test': ['mocha: nyc --reporter lcov mocha test'],
  'c8 tape test.js': ['c8 tape test.js'],
  'tsx --test --test-reporter spec': ['node:test: tsx --test'],
  'tsc && xo && ava': ['tsc', 'xo', 'ava: ava'],
  'eslint --env jest src': ['eslint --env jest src'],
  'cd sub && ava': ['cd sub && ava'],
  'ava; true': ['ava; true'],
  'ava || true': ['ava || true'],
  'ava | tap-spec': ['ava | tap-spec'],
  'FOO=$(pwd) ava': ['FOO=$(pwd) ava'],
  'echo "no tests"': [],
  'echo "Error: no test specified" && exit 1': [],
  true: [],
  'npm run unit': ['tsc', 'ava: ava'],
  'npm run -s unit -- --serial': ['tsc', 'ava: ava --serial'],
  'yarn unit --serial': ['tsc', 'ava: ava --serial'],
  'npm run unit --workspaces': ['npm run unit --workspaces'],
  'npm test --workspaces': ['npm test --workspaces'],
  'npm -w a test': ['npm -w a test'],
  'pnpm -r test': ['pnpm -r test'],
  'npm run none': ['npm run none'],
};

for (const [script, steps] of Object.entries(rows)) {
  test(`\`${script}\``, (t) => {
    t.deepEqual(stepsOf({ test: script, preunit: 'tsc', unit: 'ava' }), steps);
  });
}

test('what npm runs before and after belongs to it', (t) => {
  t.deepEqual(stepsOf({ pretest: 'tsc', test: 'ava', posttest: 'xo' }), ['tsc', 'ava: ava', 'xo']);
});

test('scripts that call each other in a circle end', (t) => {
  t.deepEqual(stepsOf({ test: 'npm run a', a: 'npm test' }), ['npm test']);
});
