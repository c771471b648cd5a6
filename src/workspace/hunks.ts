// SPDX-License-Identifier: GPL-3.0-only

/** Lines with their line feed; only the last may lack one. */
export type FileLines = readonly string[];

/** Lines of one side that give way to lines of the other; half-open, counted from 0. */
type Region = {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
};

export type Hunks = {
  readonly text: string;
  readonly insertions: number;
  readonly deletions: number;
};

/** Past this many inserted and deleted lines the search for the shortest script is given up. */
const maxEditLength = 2000;

/** Cuts a text after each line feed. */
export const splitLines = (text: string): FileLines => {
  const lines: string[] = [];
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const next = end < 0 ? text.length : end + 1;
    lines.push(text.slice(start, next));
    start = next;
  }
  return lines;
};

/** The hunks of a unified diff with `context` lines around each change; `text` is empty for equal sides. */
export const formatHunks = async (
  oldLines: FileLines,
  newLines: FileLines,
  context: number,
): Promise<Hunks> => {
  const regions = await changedRegions(oldLines, newLines);
  return {
    text: group(regions, context)
      .map((near) => formatHunk(oldLines, newLines, near, context))
      .join(''),
    insertions: regions.reduce((sum, { newStart, newEnd }) => sum + newEnd - newStart, 0),
    deletions: regions.reduce((sum, { oldStart, oldEnd }) => sum + oldEnd - oldStart, 0),
  };
};

/** Where two sides differ. Most edits need no more than what lies between the common start and the common end. */
export const changedRegions = async (
  oldLines: FileLines,
  newLines: FileLines,
): Promise<readonly Region[]> => {
  const shorter = Math.min(oldLines.length, newLines.length);
  let start = 0;
  while (start < shorter && oldLines[start] === newLines[start]) start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    oldLines[oldLines.length - 1 - end] === newLines[newLines.length - 1 - end]
  ) {
    end += 1;
  }
  const oldEnd = oldLines.length - end;
  const newEnd = newLines.length - end;
  if (start === oldEnd && start === newEnd) return [];
  const whole = { oldStart: start, oldEnd, newStart: start, newEnd };
  if (start === oldEnd || start === newEnd) return [whole];
  const { diffArrays } = await import('diff');
  const script = diffArrays(oldLines.slice(start, oldEnd), newLines.slice(start, newEnd), {
    maxEditLength,
  });
  return script ? regionsOf(script, start) : [whole];
};

type Step = { readonly added: boolean; readonly removed: boolean; readonly count: number };

const regionsOf = (script: readonly Step[], start: number): readonly Region[] => {
  const regions: Region[] = [];
  let oldAt = start;
  let newAt = start;
  for (const { added, removed, count } of script) {
    const oldEnd = added ? oldAt : oldAt + count;
    const newEnd = removed ? newAt : newAt + count;
    if (added || removed) {
      const last = regions.at(-1);
      const joins = last?.oldEnd === oldAt && last.newEnd === newAt;
      if (joins) regions.pop();
      const { oldStart, newStart } = joins ? last : { oldStart: oldAt, newStart: newAt };
      regions.push({ oldStart, oldEnd, newStart, newEnd });
    }
    oldAt = oldEnd;
    newAt = newEnd;
  }
  return regions;
};

/** Regions whose context would touch share a hunk. */
const group = (regions: readonly Region[], context: number): readonly (readonly Region[])[] => {
  const groups: Region[][] = [];
  for (const region of regions) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && region.oldStart - before.oldEnd <= 2 * context) last.push(region);
    else groups.push([region]);
  }
  return groups;
};

const formatHunk = (
  oldLines: FileLines,
  newLines: FileLines,
  regions: readonly Region[],
  context: number,
): string => {
  const first = regions[0];
  const last = regions.at(-1);
  if (!first || !last) return '';
  const before = Math.min(context, first.oldStart);
  const after = Math.min(context, oldLines.length - last.oldEnd);
  const oldRange = formatRange(first.oldStart - before, last.oldEnd + after);
  const newRange = formatRange(first.newStart - before, last.newEnd + after);
  const parts = [`@@ -${oldRange} +${newRange} @@\n`];
  const put = (sign: string, lines: FileLines, start: number, end: number): void => {
    for (let at = start; at < end; at += 1) parts.push(formatLine(sign, lines[at] ?? ''));
  };
  let oldAt = first.oldStart - before;
  for (const { oldStart, oldEnd, newStart, newEnd } of regions) {
    put(' ', oldLines, oldAt, oldStart);
    put('-', oldLines, oldStart, oldEnd);
    put('+', newLines, newStart, newEnd);
    oldAt = oldEnd;
  }
  put(' ', oldLines, oldAt, oldAt + after);
  return parts.join('');
};

const formatLine = (sign: string, line: string): string =>
  line.endsWith('\n') ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`;

/** `start,count` counted from 1; an empty range names the line before it, and a count of 1 is left out. */
const formatRange = (start: number, end: number): string => {
  const count = end - start;
  if (count === 0) return `${start},0`;
  return count === 1 ? `${start + 1}` : `${start + 1},${count}`;
};
