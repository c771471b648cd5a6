// SPDX-License-Identifier: GPL-3.0-only
import type { Output, Unit } from '../../agent/schema.ts';
import type { GateConfig } from '../../config/schema.ts';
import type { CodedReason, FindingCode } from '../../data/findings/table.ts';
import type { Spec } from '../../spec/schema.ts';
import { selectPaths } from '../../spec/scope.ts';
import type { ExamKind, GateTerms, Review } from '../schema.ts';

/** Why a unit stays out of the pull request; the reason is one line: what failed and where. */
export type RedRuling = { readonly outcome: 'red' } & CodedReason;

/** `unchanged`: there was nothing to do, so there is nothing to open and nothing is wrong. */
export type GateRuling =
  | { readonly outcome: 'approved' }
  | { readonly outcome: 'unchanged' }
  | RedRuling;

/** A unit as the gate finds it in its ancestors' bundles; an absent part counts against it. */
export type UnitFile = {
  readonly unit: Unit;
  readonly work: Output | undefined;
  readonly test: Output | undefined;
  /** Of the flow's review nodes. */
  readonly reviews: readonly Review[];
  /** Whole new text of each changed file, by path; a removed or binary file has none. */
  readonly patched: ReadonlyMap<string, string>;
};

/** For a process that was told no terms: with these nothing is ever approved. */
export const refusingTerms: GateTerms = {
  exams: [],
  independence: { independent: false, reason: 'the reviewers were not examined' },
  standing: { pairs: 0, live: { pairs: 0 }, state: 'too-few' },
};

/** What holds for all units of one spec in a night: the terms of its flow, and its own limits. */
export type SpecTerms = GateTerms & { readonly spec: Spec; readonly gate: GateConfig };

/** Red for this reason. */
export const redRuling = (code: FindingCode, reason: string): RedRuling => ({
  outcome: 'red',
  code,
  reason,
});

/** The kinds of exam a patch calls for: `docs` for Markdown, `code` for everything else. */
export const examKindsOf = (paths: readonly string[]): readonly ExamKind[] => [
  ...new Set(paths.map((path) => (/\.(?:md|markdown|mdx)$/i.test(path) ? 'docs' : 'code'))),
];

/**
 * The kinds that a scope can call for in a tree of these sorted paths; a plain name in it may be that of a
 * file to come.
 */
export const examKindsIn = (
  paths: readonly string[],
  scope: readonly string[],
): readonly ExamKind[] =>
  examKindsOf([
    ...selectPaths(paths, scope),
    ...scope.filter((pattern) => /^[^!*?[{]*\.\w+$/.test(pattern)),
  ]);

/** Files and lines a pull request may change: the spec's wish, else the default, never over the ceiling. */
export const limitsOf = (spec: Spec, gate: GateConfig): { maxFiles: number; maxLines: number } => ({
  maxFiles: Math.min(spec.limits.maxFiles ?? gate.maxFiles, gate.ceiling.maxFiles),
  maxLines: Math.min(spec.limits.maxLines ?? gate.maxLines, gate.ceiling.maxLines),
});
