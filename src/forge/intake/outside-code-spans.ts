// SPDX-License-Identifier: GPL-3.0-only

/**
 * The part of a line of Markdown outside of its code spans: a run of backticks opens one that the
 * next run of the same length closes (CommonMark 0.31, 6.1). Behind a backslash a backtick opens
 * none, and which one would is not worth telling: then the line has no spans. Takes time in
 * proportion to the line, whoever wrote it.
 */
export const outsideSpans = (line: string): string => {
  if (line.includes('\\`')) return line;
  const parts = line.split(/(`+)/);
  const next = new Map<number, number>();
  const closing = new Map<number, number>();
  for (let index = lastRun(parts); index > 0; index -= 2) {
    const { length } = parts[index] ?? '';
    const at = next.get(length);
    if (at !== undefined) closing.set(index, at);
    next.set(length, index);
  }
  const outside: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    index = closing.get(index) ?? index;
    if (index % 2 === 0) outside.push(parts[index] ?? '');
  }
  return outside.join(' ');
};

/** Runs are at odd places. */
const lastRun = ({ length }: readonly string[]): number => length - 2;
