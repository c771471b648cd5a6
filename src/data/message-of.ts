// SPDX-License-Identifier: GPL-3.0-only

/** What something that was thrown says. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
