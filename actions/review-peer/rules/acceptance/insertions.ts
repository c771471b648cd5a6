// SPDX-License-Identifier: GPL-3.0-only
import type { CodeIntent } from './asked.ts';

type Of<K extends CodeIntent['kind']> = Extract<CodeIntent, { kind: K }>;

const declaration =
  /^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\s*\*?|const|let|var|class|interface|type|enum|namespace)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const member =
  /^\s+(?:(?:public|protected|private|static|readonly|override|async|abstract|get|set)\s+)*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*[?!]?\s*(?:[(:<=]|;)/u;

/** The name a line declares, if it does. */
export const declaredIn = (line: string): string | undefined =>
  declaration.exec(line)?.[1] ?? member.exec(line)?.[1];

const exportsOf = (line: string): string | undefined =>
  /^export\s/.test(line) ? declaration.exec(line)?.[1] : undefined;

/** Whether a doc comment is wanted above this line. */
export const wantsComment = (line: string, { names }: Of<'doc-comment'>): boolean => {
  const name = names.length === 0 ? exportsOf(line) : declaredIn(line);
  return name !== undefined && (names.length === 0 || names.includes(name));
};

/** Decorators and directives to tools may stand between a comment and its declaration. */
const between =
  /^\s*(?:@|\/\/\s*(?:@ts-|eslint-|biome-ignore|prettier-ignore|istanbul|c8 |v8 )|\/\*\s*(?:eslint-|istanbul|c8 |v8 ))/;

/** Whether the line is the end of a comment, or one that may stand below it. */
export const isCommentEnd = (lines: readonly string[], at: number): boolean => {
  let index = at;
  while (between.test(lines[index] ?? '')) index -= 1;
  return /\*\/[ \t]*\r?\n$/.test(lines[index] ?? '');
};

/** How many lines from `at` are one doc comment for the line below it; 0 when there is none. */
export const docCommentAt = (
  lines: readonly string[],
  at: number,
  asked: Of<'doc-comment'>,
): number => {
  if (!/^\s*\/\*\*/.test(lines[at] ?? '')) return 0;
  const last = lines.findIndex((line, index) => index >= at && line.includes('*/'));
  if (last < 0) return 0;
  const comment = lines.slice(at, last + 1).join('');
  const plain = /^\s*\/\*\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n$/.test(comment);
  if (!plain || !saysSomething(comment, asked.text)) return 0;
  const target = lines.findIndex((line, index) => index > last && !between.test(line));
  return wantsComment(lines[target] ?? '', asked) ? last + 1 - at : 0;
};

const saysSomething = (comment: string, text: string | undefined): boolean => {
  const words = comment.replace(/[/*\s]+/g, ' ').trim();
  if (text !== undefined) return words.includes(text.replace(/[*\s]+/g, ' ').trim());
  return /\p{L}{2}/u.test(words.replace(/\b(?:todo|fixme|xxx|tbd)\b:?/gi, ''));
};

/** `export { names } from 'module'`, over one or more lines. */
export type ExportList = {
  readonly names: readonly string[];
  readonly module: string | undefined;
  readonly type: boolean;
  readonly lines: number;
};

/** The export list that starts at a line, if one does. */
export const exportListAt = (lines: readonly string[], at: number): ExportList | undefined => {
  if (!/^export\s+(?:type\s+)?\{/.test(lines[at] ?? '')) return undefined;
  const text = lines.slice(at, at + 200).join('');
  const match =
    /^export\s+(type\s+)?\{([^{}'"`;=()]*)\}[ \t]*(?:\s*from\s*(['"])([^'"\n]+)\3)?[ \t]*;?[ \t]*(?:\r?\n|$)/.exec(
      text,
    );
  if (!match) return undefined;
  const names = (match[2] ?? '')
    .split(',')
    .map((name) => name.trim().replace(/\s+/g, ' '))
    .filter((name) => name !== '');
  return {
    names: names.map((name) => name.replace(/^type /, '')),
    module: match[4],
    type: match[1] !== undefined,
    lines: match[0].split('\n').length - (match[0].endsWith('\n') ? 1 : 0),
  };
};

/** Whether an export list that is new exports asked names only, from where the sentence says. */
export const isAskedExport = (list: ExportList, asked: readonly Of<'export'>[]): boolean =>
  list.names.length > 0 &&
  list.names.every((name) =>
    asked.some(
      ({ names, from }) =>
        names.includes(name) &&
        (from === undefined || list.module === undefined || sameModule(list.module, from)),
    ),
  );

/** A specifier such as `./scale.js` and a path such as `src/scale.ts` name one module by their stem. */
export const sameModule = (specifier: string, path: string): boolean => {
  const stem = (name: string): string =>
    name
      .replace(/\.(?:[cm]?[jt]sx?)$/, '')
      .replace(/\/index$/, '')
      .replace(/^(?:\.{1,2}\/)+/, '');
  const [a, b] = [stem(specifier), stem(path)];
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
};
