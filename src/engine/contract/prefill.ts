// SPDX-License-Identifier: GPL-3.0-only

/**
 * Whether an engine that holds what it writes to the schema, from the schema's start, can continue an
 * answer that begins so. What stands before the JSON is continued; a part of the JSON itself is not.
 */
export const canContinue = (prefill: string): boolean => !/["{[]|^\s*(?:$|[-\dtfn])/.test(prefill);
