// SPDX-License-Identifier: GPL-3.0-only
import type { Output } from '../../agent/schema.ts';
import type { GateConfig } from '../../config/schema.ts';
import type { CodedReason } from '../../data/findings/table.ts';
import { describeSecret, secretInText } from '../../secrets/find-secrets.ts';
import { compileProtected } from '../../spec/protected-paths.ts';
import { compileScope } from '../../spec/scope.ts';
import { patchDigest } from '../../workspace/patch-digest.ts';
import { describeExam, passedExam } from '../exam/exam-result.ts';
import { sharedErrors } from '../kappa/joint-errors.ts';
import type { ExamResult, GateTerms } from '../schema.ts';
import {
  examKindsOf,
  type GateRuling,
  limitsOf,
  type RedRuling,
  redRuling,
  type SpecTerms,
  type UnitFile,
} from './gate-terms.ts';

type Changes = NonNullable<Output['changes']>;
type Patch = { readonly changes: Changes; readonly lines: number; readonly digest: string };

/**
 * The gate's rule for one unit: approved only when the patch is what it says it is, keeps its
 * bounds and contains no secret, its tests are green, and two independent, examined reviewers whose
 * agreement has not collapsed both approve exactly that patch. The first thing wrong is the reason.
 */
export const judgeUnit = (file: UnitFile, terms: SpecTerms): GateRuling => {
  const patch = patchOf(file.work);
  if ('outcome' in patch) return patch;
  // Nothing to open; but that it is already as asked is a claim, and a reviewer may know better.
  if (patch.changes.length === 0) return rejection(file.reviews) ?? { outcome: 'unchanged' };
  return (
    outsideBounds(patch, file, terms) ??
    secretIn(patch, file) ??
    notGreen(file) ??
    notTwoYeses(patch, file, terms) ?? { outcome: 'approved' }
  );
};

/** An approved unit's part of the pull request. */
export type JoinedUnit = {
  readonly unit: string;
  readonly changes: Changes;
  readonly stats: { readonly insertions: number; readonly deletions: number };
};

/** The gate's rule for the pull request as a whole: no path twice, and the spec's limits. */
export const judgeJoined = (
  units: readonly JoinedUnit[],
  { spec, gate }: Pick<SpecTerms, 'spec' | 'gate'>,
): GateRuling => {
  const changes = units.flatMap(({ changes }) => changes);
  if (changes.length === 0) return { outcome: 'unchanged' };
  const lines = units.reduce((sum, { stats }) => sum + stats.insertions + stats.deletions, 0);
  return overlap(units) ?? overLimits(changes.length, lines, limitsOf(spec, gate)) ?? approved;
};

const approved = { outcome: 'approved' } as const;

const patchOf = (work: Output | undefined): Patch | RedRuling => {
  if (!work) return redRuling('gate.patch', 'the working node has no output');
  if (work.status !== 'ok')
    return redRuling('gate.patch', `the working agent gave up: ${work.notes}`);
  const { changes, stats, patchDigest: stamped } = work;
  if (!changes || !stats || stamped === undefined) {
    return redRuling('gate.patch', 'the output of the working node has no patch');
  }
  const digest = patchDigest(changes);
  if (digest !== stamped) return redRuling('gate.patch', 'the patch does not match its own digest');
  if (stats.files !== changes.length) {
    return redRuling(
      'gate.patch',
      `the patch counts ${stats.files} files but changes ${changes.length}`,
    );
  }
  const repeated = changes.find(({ path }, index) =>
    changes.slice(0, index).some((other) => other.path === path),
  );
  if (repeated) return redRuling('gate.patch', `${repeated.path} is changed twice`);
  return { changes, lines: stats.insertions + stats.deletions, digest };
};

const outsideBounds = (
  patch: Patch,
  { unit }: UnitFile,
  terms: SpecTerms,
): RedRuling | undefined => {
  const inScope = compileScope(terms.spec.scope);
  const inUnit = compileScope(unit.paths);
  const isProtected = compileProtected(terms.gate.protected);
  for (const { path, mode } of patch.changes) {
    if (!isPlainPath(path))
      return redRuling('gate.scope', `${JSON.stringify(path)} is not a valid path`);
    if (!inScope(path)) return redRuling('gate.scope', `${path} is outside the spec’s scope`);
    // A file unit's paths are literal: a bracket in a name is not a glob.
    if (unit.kind === 'file' ? !unit.paths.includes(path) : !inUnit(path)) {
      return redRuling('gate.scope', `${path} is not one of the unit’s files`);
    }
    if (isProtected(path)) {
      return redRuling('gate.protected', `${path} is protected by gate.protected in pantheon.yaml`);
    }
    if (!plainModes.has(mode))
      return redRuling(
        'gate.scope',
        `${path} would get the file mode ${mode}, which is not that of a plain file`,
      );
  }
  return overLimits(patch.changes.length, patch.lines, limitsOf(terms.spec, terms.gate));
};

const plainModes: ReadonlySet<string> = new Set(['100644', '100755', '000000']);

const isPlainPath = (path: string): boolean =>
  !path.includes('\0') &&
  path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part));

const overLimits = (
  files: number,
  lines: number,
  { maxFiles, maxLines }: ReturnType<typeof limitsOf>,
): RedRuling | undefined => {
  if (files > maxFiles)
    return redRuling('gate.limits', `the patch changes ${files} files; the limit is ${maxFiles}`);
  if (lines > maxLines)
    return redRuling('gate.limits', `the patch changes ${lines} lines; the limit is ${maxLines}`);
  return undefined;
};

const secretIn = ({ changes }: Patch, { patched, work }: UnitFile): RedRuling | undefined => {
  for (const { path } of changes) {
    const secret = secretInText(patched.get(path) ?? '');
    if (secret) return redRuling('gate.secret', `${path}:${secret.line} ${describeSecret(secret)}`);
  }
  const secret = secretInText(work?.diff ?? '');
  return secret && redRuling('gate.secret', `the patch ${describeSecret(secret)}`);
};

const notGreen = ({ test }: UnitFile): RedRuling | undefined => {
  if (!test) return redRuling('gate.tests', 'the tests have no output');
  return test.status === 'ok'
    ? undefined
    : redRuling('gate.tests', `the tests failed: ${test.notes}`);
};

const notTwoYeses = (
  { digest, changes }: Patch,
  { reviews }: UnitFile,
  { gate, exams, independence, standing }: SpecTerms,
): RedRuling | undefined => {
  const [a, b] = reviews;
  if (!a || !b || reviews.length !== 2 || a.reviewer === b.reviewer) {
    return redRuling('gate.reviews', `two reviews are needed; this unit has ${reviews.length}`);
  }
  const stale = reviews.find(({ patchDigest: reviewed }) => reviewed !== digest);
  if (stale) return redRuling('gate.digest', `${stale.reviewer} reviewed a different patch`);
  const rejected = rejection(reviews);
  if (rejected) return rejected;
  if (!independence.independent) return redRuling('gate.independence', independence.reason);
  for (const { reviewer, runtime } of reviews) {
    for (const kind of examKindsOf(changes.map(({ path }) => path))) {
      const result = exams.find((one) => one.runtime === runtime && one.kind === kind);
      if (!result) return redRuling('gate.exam', `${reviewer} has not taken the ${kind} exam`);
      if (!passedExam(result, gate.exam)) return examRuling(reviewer, result, gate.exam);
    }
  }
  const halted = whyHalted(standing, gate);
  return halted && redRuling(halted.code, halted.reason);
};

/** A reviewer that did not pass its exam. */
export const examRuling = (
  reviewer: string,
  result: ExamResult,
  exam: GateConfig['exam'],
): RedRuling =>
  redRuling(
    result.broken === undefined ? 'gate.exam' : 'gate.unexamined',
    `${reviewer} ${describeExam(result, exam)}`,
  );

/** Why the two reviewers' agreement counts for nothing, if it does. */
export const whyHalted = (
  { state, kappa, pairs, exam }: GateTerms['standing'],
  { jointErrors, kappa: lines }: Pick<GateConfig, 'kappa' | 'jointErrors'>,
): CodedReason | undefined => {
  if (state !== 'halt') return undefined;
  const shared = exam && sharedErrors(exam, jointErrors);
  if (shared) {
    const reason = `the reviewers err together: ${shared.both} of ${shared.of} exam patches that one gets wrong are wrong for the other too, and gate.jointErrors allows a share of ${jointErrors}; bind one of them to another model or other rules`;
    return { code: 'gate.joint-errors', reason };
  }
  const reason =
    kappa === undefined
      ? `the reviewers gave the same verdict on all ${pairs} pairs, so kappa is undefined`
      : `the reviewers' kappa is ${kappa.toFixed(2)} over ${pairs} pairs, below the halt line of ${lines.halt}`;
  return { code: 'gate.kappa', reason };
};

const rejection = (reviews: UnitFile['reviews']): RedRuling | undefined => {
  const rejecting = reviews.filter(({ verdict }) => verdict !== 'approve');
  if (rejecting.length === 0) return undefined;
  const said = rejecting.map(
    ({ reviewer, findings }) => `${reviewer}: ${findings.join('; ') || 'no reason given'}`,
  );
  return redRuling('gate.rejected', `rejected by ${said.join(' | ')}`);
};

const overlap = (units: readonly JoinedUnit[]): RedRuling | undefined => {
  const owners = new Map<string, string>();
  for (const { unit, changes } of units) {
    for (const { path } of changes) {
      const owner = owners.get(path);
      if (owner !== undefined) {
        return redRuling('gate.overlap', `both ${owner} and ${unit} change ${path}`);
      }
      owners.set(path, unit);
    }
  }
  // Removing a file to make room for a folder is not a job for two units either.
  for (const path of owners.keys()) {
    const parts = path.split('/');
    const folder = parts
      .map((_, at) => parts.slice(0, at).join('/'))
      .find((one) => owners.has(one));
    if (folder !== undefined)
      return redRuling(
        'gate.overlap',
        `${folder} is a file in one unit and the folder of ${path} in another`,
      );
  }
  return undefined;
};
