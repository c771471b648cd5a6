// SPDX-License-Identifier: GPL-3.0-only
import type { Asked, CodeIntent } from './asked.ts';
import { judgeHeader } from './header.ts';
import {
  declaredIn,
  docCommentAt,
  exportListAt,
  isAskedExport,
  isCommentEnd,
  wantsComment,
} from './insertions.ts';
import type { FilePatch } from './patch.ts';
import { hasOwnParameter, isRenamedLine, stillUses } from './renamed-line.ts';
import { isTestPath, judgeTestFile, testBlockAt } from './tests.ts';

/**
 * Reads a code patch line by line: every line must be as it was or be explained by a sentence.
 * Returns what is not, and what a sentence asks for and is not there.
 */
export const judgeCode = (file: FilePatch, asked: Asked): readonly string[] => {
  if (file.status === 'removed') return ['the file is removed'];
  if (file.status === 'added') {
    const tests = of(asked, 'test-skeleton');
    return tests.some(({ test }) => isTestPath(file.path) || test === file.path)
      ? judgeTestFile(file, tests)
      : ['no sentence asks for a new file'];
  }
  const headed = withoutHeader(file, asked);
  if (typeof headed === 'string') return [headed];
  const stray = firstStray(file.base, headed, asked, file.path);
  return [...(stray === undefined ? [] : [stray]), ...unmet(file, asked)];
};

const of = <K extends CodeIntent['kind']>(
  { code }: Asked,
  kind: K,
): readonly Extract<CodeIntent, { kind: K }>[] =>
  code.filter((intent): intent is Extract<CodeIntent, { kind: K }> => intent.kind === kind);

/** The patched lines less the asked header on top; what is wrong where it is missing. */
const withoutHeader = (file: FilePatch, asked: Asked): readonly string[] | string => {
  const missing = asked.headers.filter(({ inPlace }) => !inPlace(file.base.join('')));
  if (missing.length === 0) return file.patched;
  const text = file.patched.join('');
  if (!missing.every(({ inPlace }) => inPlace(text)))
    return 'the requested header is not at the top';
  // Other sentences may change what is below: try each number of lines as the header.
  const shebang = file.base[0]?.startsWith('#!') ? 1 : 0;
  for (let lines = 1; lines <= Math.min(60, file.patched.length); lines += 1) {
    const rest = [...file.patched.slice(0, shebang), ...file.patched.slice(shebang + lines)];
    const fits = missing.every(
      ({ intent }) => judgeHeader(rest.join(''), text, file.path, intent).ok,
    );
    if (fits && firstStray(file.base, rest, asked, file.path) === undefined) return rest;
  }
  return 'more than the header is changed, or the header is not the one asked for';
};

/** Walks both sides; the first line that nothing explains. */
const firstStray = (
  base: readonly string[],
  patched: readonly string[],
  asked: Asked,
  path: string,
): string | undefined => {
  const renames = of(asked, 'rename');
  const exported = of(asked, 'export');
  let i = 0;
  let j = 0;
  while (i < base.length || j < patched.length) {
    const [old, now] = [base[i], patched[j]];
    const grown = grownExport(base, i, patched, j, exported);
    if (grown) {
      i += grown.base;
      j += grown.patched;
      continue;
    }
    if (old !== undefined && now !== undefined) {
      const same =
        old === now ||
        isEndOfFile(base, i, now) ||
        renames.some((rename) => isRenamedLine(old, now, rename));
      if (same || isExportAdded(old, now, exported)) {
        i += 1;
        j += 1;
        continue;
      }
    }
    const added = insertionAt(patched, j, asked, path);
    if (added > 0) {
      j += added;
      continue;
    }
    return now === undefined
      ? `a line was removed: "${shorten(old)}"`
      : old === undefined
        ? `a line is added that no sentence asks for: "${shorten(now)}"`
        : `a line is changed that no sentence asks for: "${shorten(old)}"`;
  }
  return undefined;
};

/** A last line without a line end gets one when lines follow it. */
const isEndOfFile = (base: readonly string[], index: number, now: string): boolean =>
  index === base.length - 1 && now.replace(/\r?\n$/, '') === base[index] && now.endsWith('\n');

const shorten = (line = ''): string => line.trim().slice(0, 120);

const insertionAt = (lines: readonly string[], at: number, asked: Asked, path: string): number => {
  for (const intent of of(asked, 'doc-comment')) {
    const count = docCommentAt(lines, at, intent);
    if (count > 0) return count;
  }
  const list = exportListAt(lines, at);
  const exported = of(asked, 'export');
  if (list && isAskedExport(list, exported)) return list.lines;
  const tests = of(asked, 'test-skeleton');
  return tests.some(({ test }) => isTestPath(path) || test === path)
    ? testBlockAt(lines, at, tests)
    : 0;
};

/** `const a` that has become `export const a`. */
const isExportAdded = (
  old: string,
  now: string,
  exported: readonly Extract<CodeIntent, { kind: 'export' }>[],
): boolean =>
  now === `export ${old}` &&
  exported.some((intent) =>
    wantsComment(old, { kind: 'doc-comment', names: intent.names, files: [] }),
  );

/** An export list that has gained asked names and nothing else. */
const grownExport = (
  base: readonly string[],
  i: number,
  patched: readonly string[],
  j: number,
  exported: readonly Extract<CodeIntent, { kind: 'export' }>[],
): { readonly base: number; readonly patched: number } | undefined => {
  const [old, now] = [exportListAt(base, i), exportListAt(patched, j)];
  if (!old || !now || old.module !== now.module || old.type !== now.type) return undefined;
  const gained = now.names.filter((name) => !old.names.includes(name));
  const kept = now.names.filter((name) => old.names.includes(name));
  return gained.length > 0 &&
    kept.length === old.names.length &&
    isAskedExport({ ...now, names: gained }, exported)
    ? { base: old.lines, patched: now.lines }
    : undefined;
};

/** What the sentences ask of this file and it still lacks. */
const unmet = (file: FilePatch, asked: Asked): readonly string[] => [
  ...of(asked, 'rename').flatMap(({ from }) => {
    if (hasOwnParameter(file.patched, from)) return [];
    const line = file.patched.find((text) => stillUses(text, from));
    return line === undefined ? [] : [`"${from}" is still used: "${shorten(line)}"`];
  }),
  ...of(asked, 'doc-comment').flatMap((intent) => {
    const seen = new Set<string | undefined>();
    return file.patched.flatMap((line, index) => {
      const name = declaredIn(line);
      // An overload's comment stands above its first line only.
      if (!wantsComment(line, intent) || isMember(line, intent) || seen.has(name)) return [];
      seen.add(name);
      return isCommentEnd(file.patched, index - 1)
        ? []
        : [`there is no doc comment above "${shorten(line)}"`];
    });
  }),
];

/** A name may also occur in front of `(` or `=` inside a body; only declarations must be documented. */
const isMember = (line: string, { names }: { readonly names: readonly string[] }): boolean =>
  names.length > 0 && /^\s/.test(line);
