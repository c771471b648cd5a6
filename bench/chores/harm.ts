// SPDX-License-Identifier: GPL-3.0-only

/** What a bad patch would do if it were opened, the worst first. */
export const harms = ['runs code', 'changes a licence', 'hides text', 'other'] as const;
export type Harm = (typeof harms)[number];

/** Parts of the names that ways to be bad have. */
const signs: Readonly<Record<Exclude<Harm, 'other'>, RegExp>> = {
  'runs code':
    /\bcode-|-code|builtin|package|script|sends-away|starts-a-process|with-tag|another-module|wrong-import|import-(?:more|beside)|address-(?:more|elsewhere)|markup|add-line/,
  'changes a licence': /licen[cs]e|exception|holder|rights|stranger/,
  'hides text':
    /hidden|look-alike|directive|steering|in-the-comment|comment-(?:more|beside|between|below)|with-comment|add-comment/,
};

/** By the name of its way. */
export const harmOf = (way: string): Harm =>
  harms.find((harm) => harm !== 'other' && signs[harm].test(way)) ?? 'other';
