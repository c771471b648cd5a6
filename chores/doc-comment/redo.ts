// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { coveredBy, type Judge, type PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { mayDeclare, type ReadText } from '../../src/code/relative-modules.ts';
import { type Declared, declarationsOf, isTest, parseSource } from '../../src/code/syntax.ts';
import { type Compiler, loadTypeScript } from '../../src/data/load-typescript.ts';
import { selectPaths } from '../../src/spec/scope.ts';
import { laidOut, objectionTo } from './redo-comment.ts';

type Args = {
  readonly names?: readonly string[];
  readonly which?: 'function' | 'type' | 'class' | 'constant';
  readonly files?: readonly string[];
  readonly text?: string;
};

const mostReadings = 120;

/** Puts the comments of the patch above the declarations that lack one, laid out anew. */
export const redo: Judge<Args> = function* (args, patch, texts) {
  const compiler = loadTypeScript();
  const { names = [], files = [], which, text } = args;
  const done = new Map(texts);
  const before: ReadText = function* (path) {
    return done.has(path) ? done.get(path) : yield* patch.read(path, 'base');
  };
  const findings: string[] = [];
  const places: { readonly path: string; readonly isWanted: (one: Declared) => boolean }[] = [];
  for (const name of names) {
    const [path, ...others] = yield* modulesOf(compiler, patch, before, name, files);
    if (path === undefined || others.length > 0) {
      findings.push(`it is not clear which \`${name}\` is meant`);
    } else places.push({ path, isWanted: (one) => one.name === name });
  }
  if (names.length === 0) {
    const paths = yield* pathsIn(patch, files);
    const readings = paths.filter((path) => !patch.patched.has(path)).length;
    if (paths.length === 0) findings.push('no file is meant');
    if (readings > mostReadings) return { findings: ['there are too many files to look at'] };
    for (const path of paths) {
      places.push({
        path,
        isWanted: (one) => one.exported !== 'no' && isKind(compiler, one, which),
      });
    }
  }
  for (const { path, isWanted } of places) {
    const [old, goal] = [yield* before(path), yield* patch.read(path, 'patched')];
    if (old === undefined || goal === undefined) {
      findings.push(`${path} is not there`);
      continue;
    }
    const file = parseSource(compiler, path, old);
    const result = document(
      { compiler, file, goal: parseSource(compiler, path, goal), text },
      isWanted,
      names.length === 0,
    );
    findings.push(...result.findings.map((finding) => `${path}: ${finding}`));
    if (result.text !== old) done.set(path, result.text);
  }
  return { texts: done, findings };
};

function* pathsIn(patch: PatchView, files: readonly string[]): Script<readonly string[]> {
  const all = selectPaths(yield* patch.files(), patch.spec.scope);
  return all.filter(
    (path) => /\.[cm]?[jt]sx?$/u.test(path) && !isTest(path) && coveredBy(files)(path),
  );
}

/** The modules that may be meant by a name: those that export it, or else those that have it. */
function* modulesOf(
  compiler: Compiler,
  patch: PatchView,
  read: ReadText,
  name: string,
  files: readonly string[],
): Script<readonly string[]> {
  const found = new Map<string, boolean>();
  for (const path of yield* mayDeclare(patch, name, files)) {
    const text = yield* read(path);
    if (text === undefined) continue;
    const file = parseSource(compiler, path, text);
    const declared = declarationsOf(compiler, file).filter((one) => one.name === name);
    if (declared.length > 0) {
      found.set(
        path,
        declared.some(({ exported }) => exported !== 'no') || isDefault(compiler, file, name),
      );
    }
  }
  const exported = [...found].filter(([, isExported]) => isExported).map(([path]) => path);
  return exported.length > 0 ? exported : [...found.keys()];
}

const isDefault = (compiler: Compiler, { statements }: ts.SourceFile, name: string): boolean =>
  statements.some(
    (one) =>
      compiler.isExportAssignment(one) &&
      compiler.isIdentifier(one.expression) &&
      one.expression.text === name,
  );

const isKind = (compiler: Compiler, { node }: Declared, which: Args['which']): boolean => {
  const { initializer } = node as { readonly initializer?: ts.Node };
  const isVariable = compiler.isVariableDeclaration(node);
  const isFunction = compiler.isFunctionLike(isVariable ? initializer : node);
  switch (which) {
    case undefined:
      return true;
    case 'function':
      return isFunction;
    case 'class':
      return compiler.isClassLike(node);
    case 'type':
      return compiler.isInterfaceDeclaration(node) || compiler.isTypeAliasDeclaration(node);
    case 'constant':
      return isVariable && !isFunction;
  }
};

type Documenting = {
  readonly compiler: Compiler;
  readonly file: ts.SourceFile;
  readonly goal: ts.SourceFile;
  readonly text: string | undefined;
};

const document = (
  { compiler, file, goal, text }: Documenting,
  isWanted: (one: Declared) => boolean,
  mayMore: boolean,
): { readonly text: string; readonly findings: readonly string[] } => {
  const findings: string[] = [];
  const inserts = new Map<number, { readonly place: number; readonly insert: string }>();
  const wanted = declarationsOf(compiler, file).filter(isWanted);
  const others = mayMore
    ? declarationsOf(compiler, file).filter(
        (one) => one.exported === 'no' && isAliased(compiler, file, one.name),
      )
    : [];
  for (const [name, group] of Map.groupBy([...wanted, ...others], (one) => one.name)) {
    const old = group.flatMap(({ statement }) => docsOf(statement));
    if (old.length > 0) {
      const said = old.map((doc) => wordsOf(doc.getText(file))).join(' ');
      if (text !== undefined && !said.includes(wordsOf(text))) {
        findings.push(`\`${name}\` already has other words`);
      }
      continue;
    }
    const counterparts = declarationsOf(compiler, goal).filter((one) => one.name === name);
    const all = declarationsOf(compiler, file).filter((one) => one.name === name);
    let count = 0;
    for (const declared of group) {
      const counterpart =
        counterparts[all.indexOf(all.find((one) => one.node === declared.node) ?? declared)];
      const [doc, second] = counterpart ? docsOf(counterpart.statement) : [];
      const at = declared.statement.getStart(file, false);
      if (!doc || inserts.has(at)) continue;
      count += 1;
      const problem = second
        ? `\`${name}\` has two comments`
        : objectionTo(compiler, doc, declared, text);
      if (problem !== undefined) findings.push(`\`${name}\`: ${problem}`);
      const insert = laidOut(doc.getText(goal), file.text, at, text !== undefined);
      const place = placeAbove(compiler, file, declared.statement, goal, doc);
      if (insert === undefined || place === undefined) {
        findings.push(`\`${name}\`: the comment is not in its place, or not laid out as usual`);
      } else inserts.set(at, { place, insert });
    }
    if (count === 0 && group.some((one) => wanted.includes(one)))
      findings.push(`\`${name}\` is not documented`);
  }
  let result = file.text;
  for (const { place, insert } of [...inserts.values()].sort((a, b) => b.place - a.place)) {
    result = result.slice(0, place) + insert + result.slice(place);
  }
  return { text: result, findings };
};

/** Exported, but by another name. */
const isAliased = (compiler: Compiler, file: ts.SourceFile, name: string): boolean =>
  isDefault(compiler, file, name) ||
  file.statements
    .filter(compiler.isExportDeclaration)
    .filter(({ moduleSpecifier }) => !moduleSpecifier)
    .some(
      ({ exportClause: clause }) =>
        clause &&
        compiler.isNamedExports(clause) &&
        clause.elements.some(({ propertyName }) => propertyName?.text === name),
    );

const docsOf = (statement: ts.Statement): readonly ts.JSDoc[] =>
  (statement as { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? [];

const wordsOf = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\/\*\*|\*(?!\/))?/u, '').replace(/\*\/\s*$/u, ''))
    .join(' ')
    .split(/[ \t\r\n]+/u)
    .filter((word) => word !== '')
    .join(' ');

/** Where a comment belongs: above the statement and as many directives as stand between in the goal. */
const placeAbove = (
  compiler: Compiler,
  file: ts.SourceFile,
  statement: ts.Statement,
  goal: ts.SourceFile,
  doc: ts.JSDoc,
): number | undefined => {
  const between = (compiler.getLeadingCommentRanges(goal.text, doc.getEnd()) ?? []).length;
  const ranges = compiler.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [];
  const below = between === 0 ? [] : ranges.slice(-between);
  if (below.length < between) return undefined;
  const isDirective = ({ pos, end }: ts.CommentRange): boolean =>
    /^\/[/*]\s*(?:@ts-\w|eslint-|biome-ignore|prettier-ignore|istanbul|c8 ignore|v8 ignore)/u.test(
      file.text.slice(pos, end),
    );
  return below.every(isDirective) ? (below[0]?.pos ?? statement.getStart(file, false)) : undefined;
};
