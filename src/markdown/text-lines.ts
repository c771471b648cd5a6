// SPDX-License-Identifier: GPL-3.0-only

export type LineBreak = '\n' | '\r\n' | '\r';

/** The text's line break: that of its first line; a bare CR only where there is no LF at all. */
export const lineBreakOf = (text: string): LineBreak => {
  const lf = text.indexOf('\n');
  if (lf < 0) return text.includes('\r') ? '\r' : '\n';
  return text[lf - 1] === '\r' ? '\r\n' : '\n';
};

/** A line with where it starts; `text` leaves out the line break, `end` is past it. */
export type TextLine = { readonly text: string; readonly start: number; readonly end: number };

/** The lines of a text. A bare CR breaks lines only where there is no LF at all. */
export function* linesOf(text: string): Generator<TextLine> {
  const stop = text.includes('\n') ? '\n' : '\r';
  for (let start = 0; start < text.length; ) {
    const breakAt = text.indexOf(stop, start);
    const end = breakAt < 0 ? text.length : breakAt + 1;
    const upTo =
      breakAt < 0 ? end : stop === '\n' && text[breakAt - 1] === '\r' ? breakAt - 1 : breakAt;
    yield { text: text.slice(start, Math.max(start, upTo)), start, end };
    start = end;
  }
}
