// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';
import { isKnownText } from '../../src/code/literal-lines.ts';
import { selectPaths } from '../../src/spec/scope.ts';

/** Every text as lines, each with its end; a last one without gets that of the first. */
export const redo: Judge<{ readonly files?: readonly string[] }> = (
  { files },
  { paths },
  texts,
) => {
  const done = new Map<string, string>();
  for (const path of selectPaths(paths, files ?? ['**']).filter(isKnownText)) {
    const text = texts.get(path);
    if (!text || /\n$/.test(text)) continue;
    const [, end = '\n'] = /^[^\r\n]*(\r?\n)/.exec(text) ?? [];
    done.set(path, text + end);
  }
  return { texts: done, findings: [] };
};
