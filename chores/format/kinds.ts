// SPDX-License-Identifier: GPL-3.0-only

/** Whether a file is of a kind that Biome formats. */
export const isFormatted = (path: string): boolean => /\.(?:[cm]?[jt]sx?|jsonc?|css)$/i.test(path);

/** Whether it is a script, and no other of those kinds. */
export const isScript = (path: string): boolean => /\.[cm]?[jt]sx?$/i.test(path);
