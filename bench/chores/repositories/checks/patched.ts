// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import ts from 'typescript';
import { inRoot, openService } from '../../../codegen/compiler.ts';
import type { Texts } from '../repository.ts';

/** A patch: the base, and the texts that differ from it; `undefined`: the file is gone. */
export type Patched = {
  readonly base: Texts;
  readonly changes: ReadonlyMap<string, string | undefined>;
};

/** What is wrong with a patch; `undefined`: nothing. */
export type Check = (patched: Patched) => string | undefined;

/** Files that the compiler reads. */
export const isCode = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path);

/** The tree with the patch. */
export const applied = ({ base, changes }: Patched): Texts =>
  new Map(
    [...base, ...changes].flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])),
  );

/** The code of a tree, for the compiler. */
export const codeOf = (tree: Texts): Readonly<Record<string, string>> =>
  Object.fromEntries([...tree].filter(([path]) => isCode(path)));

/** All of several checks. */
export const all =
  (...checks: readonly Check[]): Check =>
  (patched) => {
    for (const check of checks) {
      const fault = check(patched);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };

/** Just these files are changed. */
export const only =
  (...paths: readonly string[]): Check =>
  ({ changes }) => {
    const other = [...changes.keys()].find((path) => !paths.includes(path));
    if (other !== undefined) return `${other} is changed`;
    const missed = paths.find((path) => !changes.has(path));
    return missed && `${missed} is not changed`;
  };

/** The compiler says of the changed files and those that name them what it said before, but for a name. */
export const sameMessages =
  (from = '', to = ''): Check =>
  (patched) => {
    const changed = [...patched.changes.keys()].filter(isCode);
    if (changed.length === 0) return undefined;
    const stems = changed.map((path) => `/${posix.parse(path).name}`);
    const asked = [...applied(patched)].flatMap(([path, text]) =>
      changed.includes(path) || (isCode(path) && stems.some((stem) => text.includes(stem)))
        ? [path]
        : [],
    );
    const [before = [], after = []] = [patched.base, applied(patched)].map((tree) =>
      messages(tree, asked)
        .map((line) => (from === '' ? line : line.replaceAll(from, to)))
        .sort(),
    );
    const differs = after.find((line, index) => line !== before[index]) ?? before[after.length];
    return differs && `the compiler has other messages: ${differs}`;
  };

const messages = (tree: Texts, paths: readonly string[]): readonly string[] => {
  const program = openService(codeOf(tree)).getProgram();
  return paths.flatMap((path) => {
    const file = program?.getSourceFile(inRoot(path));
    const all = file
      ? [
          ...(program?.getSemanticDiagnostics(file) ?? []),
          ...(program?.getSyntacticDiagnostics(file) ?? []),
        ]
      : [];
    return all.map(
      ({ code, messageText }) =>
        `${path} ${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
};
