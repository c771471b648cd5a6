// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';

/** GitHub refuses a longer body of an issue, a pull request or a comment (65,536 characters). */
export const maxBody = 65_000;

/** How a text is cut; by default as a body: in UTF-16 units, which are never fewer than characters. */
type Cut = {
  readonly tail?: string;
  readonly limit?: number;
  readonly sizeOf?: (text: string) => number;
  /** Where the whole is to be found. */
  readonly whole?: string;
};

/** Lines of a text as many as fit beside `tail`, and a line that says how many were left out. */
export const cutText = (
  text: string,
  {
    tail = '',
    limit = maxBody,
    sizeOf = ({ length }) => length,
    whole = "the night's artifacts",
  }: Cut = {},
): string => {
  if (sizeOf(text + tail) <= limit) return text + tail;
  const lines = text.split('\n');
  const room = limit - sizeOf(tail) - 200;
  let length = 0;
  let kept = 0;
  let fence = '';
  for (const line of lines) {
    length += sizeOf(line) + 1;
    if (length > room) break;
    kept += 1;
    const [, mark = ''] = /^(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === '') fence = mark;
    else if (line.trimEnd() === fence) fence = '';
  }
  const left = countNoun(lines.length - kept, 'more line');
  const close = fence === '' ? [] : [fence];
  const note = `**Cut here: ${left}.** The whole text is in ${whole}.`;
  return `${[...lines.slice(0, kept), ...close, '', note, ''].join('\n')}${tail}`;
};
