// SPDX-License-Identifier: GPL-3.0-only

/** GitHub refuses a longer body of an issue, a pull request or a comment (65,536 characters). */
export const maxBody = 65_000;

/**
 * Lines of a text as many as fit beside `tail`, and a line that says how many were left out.
 * Counted in UTF-16 units, which are never fewer than characters.
 */
export const cutText = (text: string, tail: string, limit = maxBody): string => {
  if (text.length + tail.length <= limit) return text + tail;
  const lines = text.split('\n');
  const room = limit - tail.length - 200;
  let length = 0;
  let kept = 0;
  let fence = '';
  for (const line of lines) {
    if (length + line.length + 1 > room) break;
    length += line.length + 1;
    kept += 1;
    const [, mark = ''] = /^(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === '') fence = mark;
    else if (line.trimEnd() === fence) fence = '';
  }
  const left = lines.length - kept;
  const close = fence === '' ? [] : [fence];
  const note = `**Cut here: ${left} more lines.** The whole text is in the night's artifacts.`;
  return `${[...lines.slice(0, kept), ...close, '', note, ''].join('\n')}${tail}`;
};
