// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import { Declined, type Script } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import { lineEnding, type TextEdit } from '../../src/code/edits.ts';
import { exportsOf } from '../../src/code/exports-of.ts';
import { type DeclaringModule, findIn, findOne, findPath } from '../../src/code/find.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { findEnding } from '../../src/code/import-ending.ts';
import { findModule } from '../../src/code/modules.ts';
import { isSource } from '../../src/code/script-of.ts';
import { parseSource, specifierFor, styleOf } from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { refuseMeeting, refuseRunning, refuseUntyped } from './export-effects.ts';

type Args = {
  readonly names: readonly string[];
  readonly from?: string;
  readonly index?: string;
};

/** Makes an index export names that another module declares. */
export const work: Work<Args, CodeHands> = function* (
  { names, from, index: wanted },
  { compiler, tree },
) {
  const said = wanted === undefined ? undefined : yield* findPath(tree, wanted);
  const within = from === undefined ? [] : [yield* findPath(tree, from)];
  const done: string[] = [];
  for (const name of names) {
    if (said !== undefined && (yield* exportsAlready(compiler, tree, said, name, within[0]))) {
      done.push(`${name} was there`);
      continue;
    }
    const declaring =
      (within.length === 0 && said !== undefined
        ? yield* findIn(compiler, tree, said, name)
        : undefined) ?? (yield* findOne(compiler, tree, name, within));
    const index = said ?? (yield* nearestIndex(tree, declaring.path));
    done.push(yield* addExport(compiler, tree, index, name, declaring));
  }
  return { notes: `export: ${done.join(', ')}` };
};

function* exportsAlready(
  compiler: Compiler,
  tree: WorkingTree,
  index: string,
  name: string,
  from: string | undefined,
): Script<boolean> {
  const exported = yield* exportsOf(compiler, tree, index);
  const origin = exported.get(name);
  if (origin === undefined) return false;
  if (from !== undefined && origin !== from && origin !== index) {
    throw new Declined(`${index} exports another \`${name}\`, from ${origin}`);
  }
  return true;
}

function* nearestIndex(tree: WorkingTree, module: string): Script<string> {
  const files = new Set(yield* tree.files());
  for (let folder = posix.dirname(module); ; folder = posix.dirname(folder)) {
    const index = ['ts', 'mts', 'js', 'mjs', 'tsx']
      .map((ending) => posix.join(folder, `index.${ending}`))
      .find((path) => files.has(path) && path !== module);
    if (index) return index;
    if (folder === '.' || folder === '') throw new Declined(`there is no index above ${module}`);
  }
}

function* addExport(
  compiler: Compiler,
  tree: WorkingTree,
  index: string,
  name: string,
  declaring: DeclaringModule,
): Script<string> {
  if (!isSource(index)) throw new Declined(`${index} is not a TypeScript or JavaScript module`);
  const [first] = declaring.declared;
  if (!first) throw new Declined(`nothing declares \`${name}\``);
  if (declaring.declared.every((one) => one.exported === 'no')) {
    yield* refuseUntyped(compiler, tree, declaring.path, name);
    yield* refuseMeeting(compiler, tree, declaring.path, name, declaring.path);
    yield* exportDeclaration(compiler, tree, declaring, name);
  }
  if (declaring.path === index) return `${name} from ${index}`;
  const exported = yield* exportsOf(compiler, tree, index);
  const origin = exported.get(name);
  if (origin === declaring.path) return `${name} was there`;
  if (origin !== undefined)
    throw new Declined(`${index} exports another \`${name}\`, from ${origin}`);
  const text = yield* tree.read(index);
  const file = parseSource(compiler, index, text);
  if (/\bmodule\.exports\b|\bexports\.\w/u.test(text)) {
    throw new Declined(`${index} is a CommonJS module`);
  }
  const typeOnly = declaring.declared.every((one) => one.typeOnly);
  yield* refuseUntyped(compiler, tree, index, name);
  yield* refuseMeeting(compiler, tree, index, name, declaring.path);
  if (!typeOnly) {
    const module = parseSource(compiler, declaring.path, yield* tree.read(declaring.path));
    yield* refuseRunning(compiler, tree, file, module);
  }
  const isDefault = declaring.declared.some((one) => one.exported === 'default');
  const what = isDefault ? `default as ${name}` : name;
  const list = yield* findList(compiler, tree, file, declaring.path, typeOnly);
  const edit =
    list?.exportClause && compiler.isNamedExports(list.exportClause)
      ? addToList(file, list.exportClause, typeOnly && !list.isTypeOnly ? `type ${what}` : what)
      : newStatement(
          compiler,
          file,
          what,
          typeOnly,
          specifierFor(
            index,
            declaring.path,
            yield* findEnding(compiler, tree, file, declaring.path),
          ),
        );
  yield* tree.edit(index, [edit]);
  return `${name} from ${index}`;
}

/** The list that already hands names of a module on. */
function* findList(
  compiler: Compiler,
  tree: WorkingTree,
  file: ts.SourceFile,
  module: string,
  typeOnly: boolean,
): Script<ts.ExportDeclaration | undefined> {
  for (const statement of file.statements.filter(compiler.isExportDeclaration)) {
    const { exportClause, moduleSpecifier, isTypeOnly } = statement;
    if (!exportClause || !compiler.isNamedExports(exportClause)) continue;
    if (!moduleSpecifier || !compiler.isStringLiteral(moduleSpecifier)) continue;
    if (isTypeOnly && !typeOnly) continue;
    const path = yield* findModule(compiler, tree, file.fileName, moduleSpecifier.text);
    if (path === module) return statement;
  }
  return undefined;
}

function* exportDeclaration(
  compiler: Compiler,
  tree: WorkingTree,
  declaring: DeclaringModule,
  name: string,
): Script<void> {
  const file = parseSource(compiler, declaring.path, yield* tree.read(declaring.path));
  const edits = new Set(declaring.declared.map(({ statement }) => statement.getStart(file, false)));
  const shared = declaring.declared.some(
    ({ statement }) =>
      compiler.isVariableStatement(statement) && statement.declarationList.declarations.length > 1,
  );
  if (shared)
    throw new Declined(`\`${name}\` shares its declaration with others in ${declaring.path}`);
  yield* tree.edit(
    declaring.path,
    [...edits].map((start) => ({ start, end: start, text: 'export ' })),
  );
}

/** Adds to `{ a, b }`, in order where the list is in order, else at its end. */
const addToList = (file: ts.SourceFile, list: ts.NamedExports, what: string): TextEdit => {
  const names = list.elements.map((element) => element.getText(file));
  const key = (name: string): string => name.replace(/^type /u, '').toLowerCase();
  const ordered = names.every((name, at) => at === 0 || key(names[at - 1] ?? '') <= key(name));
  const next = ordered
    ? list.elements.find((one) => key(one.getText(file)) > key(what))
    : undefined;
  const last = list.elements.at(-1);
  if (next) {
    const start = next.getStart(file);
    return { start, end: start, text: `${what},${gapBefore(file, list, next)}` };
  }
  if (!last) {
    return { start: list.getStart(file), end: list.getEnd(), text: `{ ${what} }` };
  }
  return {
    start: last.getEnd(),
    end: last.getEnd(),
    text: `,${gapBefore(file, list, last)}${what}`,
  };
};

/** The white space in front of a list's element: a new line with its indentation, or one space. */
const gapBefore = (file: ts.SourceFile, list: ts.NamedExports, element: ts.Node): string => {
  const before = file.text.slice(list.getStart(file) + 1, element.getStart(file));
  return /\r?\n[ \t]*$/u.exec(before)?.[0] ?? ' ';
};

const newStatement = (
  compiler: Compiler,
  file: ts.SourceFile,
  what: string,
  typeOnly: boolean,
  specifier: string,
): TextEdit => {
  const { quote, end } = styleOf(compiler, file);
  const eol = lineEnding(file.text);
  const kind = typeOnly ? 'export type' : 'export';
  const statement = `${kind} { ${what} } from ${quote}${specifier}${quote}${end}`;
  const exports = file.statements.filter(
    (one) => compiler.isExportDeclaration(one) && one.moduleSpecifier !== undefined,
  );
  const before = exports.at(-1) ?? file.statements.findLast(compiler.isImportDeclaration);
  if (before) {
    const at = endOfLine(file.text, before.getEnd());
    const gap = exports.length > 0 ? eol : `${eol}${eol}`;
    return { start: at, end: at, text: `${gap}${statement}` };
  }
  const [first] = file.statements;
  if (first) {
    const at = file.text.length;
    const gap = file.text.endsWith('\n') ? '' : eol;
    return { start: at, end: at, text: `${gap}${statement}${eol}` };
  }
  const at = file.text.length;
  const gap = file.text === '' || file.text.endsWith('\n') ? '' : eol;
  return { start: at, end: at, text: `${gap}${statement}${eol}` };
};

/** Behind a comment that follows the statement on its line. */
const endOfLine = (text: string, at: number): number => {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/)?[ \t]*(?=\r?\n|$)/u.exec(
    text.slice(at),
  );
  return rest ? at + rest[0].trimEnd().length : at;
};
