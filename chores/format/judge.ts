// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { coveredBy, type Judge } from '../../src/chore/patch.ts';
import { parseSource } from '../../src/code/syntax.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { isFormatted, isScript } from './kinds.ts';

/** Walks both syntax trees side by side: what they say must be the same, and every comment be there. */
export const judge: Judge<{ readonly files?: readonly string[] }> = (
  { files },
  { paths, base },
  texts,
) => {
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(coveredBy(files)).filter(isFormatted)) {
    const [before, now] = [base.get(path), texts.get(path)];
    if (before === undefined || now === undefined || before === now) continue;
    const same = isScript(path) ? sameScript(path, before, now) : sameData(path, before, now);
    if (same && headOf(before) === headOf(now)) left.set(path, before);
    else findings.push(`${path}: more is changed than how it is written`);
  }
  return { texts: left, findings };
};

/** A mark of the byte order and a first line for the shell are in no tree. */
const headOf = (text: string): string | undefined => /^\uFEFF?(?:#!.*)?/.exec(text)?.[0];

const sameScript = (path: string, before: string, now: string): boolean => {
  const compiler = loadTypeScript();
  const [old, file] = [before, now].map((text) => parseSource(compiler, path, text)) as [
    ts.SourceFile,
    ts.SourceFile,
  ];
  const [was, is] = [statementsOf(compiler, old), statementsOf(compiler, file)];
  return (
    was.length === is.length &&
    was.every((statement, index) => sameNode(compiler, statement, is[index] as ts.Node)) &&
    commentsOf(before).join('\n') === commentsOf(now).join('\n')
  );
};

/** Imports may change places among their neighbours that run nothing by themselves. */
const statementsOf = (compiler: typeof ts, file: ts.SourceFile): readonly ts.Statement[] => {
  const sorted: ts.Statement[] = [];
  let run: ts.ImportDeclaration[] = [];
  const flush = (): void => {
    const key = ({ moduleSpecifier, importClause }: ts.ImportDeclaration) =>
      `${(moduleSpecifier as ts.StringLiteral).text} ${namesOf(compiler, importClause).join()}`;
    sorted.push(...run.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)));
    run = [];
  };
  for (const statement of file.statements) {
    if (compiler.isImportDeclaration(statement) && statement.importClause) run.push(statement);
    else {
      flush();
      sorted.push(statement);
    }
  }
  flush();
  return sorted;
};

const namesOf = (compiler: typeof ts, clause: ts.ImportClause | undefined): readonly string[] => {
  const bindings = clause?.namedBindings;
  const named = bindings && compiler.isNamedImports(bindings) ? [...bindings.elements] : [];
  return named.map(({ name }) => name.text).sort();
};

const sameNode = (compiler: typeof ts, a: ts.Node, b: ts.Node): boolean => {
  const [left, right] = [bare(compiler, a), bare(compiler, b)];
  if (left.kind !== right.kind || textOf(left) !== textOf(right)) return false;
  const [was, is] = [partsOf(compiler, left), partsOf(compiler, right)];
  return (
    was.length === is.length &&
    was.every((part, index) => sameNode(compiler, part, is[index] as ts.Node))
  );
};

/** Brackets around a whole expression group nothing that the tree does not. */
const bare = (compiler: typeof ts, node: ts.Node): ts.Node =>
  compiler.isParenthesizedExpression(node) ? bare(compiler, node.expression) : node;

const textOf = (node: ts.Node): string =>
  'text' in node && typeof node.text === 'string' ? node.text : '';

const partsOf = (compiler: typeof ts, node: ts.Node): readonly ts.Node[] => {
  const parts: ts.Node[] = [];
  compiler.forEachChild(node, (child) => {
    if (!compiler.isEmptyStatement(child)) parts.push(child);
  });
  if (compiler.isForStatement(node)) {
    const { initializer, condition, incrementor, statement } = node;
    const none = compiler.factory.createNull();
    return [initializer ?? none, condition ?? none, incrementor ?? none, statement];
  }
  return compiler.isNamedImports(node)
    ? parts.toSorted((a, b) => (a.getText() < b.getText() ? -1 : 1))
    : parts;
};

/** Comments as a scanner meets them, blanks made one; in any order, since imports may move. */
const commentsOf = (text: string): readonly string[] => {
  const comments = text.match(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g) ?? [];
  return comments.map((comment) => comment.replace(/\s+/g, ' ').trim()).sort();
};

/** JSON and CSS: the same but for blanks that mean nothing, and a comma or semicolon taken off an end. */
const sameData = (path: string, before: string, now: string): boolean => {
  const [was, is] = [before, now].map((text) => squeeze(path, text)) as [string, string];
  const ends = /[;,](?=[}\]])/g;
  const isMore = /n$/i.test(path) && (is.match(ends)?.length ?? 0) > (was.match(ends)?.length ?? 0);
  return !isMore && was.replace(ends, '') === is.replace(ends, '');
};

const squeeze = (path: string, text: string): string => {
  const plain = text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\s+/g, (part) =>
    /^\s/.test(part) ? ' ' : `"${part.slice(1, -1)}"`,
  );
  // In a selector a blank says "somewhere inside", and `and (` is not `and(`.
  const kept = /css$/i.test(path)
    ? plain
        .replace(/ (?=\()|(?<=\)) (?![{};,)>])/g, '\0')
        .replace(/(?<=\() | (?=\))/g, '')
        .replace(/[^{};]*(?=\{)/g, (before) => (isAtRule(before) ? before : markColons(before)))
    : plain;
  return kept.replace(/ ?([{}[\]:;,>()]) ?/g, '$1').trim();
};

const isAtRule = (before: string): boolean => /^(?: |\/\*.*?\*\/)*@/.test(before);

const markColons = (selector: string): string => selector.replace(/ (?=:)|(?<=:) /g, '\0');
