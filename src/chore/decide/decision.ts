// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import type { Asked } from '../../spec/asked.ts';

/** What may be picked, by a name that says where it comes from. */
export type Choice = {
  readonly name: string;
  /** Absent: what is there stays, and where nothing is, nothing is put. */
  readonly value?: Json;
};

/** One thing to decide. No two candidates have the same name or the same value. */
export type Question = { readonly name: string; readonly candidates: readonly Choice[] };

type OutOfReach = { readonly refused: string };

/** What picks come to: a call of a tool, or the result itself. */
type Written =
  | { readonly tool: string; readonly args: Readonly<Record<string, Json>> }
  | { readonly result: Readonly<Record<string, Json>>; readonly notes: string };

/** What is left to be decided, and what a pick for each question, in their order, comes to. */
export type OpenDecision = {
  readonly questions: readonly Question[];
  readonly write: (picks: readonly Choice[]) => Written | OutOfReach;
  /** The same where whoever picked was not sure; absent: then nothing is written. */
  readonly writeUnsure?: (picks: readonly Choice[]) => Written | OutOfReach;
};

/** A unit of one document, as `input.json` has it. */
export type DocumentUnit = {
  readonly path: string;
  readonly text: string;
  readonly rules: Readonly<Record<string, Json>>;
  readonly with?: Readonly<Record<string, Json>> | undefined;
};

/** What `candidates.ts` of a chore exports: what is to be decided of a document, or why that cannot be. */
export type Candidates = (unit: DocumentUnit, asked: readonly Asked[]) => OpenDecision | OutOfReach;
