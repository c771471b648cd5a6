// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readGoJson } from '../../../actions/test-ava/reports/go-json.ts';
import { readJestJson } from '../../../actions/test-ava/reports/jest-json.ts';
import { readJUnit } from '../../../actions/test-ava/reports/junit.ts';
import type { Report } from '../../../actions/test-ava/reports/report.ts';
import { readTap } from '../../../actions/test-ava/reports/tap.ts';
import { sandboxRoot } from '../../../src/boundary/executor.ts';

/** What is expected: failures by their texts. */
type Expected = Partial<Omit<Report, 'failed'>> & {
  readonly texts?: readonly string[];
  readonly names?: readonly string[];
};

const reads = (
  t: ExecutionContext,
  report: Report,
  { texts, names, ...counts }: Expected,
): void => {
  if (Object.keys(counts).length > 0) t.like(report, counts);
  const failed = (key: 'name' | 'text') => report.failed.map((one) => one[key]);
  if (texts) t.deepEqual(failed('text'), [...texts]);
  if (names) t.deepEqual(failed('name'), [...names]);
  if (!('broken' in counts)) t.is(report.broken, undefined);
};

const tapRows: Readonly<Record<string, readonly [tap: string, Expected]>> = {
  'counts each kind': [
    'TAP version 13\nok 1 - a\nok 2 - b # SKIP\nnot ok 3 - c # TODO\nok 4 - d\n1..4\n',
    { passed: 2, skipped: 1, todo: 1, texts: [] },
  ],
  'names a failure with its reasons': [
    "TAP version 13\nnot ok 1 - sum\n  ---\n    name: AssertionError\n    message: adds up\n    details:\n      'Difference (- actual, + expected):': |-\n        - 1\n        + 2\n    at: 'a.test.ts:3:1'\n  ...\n1..1\n",
    { names: ['sum'], texts: ['sum: adds up: - 1 + 2'] },
  ],
  'does not believe the closing comments': [
    'TAP version 13\nnot ok 1 - a\n1..1\n# tests 9\n# pass 9\n# fail 0\n',
    { passed: 0, texts: ['a'] },
  ],
  'a plan that is missing': [
    'TAP version 13\nok 1 - a\n',
    { passed: 1, broken: 'not TAP: no plan' },
  ],
  'a plan that was not kept': [
    'TAP version 13\nok 1 - a\n1..3\n',
    { broken: 'not TAP: incorrect number of tests' },
  ],
  'a plan that was not kept, with a red test': [
    'TAP version 13\nnot ok 1 - a\n1..3\n',
    { texts: ['a'], broken: 'it is cut off' },
  ],
  'a bail out': ['TAP version 13\nok 1 - a\nBail out!\n1..1\n', { broken: 'it is cut off' }],
  'an empty plan': ['TAP version 13\n1..0\n', { passed: 0, texts: [] }],
  nothing: ['', { passed: 0, texts: [], broken: 'it is cut off' }],
};

for (const [title, [tap, expected]] of Object.entries(tapRows)) {
  test(`TAP: ${title}`, (t) => reads(t, readTap(tap), expected));
}

for (const [title, tap] of Object.entries({
  'a test beyond the plan': 'TAP version 13\n1..1\nok 1 - a\nok 2 - b\n',
  'a second plan': 'TAP version 13\nok 1 - a\n1..1\n1..1\n',
  'lines that are no TAP': 'TAP version 13\nok 1 - a\nhello\n1..1\n',
})) {
  test(`TAP: ${title}`, (t) => t.truthy(readTap(tap).broken));
}

/* Written by the real runners: node 24.21, mocha 11.8, vitest 3.2, jest 30.5, pytest 9.2, go 1.26. */
const recorded: Readonly<
  Record<string, readonly [read: (text: string) => Report, expected: Expected]>
> = {
  'node-test.xml': [
    readJUnit,
    {
      passed: 2,
      skipped: 1,
      todo: 1,
      texts: [
        'pkg/test/a.test.js › group › two: Expected values to be strictly equal:',
        'pkg/test/b.test.js: test failed',
      ],
    },
  ],
  'mocha.xml': [
    readJUnit,
    { passed: 1, skipped: 2, todo: 0, texts: ['pkg/test/a.test.js › group › two: 1 == 2'] },
  ],
  'pytest.xml': [
    readJUnit,
    {
      passed: 2,
      skipped: 1,
      names: ['test_a.TestG › test_two', 'test_a › test_p[2]', 'test_a › test_e'],
      texts: [
        'test_a.TestG › test_two: assert 1 == 2',
        'test_a › test_p[2]: assert 2 == 1',
        'test_a › test_e: failed on setup with "Exception: x"',
      ],
    },
  ],
  'vitest.json': [
    readJestJson,
    {
      passed: 1,
      skipped: 1,
      todo: 1,
      texts: [
        'pkg/a.test.js › group › two: AssertionError: expected 1 to be 2 // Object.is equality',
        'pkg/b.test.js: boo',
      ],
    },
  ],
  'jest.json': [
    readJestJson,
    {
      passed: 1,
      skipped: 1,
      todo: 1,
      texts: [
        'pkg/a.test.js › group › two: Error: expect(received).toBe(expected) // Object.is equality',
        'pkg/b.test.js: boo',
      ],
    },
  ],
  'go.jsonl': [
    readGoJson,
    {
      passed: 2,
      skipped: 1,
      texts: [
        'example.com/m › TestSum/b: m_test.go:5: bad thing',
        'example.com/m/sub: does not build',
      ],
    },
  ],
};

/** A recorded report; `{root}` stands for the folder in which the sandbox shows a repository. */
const read = (name: string) =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8').replaceAll(
    '{root}',
    sandboxRoot,
  );

for (const [name, [reader, expected]] of Object.entries(recorded)) {
  test(`recorded: ${name}`, (t) => reads(t, reader(read(name)), expected));
  test(`recorded: ${name}, cut off, is not believed`, (t) => {
    const text = read(name);
    for (const share of [0, 0.5, 0.95]) {
      const cut = text.slice(0, Math.floor(text.length * share));
      // Nothing at all is what `go test` says of no packages.
      if (cut !== '' || reader !== readGoJson) t.truthy(reader(cut).broken, `${share}`);
    }
  });
}

test('JUnit: a document with more than one root, or none of its names, is not believed', (t) => {
  for (const xml of ['<testsuite/><testsuite/>', '<html></html>', 'text', '<testsuites><a></b>'])
    t.truthy(readJUnit(xml).broken, xml);
  t.is(readJUnit('<testsuites/>').broken, undefined);
});

test('JUnit: entities that are declared in the document are not followed', (t) => {
  const xml = '<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuites><testcase name="&a;"/></testsuites>';
  t.truthy(readJUnit(xml).broken);
});

test('Jest: tests that are counted and not listed are missed', (t) => {
  const report = { numTotalTests: 2, testResults: [] };
  t.is(readJestJson(JSON.stringify(report)).broken, 'the report lacks tests that it counts');
});
