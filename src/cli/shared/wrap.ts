// SPDX-License-Identifier: GPL-3.0-only

/**
 * Breaks a line between words so that it fits `width` columns with every line indented by `indent`
 * spaces; a word that is longer stays whole, to be copied. Without a width there is one line.
 */
export const wrap = (
  text: string,
  width: number | undefined,
  indent: number,
): readonly string[] => {
  const margin = ' '.repeat(indent);
  if (width === undefined) return [`${margin}${text}`];
  const columns = Math.max(20, width - indent);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.map((line) => `${margin}${line}`);
};
