// SPDX-License-Identifier: GPL-3.0-only
import { type Judge, readOthers } from '../../src/chore/patch.ts';
import { endsWithBreak } from '../../src/code/literal-lines.ts';
import { selectPaths } from '../../src/spec/scope.ts';

/** Every text as lines, each with its end; a last one without gets that of the first. */
export const redo: Judge<{ readonly files?: readonly string[] }> = function* (
  { files },
  patch,
  texts,
) {
  const globs = files?.length ? files : ['**'];
  const isMeant = (path: string): boolean =>
    endsWithBreak(path) && selectPaths([path], globs).length > 0;
  const meant = patch.paths.filter(isMeant).map((path) => [path, texts.get(path)] as const);
  const done = new Map<string, string>();
  for (const [path, text] of [...meant, ...(yield* readOthers(patch, isMeant))]) {
    if (!text || /[\n\r]$/.test(text)) continue;
    const [, end = '\n'] = /^[^\r\n]*(\r?\n|\r)/.exec(text) ?? [];
    done.set(path, text + end);
  }
  return { texts: done, findings: [] };
};
