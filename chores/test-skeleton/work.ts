// SPDX-License-Identifier: GPL-3.0-only

import { posix } from 'node:path';
import type ts from 'typescript';
import { Declined, type Script } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import { lineEnding } from '../../src/code/edits.ts';
import { findOne, findPath } from '../../src/code/find.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { findEnding } from '../../src/code/import-ending.ts';
import { isSource } from '../../src/code/script-of.ts';
import {
  type Declared,
  declarationsOf,
  isTest,
  parseSource,
  specifierFor,
  styleOf,
} from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { importsOf, mannerAround, mannerWithin, testOf } from './forms.ts';
import { findRunner } from './found-runner.ts';
import type { Runner } from './runner-settings.ts';

type Args = {
  readonly names?: readonly string[];
  readonly source?: string;
  readonly test?: string;
};

/** Adds a test of the runner there is that checks what the syntax of each subject promises, for a person to extend. */
export const work: Work<Args, CodeHands> = function* (args, { compiler, tree }) {
  const source = yield* findSource(compiler, tree, args);
  const module = parseSource(compiler, source, yield* tree.read(source));
  const all = declarationsOf(compiler, module);
  const names = args.names ?? exportedValues(all);
  if (names.length === 0) throw new Declined(`${source} exports nothing that a test could import`);
  const subjects = names.map((name) => {
    const declared = all.find((one) => one.name === name && !one.typeOnly);
    if (!declared)
      throw new Declined(`\`${name}\` is not a value of ${source}, and a type has no test`);
    if (declared.exported === 'no') throw new Declined(`${source} does not export \`${name}\``);
    return declared;
  });
  const files = yield* tree.files();
  const test = args.test ?? testPath(tree, source, files);
  if (!isTest(test) && args.test === undefined) throw new Declined(`${test} is not a test file`);
  const runner = yield* findRunner({ compiler, tree }, test);
  if (files.includes(test)) {
    return { notes: yield* extendTest({ compiler, tree }, runner, test, source, subjects) };
  }
  const ending = yield* findEnding(compiler, tree, parseSource(compiler, test, ''), source);
  const style = styleOf(compiler, module);
  const manner = yield* mannerAround(compiler, tree, test, runner);
  const licence = /^(?:\uFEFF)?(\/\/ SPDX-License-Identifier: [^\r\n]*)/u.exec(module.text)?.[1];
  const { quote, end } = style;
  const lines = [
    ...(licence ? [licence] : []),
    ...importsOf(runner.name, manner, style),
    `${importOf(subjects)} from ${quote}${specifierFor(test, source, ending)}${quote}${end}`,
    ...subjects.flatMap((subject) => [
      '',
      ...testOf(compiler, subject, [runner.name, manner, style]),
    ]),
    '',
  ];
  yield* tree.create(test, lines.join('\n'));
  return { notes: `test: ${test} for ${names.join(', ')}` };
};

function* findSource(
  compiler: Compiler,
  tree: WorkingTree,
  { source, names = [] }: Args,
): Script<string> {
  if (source !== undefined) return yield* findPath(tree, source);
  const [name, ...others] = names;
  if (name === undefined) throw new Declined('no sentence says what to test');
  const { path } = yield* findOne(compiler, tree, name, []);
  for (const other of others) {
    const elsewhere = (yield* findOne(compiler, tree, other, [])).path;
    if (elsewhere !== path) throw new Declined(`${path} and ${elsewhere} need a test file each`);
  }
  return path;
}

const exportedValues = (all: readonly Declared[]): readonly string[] => [
  ...new Set(all.filter((one) => one.exported !== 'no' && !one.typeOnly).map(({ name }) => name)),
];

/** Where the repository keeps its tests: `test/` beside `src/`, else beside the source. */
const testPath = (tree: WorkingTree, source: string, files: readonly string[]): string => {
  const [, stem = source, ending = ''] = /^(.*)(\.[cm]?[jt]sx?)$/u.exec(source) ?? [];
  const beside = `${stem}.test${ending}`;
  const parts = stem.split('/');
  const at = parts.lastIndexOf('src');
  const mirrored = ['test', 'tests'].map((folder) =>
    at === -1
      ? posix.join(posix.dirname(stem), folder, `${posix.basename(stem)}.test${ending}`)
      : `${[...parts.slice(0, at), folder, ...parts.slice(at + 1)].join('/')}.test${ending}`,
  );
  const used = mirrored.find((path) =>
    files.some((file) => isSource(file) && file.startsWith(`${testRoot(path)}/`)),
  );
  const choices = [...(used ? [used] : []), beside, ...mirrored].filter(tree.mayWrite);
  const path =
    used === undefined && files.some((file) => /\.test\./u.test(file))
      ? choices[0]
      : (used ?? mirrored.find(tree.mayWrite) ?? choices[0]);
  if (path === undefined || !tree.mayWrite(path)) {
    throw new Declined(`the scope leaves no place for a test of ${source}, such as ${mirrored[0]}`);
  }
  return path;
};

const testRoot = (path: string): string => {
  const parts = path.split('/');
  return parts.slice(0, parts.findLastIndex((part) => /^tests?$/u.test(part)) + 1).join('/');
};

const importOf = (subjects: readonly Declared[]): string => {
  const first = subjects.find(({ exported }) => exported === 'default')?.name;
  const named = subjects.filter(({ exported }) => exported === 'named').map(({ name }) => name);
  const list = named.length > 0 ? `{ ${named.sort().join(', ')} }` : undefined;
  return `import ${[first, list].filter((part) => part !== undefined).join(', ')}`;
};

function* extendTest(
  { compiler, tree }: Pick<CodeHands, 'compiler' | 'tree'>,
  runner: Runner,
  test: string,
  source: string,
  subjects: readonly Declared[],
): Script<string> {
  const text = yield* tree.read(test);
  const file = parseSource(compiler, test, text);
  const imports = file.statements.filter(compiler.isImportDeclaration);
  const missing = subjects.filter(({ name }) => !isUsed(compiler, file, name));
  if (missing.length === 0) return `test: ${test} tests it already`;
  const last = imports.at(-1);
  const manner = mannerWithin(compiler, file, runner);
  if (!last || !manner)
    throw new Declined(
      `${test} is there and does not import what a test of ${runner.title} is written with`,
    );
  const eol = lineEnding(text);
  const style = styleOf(compiler, file);
  const { quote, end } = style;
  const ending = yield* findEnding(compiler, tree, file, source);
  const from = specifierFor(test, source, ending);
  const added = `${importOf(missing)} from ${quote}${from}${quote}${end}`;
  const tests = missing.flatMap((subject) => [
    '',
    ...testOf(compiler, subject, [runner.name, manner, style]),
  ]);
  const gap = text.endsWith('\n') ? '' : eol;
  yield* tree.edit(test, [
    { start: last.getEnd(), end: last.getEnd(), text: `${eol}${added}` },
    { start: text.length, end: text.length, text: `${gap}${tests.join(eol)}${eol}` },
  ]);
  return `test: ${test} for ${missing.map(({ name }) => name).join(', ')}`;
}

/** Whether a name stands anywhere but in imports. */
const isUsed = (compiler: Compiler, file: ts.SourceFile, name: string): boolean => {
  const has = (node: ts.Node): boolean =>
    (compiler.isIdentifier(node) && node.text === name) ||
    (!compiler.isImportDeclaration(node) &&
      compiler.forEachChild(node, (child) => has(child) || undefined) === true);
  return has(file);
};
