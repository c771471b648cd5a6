// SPDX-License-Identifier: GPL-3.0-only

/**
 * Tokens of a prompt and its answer where a profile names none. Their cache takes memory for each,
 * so no more than the agents that ship need: one answer may take half of it.
 */
export const defaultContext = 16_384;
