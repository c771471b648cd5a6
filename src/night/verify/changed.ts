// SPDX-License-Identifier: GPL-3.0-only

/** Something that is not as it was signed: a file, a line of it or a bundle, and what about it. */
export type Changed = { readonly what: string; readonly how: string };
