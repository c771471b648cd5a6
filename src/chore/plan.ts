// SPDX-License-Identifier: GPL-3.0-only
import type { Spec } from '../spec/schema.ts';

/** Why a spec cannot be worked, and what its author could change. */
export type Objection = { readonly message: string; readonly advice: string };

/** What is there before any work. */
export type PlanFacts = {
  readonly spec: Spec;
  /** Whether something tests files in scope. */
  readonly isTested: () => Promise<boolean>;
};

/** What can be said against a chore before any work. */
export type Plan<Args> = (args: Args, facts: PlanFacts) => Promise<Objection | undefined>;
