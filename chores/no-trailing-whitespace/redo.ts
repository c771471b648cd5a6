// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';
import { isKnownText, literalLines } from '../../src/code/literal-lines.ts';
import { selectPaths } from '../../src/spec/scope.ts';

/** The text again, without the blanks. */
export const redo: Judge<{ readonly files?: readonly string[] }> = (
  { files },
  { paths },
  texts,
) => {
  const done = new Map<string, string>();
  for (const path of selectPaths(paths, files ?? ['**']).filter(isKnownText)) {
    const text = texts.get(path);
    if (text === undefined) continue;
    const kept = literalLines(path, text);
    let line = 0;
    const stripped = text.replace(/[ \t]*(\r?\n|\r?$)/g, (blanks, end: string) => {
      const result = kept.has(line) ? blanks : end;
      if (end.includes('\n')) line += 1;
      return result;
    });
    done.set(path, stripped);
  }
  return { texts: done, findings: [] };
};
