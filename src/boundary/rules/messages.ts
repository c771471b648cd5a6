// SPDX-License-Identifier: GPL-3.0-only
import type { Source } from '../../data/read-source.ts';

/** Rules by who wrote them; a repository's own can only forbid. */
export type RuleSets = { readonly shipped: readonly Source[]; readonly own: readonly Source[] };

/** The same question about several calls or patches, each with its facts in rows. */
export type ToRules = { readonly goal: 'judge' | 'explain'; readonly facts: readonly string[] };

/** `fault`: FILE, line and why, where a rule is not one. Answers are in the order of what was asked. */
export type FromRules =
  | { readonly type: 'ready'; readonly fault: string }
  | { readonly type: 'answers'; readonly answers: readonly string[] };
