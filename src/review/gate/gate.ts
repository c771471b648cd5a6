// SPDX-License-Identifier: GPL-3.0-only
import type { Output } from '../../agent/schema.ts';
import { compileScope } from '../../spec/scope.ts';
import { patchDigest } from '../../workspace/patch-digest.ts';
import { describeExam, passed } from '../exam/result.ts';
import {
  examKindsOf,
  limitsOf,
  type Red,
  type Ruling,
  red,
  type SpecTerms,
  type UnitFile,
} from './gate-terms.ts';
import { compileProtected } from './protected.ts';
import { findSecrets } from './secrets.ts';

type Changes = NonNullable<Output['changes']>;
type Patch = { readonly changes: Changes; readonly lines: number; readonly digest: string };

/**
 * The gate's rule for one unit: approved only when the patch is what it says it is, keeps its
 * bounds and holds no secret, its tests are green, and two independent, examined reviewers whose
 * agreement has not collapsed both approve exactly that patch. The first thing wrong is the reason.
 */
export const judgeUnit = (file: UnitFile, terms: SpecTerms): Ruling => {
  const patch = patchOf(file.work);
  if ('outcome' in patch) return patch;
  // Nothing to open; but that it is as asked already is a claim, and a reviewer may know better.
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
): Ruling => {
  const changes = units.flatMap(({ changes }) => changes);
  if (changes.length === 0) return { outcome: 'unchanged' };
  const lines = units.reduce((sum, { stats }) => sum + stats.insertions + stats.deletions, 0);
  return overlap(units) ?? overLimits(changes.length, lines, limitsOf(spec, gate)) ?? approved;
};

const approved = { outcome: 'approved' } as const;

const patchOf = (work: Output | undefined): Patch | Red => {
  if (!work) return red('patch', 'the working node left no output');
  if (work.status !== 'ok') return red('patch', `the working agent gave up: ${work.notes}`);
  const { changes, stats, patchDigest: stamped } = work;
  if (!changes || !stats || stamped === undefined) {
    return red('patch', 'the working node’s output carries no patch');
  }
  const digest = patchDigest(changes);
  if (digest !== stamped) return red('patch', 'the patch does not match its own digest');
  if (stats.files !== changes.length) {
    return red('patch', `${stats.files} files were counted, ${changes.length} are changed`);
  }
  const repeated = changes.find(({ path }, index) =>
    changes.slice(0, index).some((other) => other.path === path),
  );
  if (repeated) return red('patch', `${repeated.path} is changed twice`);
  return { changes, lines: stats.insertions + stats.deletions, digest };
};

const outsideBounds = (patch: Patch, { unit }: UnitFile, terms: SpecTerms): Red | undefined => {
  const inScope = compileScope(terms.spec.scope);
  const inUnit = compileScope(unit.paths);
  const isProtected = compileProtected(terms.gate.protected);
  for (const { path, mode } of patch.changes) {
    if (!isPlainPath(path)) return red('scope', `${JSON.stringify(path)} is not a path`);
    if (!inScope(path)) return red('scope', `${path} is outside the spec’s scope`);
    // A file unit's paths are literal: a bracket in a name is no glob.
    if (unit.kind === 'file' ? !unit.paths.includes(path) : !inUnit(path)) {
      return red('scope', `${path} is not one of the unit’s files`);
    }
    if (isProtected(path)) {
      return red('protected', `${path} is protected (gate.protected)`);
    }
    if (!plainModes.has(mode)) return red('scope', `${path} would get mode ${mode}`);
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
): Red | undefined => {
  if (files > maxFiles)
    return red('limits', `${files} files changed, more than the ${maxFiles} allowed`);
  if (lines > maxLines)
    return red('limits', `${lines} lines changed, more than the ${maxLines} allowed`);
  return undefined;
};

const secretIn = ({ changes }: Patch, { patched, work }: UnitFile): Red | undefined => {
  for (const { path } of changes) {
    const [secret] = findSecrets(patched.get(path) ?? '');
    if (secret)
      return red(
        'secret',
        `${path}:${secret.line} holds what looks like ${withArticle(secret.kind)}`,
      );
  }
  const [secret] = findSecrets(work?.diff ?? '');
  return secret && red('secret', `the patch holds what looks like ${withArticle(secret.kind)}`);
};

/** Of the kinds there are, these begin with a vowel when spoken. */
const withArticle = (kind: string): string =>
  `${/^(?:[aeio]|npm)/i.test(kind) ? 'an' : 'a'} ${kind}`;

const notGreen = ({ test }: UnitFile): Red | undefined => {
  if (!test) return red('tests', 'the tests left no output');
  return test.status === 'ok' ? undefined : red('tests', `tests are red: ${test.notes}`);
};

const notTwoYeses = (
  { digest, changes }: Patch,
  { reviews }: UnitFile,
  { gate, examOf, independence, standing }: SpecTerms,
): Red | undefined => {
  const [a, b] = reviews;
  if (!a || !b || reviews.length !== 2 || a.reviewer === b.reviewer) {
    return red('reviews', `two reviews are needed, ${reviews.length} were left`);
  }
  const stale = reviews.find(({ patchDigest: reviewed }) => reviewed !== digest);
  if (stale) return red('digest', `${stale.reviewer} reviewed another patch than this one`);
  const rejected = rejection(reviews);
  if (rejected) return rejected;
  if (!independence.independent) return red('independence', independence.reason);
  for (const { reviewer, runtime } of reviews) {
    for (const kind of examKindsOf(changes.map(({ path }) => path))) {
      const result = examOf(runtime, kind);
      if (!result) return red('exam', `${reviewer} has not sat the ${kind} exam`);
      if (!passed(result, gate.exam)) {
        const code = result.broken === undefined ? 'exam' : 'unexamined';
        return red(code, `${reviewer} ${describeExam(result, gate.exam)}`);
      }
    }
  }
  if (standing.state !== 'halt') return undefined;
  const { kappa, pairs } = standing;
  return red(
    'kappa',
    kappa === undefined
      ? `the reviewers gave one and the same answer over all ${pairs} pairs, so kappa is undefined`
      : `the reviewers' kappa is ${kappa.toFixed(2)} over ${pairs} pairs, under the halt line ${gate.kappa.halt}`,
  );
};

const rejection = (reviews: UnitFile['reviews']): Red | undefined => {
  const rejecting = reviews.filter(({ verdict }) => verdict !== 'approve');
  if (rejecting.length === 0) return undefined;
  const said = rejecting.map(
    ({ reviewer, findings }) => `${reviewer}: ${findings.join('; ') || 'no reason given'}`,
  );
  return red('rejected', `rejected by ${said.join(' | ')}`);
};

const overlap = (units: readonly JoinedUnit[]): Red | undefined => {
  const owners = new Map<string, string>();
  for (const { unit, changes } of units) {
    for (const { path } of changes) {
      const owner = owners.get(path);
      if (owner !== undefined) {
        return red('overlap', `${path} is changed by ${owner} and by ${unit}`);
      }
      owners.set(path, unit);
    }
  }
  // Removing a file to make room for a folder is no job for two units either.
  for (const path of owners.keys()) {
    const parts = path.split('/');
    const folder = parts
      .map((_, at) => parts.slice(0, at).join('/'))
      .find((one) => owners.has(one));
    if (folder !== undefined) return red('overlap', `${folder} is a folder to ${path}`);
  }
  return undefined;
};
