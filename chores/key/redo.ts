// SPDX-License-Identifier: GPL-3.0-only

/** Keys, their order and the rest of a block are written anew together. */
export { redo } from '../frontmatter/redo.ts';
