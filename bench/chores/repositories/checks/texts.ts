// SPDX-License-Identifier: GPL-3.0-only
import type { Check } from './patched.ts';

/** The whole tree has just the texts that a function makes of it. */
export const texts =
  (expected: (text: string, path: string) => string): Check =>
  ({ base, changes }) => {
    const added = [...changes.keys()].find((path) => !base.has(path));
    if (added !== undefined) return `${added} is new`;
    for (const [path, text] of base) {
      const now = changes.has(path) ? changes.get(path) : text;
      const right = expected(text, path);
      if (now !== right) return differing(path, now ?? '', right);
    }
    return changes.size === 0 ? 'nothing is changed' : undefined;
  };

/** The first line in which two texts of a file differ. */
export const differing = (path: string, now: string, right: string): string => {
  const [lines, others] = [now.split('\n'), right.split('\n')];
  const at = lines.findIndex((line, index) => line !== others[index]);
  const place = at === -1 ? lines.length : at;
  return `${path}:${place + 1} is ${JSON.stringify(lines[place])}, not ${JSON.stringify(others[place])}`;
};

/** What is replaced in each file: text that stands there once, and what is there then. */
export type Edits = Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;

/** A file's text with its edits. */
export const edited = (edits: Edits, text: string, path: string): string =>
  (edits[path] ?? []).reduce((now, [from, to]) => {
    if (now.split(from).length !== 2) throw new Error(`${path}: ${from} is not there once`);
    return now.replace(from, () => to);
  }, text);

/** Just these edits. */
export const edits = (byFile: Edits): Check => texts((text, path) => edited(byFile, text, path));

/** All files that a pattern matches, changed by a function. */
export const mapped = (files: RegExp, change: (text: string, path: string) => string): Check =>
  texts((text, path) => (files.test(path) ? change(text, path) : text));
