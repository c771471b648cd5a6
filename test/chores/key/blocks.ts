// SPDX-License-Identifier: GPL-3.0-only
import type { NoteCase } from '../frontmatter/asking.ts';

const body = '# First heading\n\nText. #ops #done\n';

/** A note whose block has these lines before and after, under sentences. */
export const block = (
  acceptance: readonly string[],
  before: readonly string[],
  after: readonly string[],
  more: Partial<NoteCase> = {},
): NoteCase => {
  const text = (lines: readonly string[]): string =>
    lines.length === 0 ? body : ['---', ...lines, '---', body].join('\n');
  return { acceptance, before: text(before), after: text(after), ...more };
};

export const whole = ['The frontmatter of every note is normalised'];
