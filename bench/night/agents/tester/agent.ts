// SPDX-License-Identifier: GPL-3.0-only

/** Costs nothing, so that only the run itself is measured. */
export const run = async () => ({ notes: 'green', result: { passed: 1, failed: 0, skipped: 0 } });
