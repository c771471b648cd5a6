// SPDX-License-Identifier: GPL-3.0-only
import type { Spec } from '../spec/schema.ts';

/** Why a spec cannot be worked, and what its author could change. */
export type Objection = { readonly message: string; readonly advice: string };

/** What can be said against a chore before any work. */
export type Plan<Args> = (args: Args, facts: { readonly spec: Spec }) => Objection | undefined;
