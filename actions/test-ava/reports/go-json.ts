// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { type FailedTest, failedTest, noReport, type Report } from './report.ts';

const lineSchema = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
  FailedBuild: z.string().optional(),
});

type Line = z.output<typeof lineSchema>;

/** What `go test -json` writes, a line an event. A test with subtests counts by these. */
export const readGoJson = (text: string): Report => {
  const lines: Line[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const event = parse(line);
    if (!event) return { ...noReport, broken: 'the report has a line that go does not write' };
    lines.push(event);
  }
  const ends = lines.filter(({ Action }) => /^(?:pass|fail|skip)$/.test(Action));
  const key = ({ Package, Test }: Line): string => `${Package} ${Test}`;
  const parents = new Set(
    ends.flatMap((end) => (end.Test?.includes('/') ? [key(end).replace(/\/[^/]*$/, '')] : [])),
  );
  const tests = ends.filter((end) => end.Test !== undefined && !parents.has(key(end)));
  const count = (action: string) => tests.filter(({ Action }) => Action === action).length;
  const outputOf = (end: Line): string | undefined =>
    lines
      .find((line) => key(line) === key(end) && /^\s+\S+\.go:\d+: /.test(line.Output ?? ''))
      ?.Output?.trim();
  const red = tests.filter(({ Action }) => Action === 'fail');
  const failed: FailedTest[] = red.map((end) => failedTest([end.Package, end.Test], outputOf(end)));
  for (const end of ends) {
    const explained = red.some(({ Package }) => Package === end.Package);
    if (end.Test !== undefined || end.Action !== 'fail' || explained) continue;
    failed.push(failedTest([end.Package], end.FailedBuild && 'does not build'));
  }
  const started = new Set(
    lines.flatMap(({ Action, Package }) => (Action === 'start' ? [Package] : [])),
  );
  for (const { Package, Test } of ends) if (Test === undefined) started.delete(Package);
  const [cut] = started;
  return {
    passed: count('pass'),
    skipped: count('skip'),
    todo: 0,
    failed,
    ...(cut !== undefined && { broken: `the tests of ${cut} did not end` }),
  };
};

const parse = (line: string): Line | undefined => {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};
