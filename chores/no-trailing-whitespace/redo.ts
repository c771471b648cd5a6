// SPDX-License-Identifier: GPL-3.0-only
import { type Judge, readOthers } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import { isKnownText, literalLines } from '../../src/code/literal-lines.ts';
import { selectPaths } from '../../src/spec/scope.ts';

/** The text again, without the blanks; also of files that are meant and not in the patch. */
export const redo: Judge<{ readonly files?: readonly string[] }> = function* (
  { files },
  patch,
  texts,
) {
  const globs = files?.length ? files : ['**'];
  const isMeant = (path: string): boolean =>
    isKnownText(path) && selectPaths([path], globs).length > 0;
  const done = new Map<string, string>();
  for (const path of patch.paths.filter(isMeant)) {
    const text = texts.get(path);
    if (text !== undefined) done.set(path, withoutBlanks(path, text));
  }
  for (const [path, text] of yield* readOthers(patch, isMeant)) {
    try {
      const bare = withoutBlanks(path, text);
      if (bare !== text) done.set(path, bare);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
    }
  }
  return { texts: done, findings: [] };
};

const withoutBlanks = (path: string, text: string): string => {
  const kept = literalLines(path, text);
  let stripped = '';
  for (const [line, ended] of (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).entries()) {
    const [end = ''] = /\r?\n$|\r$/.exec(ended) ?? [];
    const words = ended.slice(0, ended.length - end.length);
    let length = words.length;
    while (!kept.has(line) && ' \t'.includes(words[length - 1] ?? '-')) length -= 1;
    stripped += words.slice(0, length) + end;
  }
  return stripped;
};
