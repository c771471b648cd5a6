// SPDX-License-Identifier: GPL-3.0-only

import type ts from 'typescript';
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import { lineEnding, type TextEdit } from '../../src/code/edits.ts';
import { findOne } from '../../src/code/find.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isSource } from '../../src/code/script-of.ts';
import { type Declared, declarationsOf, isTest, parseSource } from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';

type Which = 'function' | 'type' | 'class' | 'constant';
type Args = {
  readonly names?: readonly string[];
  readonly which?: Which;
  readonly files?: readonly string[];
  readonly text?: string;
};

/** Adds a doc comment to each declaration the intent means that has none. */
export const work: Work<Args, CodeHands> = function* (args, { compiler, tree }) {
  const { names = [], files = [], text } = args;
  if (text?.includes('*/')) throw new Declined('a comment cannot contain "*/"');
  if (names.length === 0) return { notes: yield* documentFiles(compiler, tree, args) };
  const done: string[] = [];
  for (const name of names) {
    const { path } = yield* findOne(compiler, tree, name, files);
    const count = yield* documentFile(compiler, tree, path, text, (one) => one.name === name);
    done.push(`${name} in ${path}${count === 0 ? ' had one' : ''}`);
  }
  return { notes: `doc comment: ${done.join(', ')}` };
};

function* documentFiles(
  compiler: Compiler,
  tree: WorkingTree,
  { files, which, text }: Args,
): Script<string> {
  const wanted = coveredBy(files);
  const paths = (yield* tree.files()).filter(
    (path) => isSource(path) && wanted(path) && tree.mayWrite(path) && !isTest(path),
  );
  if (paths.length === 0) throw new Declined('the scope has no source file to document');
  const isOne = isOf(compiler, which);
  let count = 0;
  for (const path of paths) {
    count += yield* documentFile(
      compiler,
      tree,
      path,
      text,
      (one) => one.exported !== 'no' && isOne(one),
    );
  }
  return `doc comment: ${count} added in ${paths.length} files`;
}

/** What an exported thing must be for "every exported function" and the like to mean it. */
const isOf =
  (compiler: Compiler, which: Which | undefined) =>
  ({ node, typeOnly }: Declared): boolean => {
    const value = compiler.isVariableDeclaration(node) ? node.initializer : node;
    const callable = value !== undefined && compiler.isFunctionLike(value);
    if (which === 'function') return callable;
    if (which === 'class') return compiler.isClassDeclaration(node);
    if (which === 'type') return typeOnly;
    return which === undefined || (compiler.isVariableDeclaration(node) && !callable);
  };

function* documentFile(
  compiler: Compiler,
  tree: WorkingTree,
  path: string,
  said: string | undefined,
  wanted: (declared: Declared) => boolean,
): Script<number> {
  const text = yield* tree.read(path);
  const file = parseSource(compiler, path, text);
  const all = declarationsOf(compiler, file).filter(wanted);
  const documented = all.filter(({ statement }) => docOf(compiler, statement) !== undefined);
  const names = new Set(documented.map(({ name }) => name));
  const other = documented.find(
    ({ statement }) => said && !sameWords(docOf(compiler, statement), said),
  );
  if (other && said) throw new Declined(`\`${other.name}\` in ${path} has a different doc comment`);
  const seen = new Set<ts.Statement>();
  const edits = all.flatMap((declared): readonly TextEdit[] => {
    if (names.has(declared.name) || seen.has(declared.statement)) return [];
    names.add(declared.name);
    seen.add(declared.statement);
    return [commentBefore(compiler, file, declared, said)];
  });
  yield* tree.edit(path, edits);
  return edits.length;
}

const docOf = (compiler: Compiler, statement: ts.Statement): string | undefined =>
  compiler
    .getJSDocCommentsAndTags(statement)
    .findLast((doc) => compiler.isJSDoc(doc))
    ?.getText();

const words = (text: string): string =>
  text
    .replace(/^\/\*\*|\*\/$/gu, '')
    .replace(/^\s*\* ?/gmu, '')
    .replace(/\s+/gu, ' ')
    .trim();

const sameWords = (doc: string | undefined, said: string): boolean =>
  doc !== undefined && words(doc).includes(words(said));

const directive = /@ts-|eslint-|biome-ignore|prettier-ignore|istanbul|c8 ignore|v8 ignore/u;

const commentBefore = (
  compiler: Compiler,
  file: ts.SourceFile,
  declared: Declared,
  said: string | undefined,
): TextEdit => {
  const { text } = file;
  let at = declared.statement.getStart(file, false);
  const before = compiler.getLeadingCommentRanges(text, declared.statement.getFullStart()) ?? [];
  // A directive speaks to the line below it, so the comment goes above the directive.
  for (const range of before.toReversed()) {
    const gap = text.slice(range.end, at);
    if (gap.trim() !== '' || !directive.test(text.slice(range.pos, range.end))) break;
    at = range.pos;
  }
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const indent = text.slice(start, at);
  if (indent.trim() !== '' && indent !== '\uFEFF') {
    throw new Declined(`\`${declared.name}\` in ${file.fileName} does not start its line`);
  }
  const eol = lineEnding(text);
  const space = indent.replace('\uFEFF', '');
  const lines = said === undefined ? describe(compiler, file, declared) : wrap(said);
  const [first = ''] = lines;
  const comment =
    lines.length === 1
      ? `/** ${first} */`
      : ['/**', ...lines.map((line) => `${space} * ${line}`.trimEnd()), `${space} */`].join(eol);
  return { start: at, end: at, text: `${comment}${eol}${space}` };
};

const width = 90;

const wrap = (text: string): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/u)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < width)
      lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
};

/** What can be said from the syntax alone: the name in words, the parameters, what is thrown. */
const describe = (
  compiler: Compiler,
  file: ts.SourceFile,
  declared: Declared,
): readonly string[] => {
  const spoken = declared.name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[_$]+/gu, ' ')
    .trim()
    .toLowerCase();
  const sentence = /\p{L}{2}/u.test(spoken)
    ? `${spoken.charAt(0).toUpperCase()}${spoken.slice(1)}.`
    : `What \`${declared.name}\` stands for.`;
  const initial = compiler.isVariableDeclaration(declared.node)
    ? declared.node.initializer
    : declared.node;
  if (!initial || !compiler.isFunctionLike(initial)) return [sentence];
  const parameters = initial.parameters.flatMap(({ name, type, questionToken, initializer }) => {
    if (!compiler.isIdentifier(name) || name.text === 'this') return [];
    const kind = plainType(type?.getText(file));
    const optional = questionToken || initializer ? 'optional' : undefined;
    const notes = [optional, kind && `\`${kind}\``].filter((note) => note !== undefined).join(', ');
    return [`@param ${name.text}${notes && ` ${notes}`}`];
  });
  return parameters.length === 0 || parameters.length > mostParameters
    ? [sentence]
    : [sentence, '', ...parameters];
};

const mostParameters = 10;

/** A type short and plain enough to be shown in a line. */
const plainType = (text: string | undefined): string | undefined => {
  const type = text?.replace(/\s+/gu, ' ') ?? '';
  const isPlain = /^[\w$.,;:?'"<>()[\]{}|&= -]{1,60}$/u.test(type);
  return isPlain && !/\w:\S|\{\{|\bimport\b|\.\w+['"]/u.test(type) ? type : undefined;
};
