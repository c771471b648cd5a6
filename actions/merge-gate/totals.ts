// SPDX-License-Identifier: GPL-3.0-only
import type { LeftOut, Output } from '../../src/agent/schema.ts';
import { countNoun } from '../../src/data/count-noun.ts';
import type { JoinedUnit } from '../../src/review/gate/gate.ts';
import type { Decision, UnitDecision } from '../../src/review/gate/gate-agent.ts';

/** Files and lines of the joined patch. */
export const sumStats = (units: readonly JoinedUnit[]): Decision['stats'] => ({
  files: units.reduce((sum, { changes }) => sum + changes.length, 0),
  insertions: units.reduce((sum, { stats }) => sum + stats.insertions, 0),
  deletions: units.reduce((sum, { stats }) => sum + stats.deletions, 0),
});

/** Test counts over several test nodes; a result without counts adds nothing. */
export const sumTests = (outputs: readonly Output[]): Decision['tests'] => ({
  passed: sumOf(outputs, 'passed'),
  failed: sumOf(outputs, 'failed'),
  skipped: sumOf(outputs, 'skipped'),
  ...(sumOf(outputs, 'failedBefore') > 0 && { failedBefore: sumOf(outputs, 'failedBefore') }),
  ...(checksOf(outputs) > 0 && { checks: checksOf(outputs) }),
  ...(sumOf(outputs, 'links') > 0 && { links: sumOf(outputs, 'links') }),
  ...(outputs.length > 0 && outputs.every(listsChecks) && { counted: 'checks' as const }),
});

/** As against tests beside which a spec's own checks are only numbers. */
const listsChecks = ({ result }: Output): boolean =>
  result !== null && typeof result === 'object' && Array.isArray(Reflect.get(result, 'checks'));

/** The spec's own checks, which each of several test nodes runs. */
const checksOf = (outputs: readonly Output[]): number =>
  Math.max(0, ...outputs.map(({ result }) => countIn(valueIn(result, 'checks'), 'passed')));

const valueIn = (result: unknown, key: string): unknown =>
  result !== null && typeof result === 'object' ? Reflect.get(result, key) : undefined;

const sumOf = (outputs: readonly Output[], key: string): number =>
  outputs.reduce((sum, { result }) => sum + countIn(result, key), 0);

const countIn = (result: unknown, key: string): number => {
  const value = valueIn(result, key);
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
};

/** One line for the morning: the reason, and how many units share it. */
export const summariseReds = (reds: readonly UnitDecision[], all: number): string => {
  const [first] = reds;
  if (!first) return '';
  const { node = 'gate', reason = 'no reason recorded', paths } = first;
  const where = all > 1 ? ` (${paths.join(', ')})` : '';
  const more = reds.length > 1 ? `; ${reds.length} of ${all} units are red` : '';
  return `${node}: ${reason}${where}${more}`;
};

/** What else the morning must know: files that nobody worked, the first with its reason. */
export const summariseLeft = (left: readonly LeftOut[]): string => {
  const [first] = left;
  return first === undefined
    ? ''
    : `; ${countNoun(left.length, 'file')} left out: ${first.path} ${first.reason}${left.length > 1 ? ', and others' : ''}`;
};
