// SPDX-License-Identifier: GPL-3.0-only

/** Replaces `start..end` (UTF-16 offsets) by `text`; edits of one list do not overlap. */
export type TextEdit = { readonly start: number; readonly end: number; readonly text: string };

/** One exact replacement as `edit_file` takes it: `old` occurs once. */
type Replacement = { readonly old: string; readonly new: string };

/** Neighbouring edits are sent together up to this many characters. */
const maxSpan = 2000;

const apply = (text: string, edits: readonly TextEdit[]): string =>
  edits.reduceRight(
    (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
    text,
  );

const occursOnce = (text: string, part: string): boolean => {
  const at = text.indexOf(part);
  return at !== -1 && text.indexOf(part, at + 1) === -1;
};

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
};

/** The edits as replacements to be made one after another, and the text they end in. */
export const toReplacements = (
  text: string,
  edits: readonly TextEdit[],
): { readonly replacements: readonly Replacement[]; readonly text: string } => {
  const groups: TextEdit[][] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group && first && edit.end - first.start <= maxSpan) group.push(edit);
    else groups.push([edit]);
  }
  // From the end of the file backwards, so that earlier offsets stay true.
  let current = text;
  const replacements = groups.toReversed().map((group) => {
    let start = lineStart(current, Math.min(...group.map((edit) => edit.start)));
    let end = lineEnd(current, Math.max(...group.map((edit) => edit.end)));
    while (!occursOnce(current, current.slice(start, end)) && (start > 0 || end < current.length)) {
      start = lineStart(current, Math.max(0, start - 1));
      end = lineEnd(current, end);
    }
    const old = current.slice(start, end);
    const inside = group.map((edit) => ({
      ...edit,
      start: edit.start - start,
      end: edit.end - start,
    }));
    const replacement = { old, new: apply(old, inside) };
    current = current.slice(0, start) + replacement.new + current.slice(end);
    return replacement;
  });
  return { replacements, text: current };
};

/** The line ending a text uses: that of its first line. */
export const lineEnding = (text: string): '\n' | '\r\n' =>
  text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n';
