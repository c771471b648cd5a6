// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Script } from '../../src/chore/script.ts';
import type { ReadText } from '../../src/code/relative-modules.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import type { Style } from './redo-tested.ts';

type Import = { readonly names: readonly string[]; readonly plain?: string; readonly style: Style };

const runners: Readonly<Record<string, Import>> = {
  ava: { names: [], plain: 'test', style: 'ava' },
  'node:test': { names: ['test', 'it', 'describe'], plain: 'test', style: 'assert' },
  vitest: { names: ['test', 'it', 'describe', 'expect'], style: 'expect' },
  '@jest/globals': { names: ['test', 'it', 'describe', 'expect'], style: 'expect' },
  'bun:test': { names: ['test', 'it', 'describe', 'expect'], style: 'expect' },
  'node:assert': { names: [], plain: 'assert', style: 'assert' },
  'node:assert/strict': { names: [], plain: 'assert', style: 'assert' },
};

/** The runner, or what goes with it, that an import binds by its usual names; `undefined` for anything else. */
export const packageOf = ({
  importClause: clause,
  moduleSpecifier,
  attributes,
}: ts.ImportDeclaration): string | undefined => {
  const { text } = moduleSpecifier as ts.StringLiteral;
  const runner = Object.hasOwn(runners, text) ? runners[text] : undefined;
  if (!runner || !clause || clause.isTypeOnly || attributes) return undefined;
  if (clause.name && clause.name.text !== runner.plain) return undefined;
  const elements = (clause.namedBindings as ts.NamedImports | undefined)?.elements;
  if (clause.namedBindings && !elements) return undefined;
  const isUsual =
    elements?.every(
      ({ name, propertyName, isTypeOnly }) =>
        !propertyName && !isTypeOnly && runner.names.includes(name.text),
    ) ?? true;
  return isUsual ? text : undefined;
};

/** A file's runner, and the words by which its tests are written. */
export type Runner = {
  readonly from: string;
  readonly style: Style;
  readonly words: ReadonlySet<string>;
};

/** What a file's tests are run by; `undefined` where it imports none, or two. */
export const runnerIn = (compiler: Compiler, file: ts.SourceFile): Runner | undefined => {
  const found = file.statements.filter(compiler.isImportDeclaration).flatMap((one) => {
    const { text } = one.moduleSpecifier as ts.StringLiteral;
    const runner = Object.hasOwn(runners, text) ? runners[text] : undefined;
    return runner ? [{ text, runner, words: wordsBy(one, runner) }] : [];
  });
  const [only, ...others] = found.filter(({ text }) => !text.startsWith('node:assert'));
  if (!only || others.length > 0) return undefined;
  const asserts = found.filter((one) => one !== only).flatMap(({ words }) => words);
  const { style } = only.runner;
  const isWhole =
    style === 'assert'
      ? asserts.join() === 'assert'
      : found.length === 1 && (style !== 'expect' || only.words.includes('expect'));
  if (!isWhole) return undefined;
  return { from: only.text, style, words: new Set([...only.words, ...asserts]) };
};

/** The usual names that an import binds under these names. */
const wordsBy = (
  { importClause: clause }: ts.ImportDeclaration,
  { names, plain }: Import,
): readonly string[] => {
  const elements = (clause?.namedBindings as ts.NamedImports | undefined)?.elements ?? [];
  return [
    ...(clause?.name && clause.name.text === plain ? [plain] : []),
    ...elements.flatMap(({ name, propertyName, isTypeOnly }) =>
      !propertyName && !isTypeOnly && names.includes(name.text) ? [name.text] : [],
    ),
  ];
};

/** What a package depends on, or its test script starts, where tests import these. */
const programs: Readonly<Record<string, readonly string[]>> = {
  ava: ['ava'],
  vitest: ['vitest'],
  '@jest/globals': ['jest', '@jest/globals'],
  'bun:test': ['bun'],
};

/** Whether a package.json around a test has its runner; where there is none, nobody says no. */
export function* isCalledFor(
  read: ReadText,
  test: string,
  { from }: Pick<Runner, 'from'>,
): Script<boolean> {
  const folders = test.split('/').slice(0, -1);
  const wanted = programs[from] ?? [];
  let count = 0;
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const text = yield* read([...folders.slice(0, depth), 'package.json'].join('/'));
    if (text === undefined) continue;
    count += 1;
    const { commands, names } = manifestOf(text);
    if (from === 'node:test' && commands.some(startsNode)) return true;
    if (wanted.some((name) => names.includes(name) || commands.some((one) => one.includes(name))))
      return true;
  }
  return count === 0;
}

const startsNode = (words: readonly string[]): boolean => {
  const at = words.findIndex((word) => word === 'node' || word === 'tsx');
  return at !== -1 && words.indexOf('--test', at) !== -1;
};

/** The commands of the test script and of the scripts it names, in words; and what the package depends on. */
const manifestOf = (
  text: string,
): { readonly commands: readonly (readonly string[])[]; readonly names: readonly string[] } => {
  try {
    const manifest = JSON.parse(text) as Record<string, Record<string, unknown> | undefined>;
    const lists = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
    const wordsOf = (name: string): readonly string[][] =>
      String(manifest.scripts?.[name] ?? '')
        .split(/[;&|]+/u)
        .map((part) => part.split(/\s+/u).filter(Boolean));
    const own = wordsOf('test');
    const called = own.flatMap(([program = '', ...more]) =>
      /^(?:npm|pnpm|yarn|bun)$/u.test(program)
        ? more.filter((word) => word !== 'run' && word !== 'test').flatMap(wordsOf)
        : [],
    );
    return {
      commands: [...own, ...called],
      names: lists.flatMap((list) => Object.keys(manifest[list] ?? {})),
    };
  } catch {
    return { commands: [], names: [] };
  }
};
