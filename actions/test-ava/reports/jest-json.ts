// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { type FailedTest, failedTest, firstLine, noReport, type Report } from './report.ts';

const schema = z.object({
  numTotalTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** What Jest's `--json` writes, and Vitest's reporter of the same form. */
export const readJestJson = (text: string): Report => {
  const { data, success } = schema.safeParse(parse(text));
  if (!success) return { ...noReport, broken: 'the report is not what the runner writes' };
  const count = { passed: 0, skipped: 0, todo: 0 };
  const failed: FailedTest[] = [];
  let seen = 0;
  for (const { name, status, message, assertionResults } of data.testResults) {
    const before = failed.length;
    for (const test of assertionResults) {
      seen += 1;
      if (test.status === 'passed') count.passed += 1;
      else if (test.status === 'todo') count.todo += 1;
      else if (test.status !== 'failed') count.skipped += 1;
      else {
        const why = firstLine(test.failureMessages?.[0]);
        failed.push(failedTest([name, ...test.ancestorTitles, test.title], why));
      }
    }
    if (status === 'failed' && failed.length === before)
      failed.push(failedTest([name], reasonOf(message)));
  }
  const isWhole = seen === data.numTotalTests;
  return { ...count, failed, ...(!isWhole && { broken: 'the report lacks tests that it counts' }) };
};

/** Of a file that could not be loaded. */
const reasonOf = (message: string | null | undefined): string | undefined =>
  firstLine(message?.replace(/^\s*● Test suite failed to run\s*/, ''));

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
