// SPDX-License-Identifier: GPL-3.0-only

/** Keys, their order and the rest of a block are judged together. */
export { judge } from '../frontmatter/judge.ts';
