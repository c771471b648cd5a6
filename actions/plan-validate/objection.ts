// SPDX-License-Identifier: GPL-3.0-only

/** Why a spec cannot be worked, and what its author could change. */
export type Objection = { readonly message: string; readonly advice: string };
