// SPDX-License-Identifier: GPL-3.0-only
import { type FinalResults, Parser, type Result } from 'tap-parser';

/** What a run of AVA says in TAP; `failures` are a line each. */
export type TapReport = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly todo: number;
  readonly failures: readonly string[];
  /** A plan was given and kept, every line was TAP, and no test failed. */
  readonly ok: boolean;
};

const maxDetail = 600;

/** Counts the test points themselves, whatever the text beside them claims. */
export const readTap = (text: string): TapReport => {
  const points: Result[] = [];
  let final: FinalResults | undefined;
  const parser = new Parser({ strict: true }, (results) => {
    final = results;
  });
  parser.on('assert', (point: Result) => points.push(point));
  parser.end(text);
  const kinds = points.map(kindOf);
  const count = (kind: ReturnType<typeof kindOf>) => kinds.filter((other) => other === kind).length;
  const failed = points.filter((point) => kindOf(point) === 'failed');
  const broken = (final?.failures ?? []).flatMap((failure) =>
    'tapError' in failure && failure.tapError ? [`not TAP: ${failure.tapError}`] : [],
  );
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    todo: count('todo'),
    // Beside a red test, what the report lacks as well explains nothing.
    failures: failed.length > 0 ? failed.map(describe) : broken,
    // The parser makes a plan up where a stream is empty.
    ok:
      final?.ok === true &&
      !parser.syntheticPlan &&
      final.bailout === false &&
      count('failed') === 0,
  };
};

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

const describe = ({ name, diag }: Result): string => {
  const { message, assertion, details } = (diag ?? {}) as Diagnostics;
  const said = typeof message === 'string' && !generic.test(message) ? message : assertion;
  const lines = [name, said, ...Object.values(details ?? {}).map(readable)].filter(
    (value) => typeof value === 'string' && value.trim() !== '',
  );
  return oneLine(lines.join(': '));
};

const generic = /^(?:|Error thrown in test|Promise rejected with reason|Value must .*)$/;

/** `TypeError { message: 'boo' }` as a person writes it; anything else as it is. */
const readable = (detail: unknown): unknown => {
  if (typeof detail !== 'string') return undefined;
  const text = detail.slice(0, maxDetail);
  const error = /^(\w*Error) \{[\s\S]*?message: '(.*)',$/m.exec(text);
  return error ? `${error[1]}: ${error[2]}` : text;
};

/** The sandbox's folder is the top of the repository. */
const oneLine = (text: string): string =>
  text
    .replace(/(?:file:\/\/|(?<![\w.~-]))\/work\//g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxDetail);
