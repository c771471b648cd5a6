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

/** What a unit leaves to be decided, and the call of a tool that writes a pick for each question, in their order. */
export type OpenDecision = {
  readonly questions: readonly Question[];
  readonly write: (
    picks: readonly Choice[],
  ) => { readonly tool: string; readonly args: Readonly<Record<string, Json>> } | OutOfReach;
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
