// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Judge, PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { findSaid, type ReadText } from '../../src/code/relative-modules.ts';
import { declarationsOf, isTest, parseSource } from '../../src/code/syntax.ts';
import { type Compiler, loadTypeScript } from '../../src/data/load-typescript.ts';
import { spokenTo } from '../doc-comment/redo-vocabulary.ts';
import { ownersOf } from '../export/redo-objections.ts';
import type { Subject } from './redo-forms.ts';
import { boundBy, type Writing, wrongBinding, wrongImport } from './redo-imports.ts';
import { newIn, withNew } from './redo-new.ts';
import { isCalledFor, packageOf, runnerIn } from './redo-runner.ts';
import { readConstant, readStatement } from './redo-tested.ts';

type Args = {
  readonly names?: readonly string[];
  readonly source?: string;
  readonly test?: string;
};

/** Writes the tests of the patch again, after reading that they are tests and no more. */
export const redo: Judge<Args> = function* ({ names = [], source: said, test }, patch, texts) {
  const compiler = loadTypeScript();
  const after: ReadText = function* (path) {
    return yield* patch.read(path, 'patched');
  };
  const owners =
    said === undefined && names[0] !== undefined
      ? yield* ownersOf(compiler, patch, after, names[0])
      : [];
  const source =
    said === undefined
      ? owners.length === 1
        ? owners[0]
        : undefined
      : yield* findSaid(patch, said);
  const text = source === undefined ? undefined : yield* after(source);
  if (source === undefined || text === undefined) return { findings: ['no one module is meant'] };
  const subjects = subjectsIn(compiler, parseSource(compiler, source, text), names);
  if (subjects.size === 0 || names.some((name) => !subjects.has(name))) {
    return { findings: [`${source} does not export what is to be tested`] };
  }
  const path =
    test === undefined
      ? yield* pathFor(compiler, patch, [...subjects.keys()])
      : (yield* after(test)) === undefined
        ? yield* findSaid(patch, test)
        : test;
  const written = path === undefined ? undefined : yield* after(path);
  if (path === undefined || written === undefined) return { findings: ['there is no such test'] };
  const goal = parseSource(compiler, path, written);
  const former = texts.has(path) ? texts.get(path) : yield* patch.read(path, 'base');
  const file = former === undefined ? undefined : parseSource(compiler, path, former);
  const missing = new Map([...subjects].filter(([name]) => !file || !isIn(compiler, file, name)));
  if (file && (missing.size === 0 || (names.length === 0 && former === written)))
    return { findings: [] };
  const fresh = newIn(compiler, goal, file, subjects);
  const problem = yield* wrongIn(
    { compiler, after, source, subjects, goal, file, fresh },
    names.length > 0 ? [...missing.keys()] : undefined,
  );
  if (problem !== undefined) return { findings: [`${path}: ${problem}`] };
  if (!file) {
    if (!isPlainFile(written, text))
      return { findings: [`${path}: it is not written as texts are`] };
    const header = patch.asked.some(({ chore }) => chore === 'header');
    const start = header ? goal.statements[0]?.getStart(goal) : 0;
    const lead = leadOf(goal);
    const licence = /^(?:\uFEFF)?(\/\/ SPDX-License-Identifier: [^\r\n]*)/u.exec(text)?.[1];
    if (!header && lead !== '' && lead !== licence)
      return { findings: [`${path}: it begins with a comment`] };
    return { texts: new Map([[path, written.slice(start)]]), findings: [] };
  }
  return { texts: new Map([[path, withNew(compiler, file, goal, fresh)]]), findings: [] };
};

/** No mark in front, lines that end in one way, the last one too, and no blanks but between words. */
const isPlainFile = (text: string, module: string): boolean => {
  const lines = text.split(module.includes('\r\n') ? '\r\n' : '\n');
  const isOdd = (line: string): boolean =>
    /[\r\n\uFEFF]|[ \t]$/u.test(line) || /[^\S \t]/u.test(line);
  return lines.at(-1) === '' && lines.at(-2) !== '' && !lines.some(isOdd);
};

const leadOf = (file: ts.SourceFile): string =>
  file.text.slice(0, file.statements[0]?.getStart(file) ?? 0).trim();

const subjectsIn = (
  compiler: Compiler,
  file: ts.SourceFile,
  names: readonly string[],
): ReadonlyMap<string, Subject> => {
  const defaults = new Set(
    file.statements.flatMap((one) =>
      compiler.isExportAssignment(one) && compiler.isIdentifier(one.expression)
        ? [one.expression.text]
        : [],
    ),
  );
  const subjects = new Map<string, Subject>();
  for (const { name, node, exported, typeOnly } of declarationsOf(compiler, file)) {
    if (
      typeOnly ||
      (exported === 'no' && !defaults.has(name)) ||
      (names.length > 0 && !names.includes(name))
    )
      continue;
    const value = compiler.isVariableDeclaration(node) ? node.initializer : node;
    const isFunction = value !== undefined && compiler.isFunctionLike(value);
    const kind = isFunction ? 'function' : compiler.isClassDeclaration(node) ? 'class' : 'value';
    subjects.set(name, {
      kind,
      takes: isFunction && (value as ts.SignatureDeclaration).parameters.length > 0,
    });
  }
  return subjects;
};

function* pathFor(
  compiler: Compiler,
  patch: PatchView,
  names: readonly string[],
): Script<string | undefined> {
  const isCode = (path: string): boolean => isTest(path) && /\.[cm]?[jt]sx?$/u.test(path);
  const there = (yield* patch.containing(names[0] ?? '')).filter(isCode).slice(0, 10);
  for (const path of [...patch.paths.filter(isCode), ...there]) {
    const text = yield* patch.read(path, 'patched');
    const file = text === undefined ? undefined : parseSource(compiler, path, text);
    const imported =
      file?.statements
        .filter(compiler.isImportDeclaration)
        .flatMap(({ importClause }) => boundBy(compiler, importClause)) ?? [];
    if (imported.some((name) => names.includes(name))) return path;
  }
  return undefined;
}

/** Whether a name is used outside of imports. */
const isIn = (compiler: Compiler, file: ts.SourceFile, name: string): boolean => {
  const has = (node: ts.Node): boolean =>
    (compiler.isIdentifier(node) && node.text === name) ||
    (compiler.forEachChild(node, (child) => has(child) || undefined) ?? false);
  return file.statements.some((one) => !compiler.isImportDeclaration(one) && has(one));
};

function* wrongIn(
  writing: Writing,
  wanted: readonly string[] | undefined,
): Script<string | undefined> {
  const { compiler, after, subjects, goal, file, fresh } = writing;
  const runner = runnerIn(compiler, goal);
  if (!runner) return 'no runner is imported';
  if (!file && !(yield* isCalledFor(after, goal.fileName, runner)))
    return 'nothing runs tests of this kind';
  const own = new Map<string, ts.Expression | undefined>();
  const tested = new Set<string>();
  const imported = new Set<string>();
  for (const one of fresh) {
    const text = one.getText(goal);
    const odd = [...text].find(
      (letter) =>
        /\p{Default_Ignorable_Code_Point}|\p{C}/u.test(letter) && !/[\r\n\t]/u.test(letter),
    );
    if (odd !== undefined) return 'a character in it is not shown';
    if (hasComment(compiler, goal, one)) return 'a comment is in it';
    if (compiler.isImportDeclaration(one)) {
      if (one.modifiers) return 'an import has words in front';
      if (packageOf(one) !== undefined) continue;
      const wrong = yield* wrongImport(writing, one);
      if (wrong !== undefined) return wrong;
      for (const name of boundBy(compiler, one.importClause)) {
        if (imported.has(name)) return `\`${name}\` is imported twice`;
        imported.add(name);
      }
    } else if (compiler.isVariableStatement(one)) {
      const [declaration] = one.declarationList.declarations;
      if (subjects.has(declaration?.name.getText(goal) ?? '')) return 'a name means something else';
      const wrong = readConstant({ compiler, subjects: new Map(), own }, one);
      if (wrong !== undefined) return wrong;
    } else {
      const reading = readStatement({ compiler, subjects, own }, one, runner);
      if ('problem' in reading) return reading.problem;
      for (const name of reading.tested) tested.add(name);
    }
  }
  const spoken = titlesIn(compiler, fresh).flatMap(
    (title) => spokenTo(title, new Set([...subjects.keys()].flatMap(wordsIn))) ?? [],
  );
  if (spoken.length > 0) return `a title speaks to somebody: ${spoken[0]}`;
  const untested = (wanted ?? [...imported].filter((name) => subjects.has(name))).find(
    (name) => !tested.has(name),
  );
  if (untested !== undefined) return `\`${untested}\` is not tested`;
  for (const name of tested) {
    const wrong = yield* wrongBinding(writing, name);
    if (wrong !== undefined) return wrong;
  }
  return tested.size === 0 ? 'nothing is tested' : undefined;
}

const wordsIn = (name: string): readonly string[] =>
  name
    .replace(/([\p{Ll}\d])(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);

const titlesIn = (compiler: Compiler, fresh: readonly ts.Statement[]): readonly string[] =>
  fresh.flatMap((one) => {
    const call = compiler.isExpressionStatement(one) ? one.expression : undefined;
    const [title] = call && compiler.isCallExpression(call) ? call.arguments : [];
    return title && compiler.isStringLiteral(title) ? [title.text] : [];
  });

const hasComment = (compiler: Compiler, file: ts.SourceFile, statement: ts.Statement): boolean => {
  const first = statement.getStart(file);
  const isCommented = (node: ts.Node): boolean => {
    if (
      node.kind >= compiler.SyntaxKind.FirstJSDocNode &&
      node.kind <= compiler.SyntaxKind.LastJSDocNode
    )
      return true;
    const before =
      node.getStart(file) > first
        ? compiler.getLeadingCommentRanges(file.text, node.getFullStart())
        : undefined;
    const trailing =
      node.getEnd() < statement.getEnd()
        ? compiler.getTrailingCommentRanges(file.text, node.getEnd())
        : undefined;
    return Boolean(before?.length || trailing?.length) || node.getChildren(file).some(isCommented);
  };
  const lead = compiler.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [];
  const isFirst = file.statements[0] === statement;
  const tail = compiler.getTrailingCommentRanges(file.text, statement.getEnd()) ?? [];
  const last =
    file.statements.at(-1) === statement ? file.text.slice(statement.getEnd()).trim() : '';
  return (lead.length > 0 && !isFirst) || tail.length > 0 || last !== '' || isCommented(statement);
};
