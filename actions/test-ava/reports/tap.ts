// SPDX-License-Identifier: GPL-3.0-only
import { type FinalPlan, type FinalResults, Parser, type Result } from 'tap-parser';
import { type FailedTest, failedTest, type Report } from './report.ts';

const maxDetail = 600;

/** What AVA writes with `--tap`. Counts the test points themselves, whatever the text beside them claims. */
export const readTap = (text: string): Report => {
  const points: Result[] = [];
  let final: FinalResults | undefined;
  const parser = new Parser({ strict: true }, (results) => {
    final = results;
  });
  parser.on('assert', (point: Result) => points.push(point));
  parser.end(text);
  const kinds = points.map(kindOf);
  const count = (kind: ReturnType<typeof kindOf>) => kinds.filter((other) => other === kind).length;
  const broken = (final?.failures ?? []).flatMap((failure) =>
    'tapError' in failure && failure.tapError ? [`not TAP: ${failure.tapError}`] : [],
  );
  const failed = points.filter((point) => kindOf(point) === 'failed').map(describe);
  // The parser makes a plan up where a stream is empty.
  const isWhole = !parser.syntheticPlan && final?.bailout === false && isKept(final.plan, points);
  const isGreen = final?.ok === true || failed.length > 0;
  return {
    passed: count('passed'),
    skipped: count('skipped'),
    todo: count('todo'),
    failed,
    ...(!(isWhole && isGreen && broken.length === 0) && { broken: broken[0] ?? 'it is cut off' }),
  };
};

/** The parser says so itself only where no test failed. */
const isKept = ({ start, end }: FinalPlan, points: readonly Result[]): boolean =>
  start !== null && end !== null && points.length === end - start + 1;

const kindOf = ({ ok, skip, todo }: Result): 'passed' | 'failed' | 'skipped' | 'todo' => {
  if (skip) return 'skipped';
  if (todo) return 'todo';
  return ok ? 'passed' : 'failed';
};

/** The YAML block that AVA puts below a test that failed (its lib/reporters/tap.js). */
type Diagnostics = {
  readonly message?: unknown;
  readonly assertion?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
};

const describe = ({ name, diag }: Result): FailedTest => {
  const { message, assertion, details } = (diag ?? {}) as Diagnostics;
  const said = typeof message === 'string' && !generic.test(message) ? message : assertion;
  return failedTest([name], said, ...Object.values(details ?? {}).map(readable));
};

const generic = /^(?:|Error thrown in test|Promise rejected with reason|Value must .*)$/;

/** `TypeError { message: 'boo' }` as a person writes it; anything else as it is. */
const readable = (detail: unknown): unknown => {
  if (typeof detail !== 'string') return undefined;
  const text = detail.slice(0, maxDetail);
  const error = /^(\w*Error) \{[\s\S]*?message: '(.*)',$/m.exec(text);
  return error ? `${error[1]}: ${error[2]}` : text;
};
