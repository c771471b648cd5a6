// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Script } from '../../src/chore/script.ts';
import { isSource } from '../../src/code/script-of.ts';
import { type Declared, isTest, parseSource } from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import type { Runner } from './runner-settings.ts';

/** How tests are written here: the word that begins one, and what groups them. */
export type Manner = {
  readonly word: 'test' | 'it';
  readonly grouped: boolean;
  /** node:test: `import test from`, and the module of `assert`. */
  readonly isPlain: boolean;
  readonly assert: string;
};

type Style = { readonly quote: string; readonly end: string };

type Form = {
  /** What is imported, and from where. */
  readonly imports: (manner: Manner) => readonly (readonly [what: string, from: string])[];
  readonly equals: (actual: string, wanted: string) => string;
  readonly isThere: (name: string) => string;
  /** What a test is given. */
  readonly context: string;
};

const forms: Readonly<Record<Runner['name'], Form>> = {
  ava: {
    imports: () => [['test', 'ava']],
    equals: (actual, wanted) => `t.is(${actual}, ${wanted})`,
    isThere: (name) => `t.not(${name}, undefined)`,
    context: 't',
  },
  vitest: {
    imports: ({ word, grouped }) => [[listed(['expect', word, ...group(grouped)]), 'vitest']],
    equals: (actual, wanted) => `expect(${actual}).toBe(${wanted})`,
    isThere: (name) => `expect(${name}).toBeDefined()`,
    context: '',
  },
  'node:test': {
    imports: ({ word, grouped, isPlain, assert }) => [
      ['assert', assert],
      [isPlain ? 'test' : listed([word, ...group(grouped)]), 'node:test'],
    ],
    equals: (actual, wanted) => `assert.strictEqual(${actual}, ${wanted})`,
    isThere: (name) => `assert.notStrictEqual(${name}, undefined)`,
    context: '',
  },
};

const group = (grouped: boolean): readonly string[] => (grouped ? ['describe'] : []);

const listed = (names: readonly string[]): string => `{ ${names.toSorted().join(', ')} }`;

/** The imports of a runner. */
export const importsOf = (name: Runner['name'], manner: Manner, { quote, end }: Style) =>
  forms[name]
    .imports(manner)
    .map(([what, from]) => `import ${what} from ${quote}${from}${quote}${end}`);

/** A test of what the syntax of a declaration promises. */
export const testOf = (
  compiler: Compiler,
  { name, node }: Declared,
  [runner, manner, { quote, end }]: readonly [Runner['name'], Manner, Style],
): readonly string[] => {
  const { equals, isThere, context } = forms[runner];
  const value = compiler.isVariableDeclaration(node) ? node.initializer : node;
  const callable = value && (compiler.isFunctionLike(value) || compiler.isClassLike(value));
  const says = `is ${callable ? 'a function' : 'defined'}`;
  const check = callable ? equals(`typeof ${name}`, `${quote}function${quote}`) : isThere(name);
  const open = (word: string, title: string, given = '') =>
    `${word}(${quote}${title}${quote}, (${given}) => {`;
  const { word } = manner;
  return manner.grouped
    ? [
        open('describe', name),
        `  ${open(word, says, context)}`,
        `    ${check}${end}`,
        `  })${end}`,
        `})${end}`,
      ]
    : [open(word, `${name} ${says}`, context), `  ${check}${end}`, `})${end}`];
};

/** So many other tests are looked at for how they are written. */
const maxWitnesses = 3;

const usual: Manner = { word: 'test', grouped: false, isPlain: true, assert: 'node:assert/strict' };

/** As the tests there are written, those beside it first. */
export function* mannerAround(
  compiler: Compiler,
  tree: WorkingTree,
  test: string,
  { name }: Runner,
): Script<Manner> {
  if (name === 'ava') return usual;
  const folder = test.slice(0, test.lastIndexOf('/') + 1);
  const others = (yield* tree.files())
    .filter((path) => isTest(path) && isSource(path) && path !== test)
    .sort((a, b) => Number(b.startsWith(folder)) - Number(a.startsWith(folder)));
  for (const path of others.slice(0, maxWitnesses)) {
    const manner = mannerOf(compiler, parseSource(compiler, path, yield* tree.read(path)));
    if (manner) return manner;
  }
  return usual;
}

/** How the tests of a file are written; `undefined` where none is to be seen. */
const mannerOf = (compiler: Compiler, file: ts.SourceFile): Manner | undefined => {
  const called = calledIn(compiler, file.statements);
  const inner = called.flatMap(({ word, callback }) =>
    word === 'describe' ? calledIn(compiler, bodyOf(compiler, callback)) : [],
  );
  const word = [...inner, ...called].find((one) => one.word !== 'describe')?.word;
  if (word !== 'test' && word !== 'it') return undefined;
  const bound = boundIn(compiler, file);
  const named = bound.some(({ from, isDefault }) => from === 'node:test' && !isDefault);
  const grouped = inner.length > 0;
  return {
    word,
    grouped,
    isPlain: word === 'test' && !grouped && !named,
    assert: bound.find(isAssert)?.from ?? usual.assert,
  };
};

type CalledWord = { readonly word: string; readonly callback: ts.Expression | undefined };

const calledIn = (compiler: Compiler, statements: readonly ts.Statement[]): readonly CalledWord[] =>
  statements.flatMap((one) => {
    const call = compiler.isExpressionStatement(one) ? one.expression : undefined;
    if (!call || !compiler.isCallExpression(call) || !compiler.isIdentifier(call.expression))
      return [];
    const word = call.expression.text;
    return /^(?:describe|it|test)$/u.test(word) ? [{ word, callback: call.arguments.at(-1) }] : [];
  });

const bodyOf = (
  compiler: Compiler,
  callback: ts.Expression | undefined,
): readonly ts.Statement[] =>
  callback &&
  (compiler.isArrowFunction(callback) || compiler.isFunctionExpression(callback)) &&
  compiler.isBlock(callback.body)
    ? callback.body.statements
    : [];

type Bound = { readonly name: string; readonly from: string; readonly isDefault: boolean };

/** What the imports of a file bind by its own name. */
const boundIn = (compiler: Compiler, file: ts.SourceFile): readonly Bound[] =>
  file.statements
    .filter(compiler.isImportDeclaration)
    .flatMap(({ importClause, moduleSpecifier }) => {
      const from = (moduleSpecifier as ts.StringLiteral).text;
      const { name, namedBindings } = importClause ?? {};
      const elements =
        namedBindings && compiler.isNamedImports(namedBindings) ? namedBindings.elements : [];
      return [
        ...(name ? [{ name: name.text, from, isDefault: true }] : []),
        ...elements.flatMap((one) =>
          one.propertyName || one.isTypeOnly
            ? []
            : [{ name: one.name.text, from, isDefault: false }],
        ),
      ];
    });

const isAssert = ({ name, from, isDefault }: Bound): boolean =>
  name === 'assert' && isDefault && /^node:assert(?:\/strict)?$/u.test(from);

/** How a test is added to a file, by what it imports; `undefined` where that is not enough. */
export const mannerWithin = (
  compiler: Compiler,
  file: ts.SourceFile,
  { name: runner }: Runner,
): Manner | undefined => {
  const manner = mannerOf(compiler, file) ?? usual;
  const bound = boundIn(compiler, file);
  const names = bound.filter(({ from }) => from === runner).map(({ name }) => name);
  const word = [manner.word, 'test' as const, 'it' as const].find((one) => names.includes(one));
  const asserts = runner === 'node:test' ? bound.some(isAssert) : names.includes('expect');
  if (word === undefined || (runner !== 'ava' && !asserts)) return undefined;
  return { ...manner, word, grouped: manner.grouped && names.includes('describe') };
};
