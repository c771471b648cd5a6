// SPDX-License-Identifier: GPL-3.0-only
import type { Objection } from '../../src/chore/plan.ts';
import type { FindingCode } from '../../src/data/findings/table.ts';

/** Why a spec cannot be worked, with its code. */
export type PlanObjection = Objection & { readonly finding: FindingCode };
