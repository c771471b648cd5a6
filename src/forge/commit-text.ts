// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../data/printable.ts';

/**
 * Text that others wrote as one line of a commit message that says it and does nothing: it mentions
 * nobody, refers to no issue and so closes none, and asks no runner to skip its checks.
 * Sources: "Linking a pull request to an issue" and "Skipping workflow runs" in GitHub's manual, the
 * latter's words for other runners too (`[skip azp]`, `***NO_CI***`).
 */
export const commitText = (text: string): string =>
  printable(text)
    .replace(/\[+([^[\]]{0,40}\b(?:skip|no)\b[^[\]]{0,40})\]+/gi, '($1)')
    .replace(/\*{3}(NO_CI)\*{3}/gi, '$1')
    .replace(/\bskip-checks(?=\s*:)/gi, 'skip checks')
    .replace(/(?<!\w)@(?=\w)|#(?=\w)|:(?=\/\/)/g, '$& ')
    .replace(/\bGH-(?=\d)/gi, 'GH ');
