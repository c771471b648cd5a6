// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';
import { selectPaths } from '../../src/spec/scope.ts';
import { isFormatted, isScript } from './kinds.ts';
import { cssForm } from './redo-css.ts';
import { isSpoiledJson, jsonForm } from './redo-data.ts';
import { isSameScript } from './redo-script.ts';

/** Brings both texts to one form, written by the compiler; where the forms are equal, so is what they say. */
export const redo: Judge<{ readonly files?: readonly string[] }> = (
  { files },
  { paths, patched },
  texts,
) => {
  const done = new Map<string, string>();
  const findings: string[] = [];
  for (const path of selectPaths(paths, files ?? ['**']).filter(isFormatted)) {
    const [text, now] = [texts.get(path), patched.get(path)];
    if (text === undefined || now === undefined || text === now) continue;
    if (isSame(path, text, now) && !isSpoiledJson(path, text, now)) done.set(path, now);
    else findings.push(`${path}: it does not say the same as before`);
  }
  return { texts: done, findings };
};

const isSame = (path: string, before: string, now: string): boolean => {
  if (headOf(before) !== headOf(now)) return false;
  if (isScript(path)) return isSameScript(path, before, now);
  const form = /\.jsonc?$/i.test(path) ? jsonForm : cssForm;
  return form(before) === form(now);
};

/** What no compiler shows: a byte order mark, a line for the shell. */
const headOf = (text: string): string => text.match(/^\uFEFF?(?:#![^\r\n]*)?/)?.[0] ?? '';
