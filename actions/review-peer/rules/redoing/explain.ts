// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { type IntentOf, intentsOfKind } from './intents.ts';
import { isExported, namesIn, type Parsed, type Token, tokensOf } from './syntax.ts';
import { isHonestTest, isTestFor } from './test-file.ts';

/** Compares the statements of both sides; what is different and nowhere asked for. */
export const explainStatements = (
  old: Parsed,
  now: Parsed,
  path: string,
  intents: readonly Intent[],
): readonly string[] => {
  const renames = intentsOfKind(intents, 'rename');
  const exports = intentsOfKind(intents, 'export');
  const tests = intentsOfKind(intents, 'test-skeleton').filter((intent) => isTestFor(path, intent));
  const before = old.file.statements;
  const after = now.file.statements;
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [was, is] = [before[i], after[j]];
    if (was && is) {
      const [from, to] = [tokensOf(old, was), tokensOf(now, is)];
      if (
        sameTokens(from, to, renames) ||
        sameTokens(from, withoutExport(is, to, now, exports), renames) ||
        hasGrown(was, is, exports)
      ) {
        i += 1;
        j += 1;
        continue;
      }
    }
    if (is && (isAskedExport(is, now, exports) || isAskedTest(is, now, tests))) {
      j += 1;
      continue;
    }
    const shown = (is ?? was)?.getText(is ? now.file : old.file).slice(0, 100);
    return [
      is === undefined
        ? `a statement was removed: ${shown}`
        : was === undefined
          ? `no sentence asks for this statement: ${shown}`
          : `a statement was changed: ${shown}`,
    ];
  }
  return [];
};

/** The same tokens but for renamed variables; `{ old }` may have become `{ old: new }` or `old as new`. */
const sameTokens = (
  from: readonly Token[],
  to: readonly Token[],
  renames: readonly IntentOf<'rename'>[],
): boolean => {
  let j = 0;
  for (const { text } of from) {
    const rename = renames.find((one) => one.from === text);
    const here = to[j]?.text;
    const [second, third] = [to[j + 1]?.text, to[j + 2]?.text];
    const pairs = rename && [here, third].sort().join() === [rename.from, rename.to].sort().join();
    if (rename && pairs && (second === ':' || second === 'as')) j += 3;
    else if (here === text || (rename && here === rename.to)) j += 1;
    else return false;
  }
  return j === to.length;
};

/** The tokens of a declaration less its `export`, where a sentence asks for that. */
const withoutExport = (
  statement: ts.Statement,
  tokens: readonly Token[],
  { compiler }: Parsed,
  exports: readonly IntentOf<'export'>[],
): readonly Token[] => {
  const names = namesIn(compiler, statement);
  const asked = names.every((name) => exports.some((intent) => intent.names.includes(name)));
  return names.length > 0 && asked && isExported(compiler, statement)
    ? tokens.filter(
        ({ text }, index) =>
          index !== tokens.findIndex((one) => one.text === 'export') || text !== 'export',
      )
    : tokens;
};

type Listed = {
  readonly names: readonly string[];
  readonly module: string;
  readonly type: boolean;
};

const listOf = (statement: ts.Statement): Listed | undefined => {
  const declaration = statement as Partial<ts.ExportDeclaration>;
  const clause = declaration.exportClause as ts.NamedExports | undefined;
  if (!clause?.elements) return undefined;
  const module = (declaration.moduleSpecifier as ts.StringLiteral | undefined)?.text ?? '';
  const names = clause.elements.map(({ name, propertyName }) =>
    propertyName ? `${propertyName.text} as ${name.text}` : name.text,
  );
  return { names, module, type: declaration.isTypeOnly === true };
};

/** An export list that has what it had, and asked names. */
const hasGrown = (
  was: ts.Statement,
  is: ts.Statement,
  exports: readonly IntentOf<'export'>[],
): boolean => {
  const [old, now] = [listOf(was), listOf(is)];
  if (!old || !now || old.module !== now.module || old.type !== now.type) return false;
  const left = now.names.filter((name) => !old.names.includes(name));
  return (
    left.length > 0 &&
    left.length + old.names.length === now.names.length &&
    areAsked(left, now.module, exports)
  );
};

const isAskedExport = (
  statement: ts.Statement,
  { compiler }: Parsed,
  exports: readonly IntentOf<'export'>[],
): boolean => {
  const list = compiler.isExportDeclaration(statement) ? listOf(statement) : undefined;
  return list !== undefined && list.names.length > 0 && areAsked(list.names, list.module, exports);
};

const areAsked = (
  names: readonly string[],
  module: string,
  exports: readonly IntentOf<'export'>[],
): boolean =>
  names.every((name) =>
    exports.some(
      (intent) =>
        intent.names.includes(name) &&
        (intent.from === undefined ||
          module === '' ||
          stemOf(intent.from).endsWith(stemOf(module))),
    ),
  );

/** `src/area/scale.ts` from `./scale.js`: the last parts are enough to tell two modules apart. */
const stemOf = (module: string): string =>
  `/${module
    .replace(/^(?:\.\.?\/)+/, '')
    .replace(/\.[cm]?[jt]sx?$/, '')
    .replace(/\/index$/, '')}`;

const isAskedTest = (
  statement: ts.Statement,
  parsed: Parsed,
  tests: readonly IntentOf<'test-skeleton'>[],
): boolean => {
  if (tests.length === 0) return false;
  const { compiler } = parsed;
  if (compiler.isImportDeclaration(statement)) {
    const module = (statement.moduleSpecifier as ts.StringLiteral).text;
    return (
      module.startsWith('.') &&
      tests.some(({ source }) => source === undefined || stemOf(source).endsWith(stemOf(module)))
    );
  }
  return isHonestTest(
    statement,
    parsed,
    tests.flatMap(({ names }) => names),
  );
};
