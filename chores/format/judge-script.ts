// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { parseSource } from '../../src/code/syntax.ts';
import { type Compiler, loadTypeScript } from '../../src/data/load-typescript.ts';
import { isSorted, sortedStatements } from './judge-imports.ts';

/** Whether two scripts have the same tree, but for marks that say nothing, and the same comments. */
export const sameScript = (path: string, before: string, now: string): boolean => {
  const compiler = loadTypeScript();
  const [old, file] = [before, now].map((text) => parseSource(compiler, path, text)) as [
    ts.SourceFile,
    ts.SourceFile,
  ];
  const walk = walker(compiler);
  const [was, is] = [old, file].map((one) => sortedStatements(compiler, one)) as [Items, Items];
  const same = was.length === is.length && was.every((item, at) => sameItem(walk, item, is[at]));
  const [had, has] = [old, file].map((one) => commentsOf(compiler, one)) as [Comments, Comments];
  const { length } = had.first;
  const moved = ({ first, moving }: Comments): string =>
    JSON.stringify([...first.slice(length), ...moving].sort());
  return (
    same &&
    had.first.join('\n') === has.first.slice(0, length).join('\n') &&
    moved(had) === moved(has) &&
    JSON.stringify(had.kept) === JSON.stringify(has.kept)
  );
};

type Items = ReturnType<typeof sortedStatements>;

const sameItem = (
  same: (a: ts.Node, b: ts.Node) => boolean,
  a: Items[number],
  b: Items[number] | undefined,
): boolean =>
  b !== undefined && (typeof a === 'string' || typeof b === 'string' ? a === b : same(a, b));

/** Compares two nodes, part by part. */
const walker = (compiler: Compiler): ((a: ts.Node, b: ts.Node) => boolean) => {
  const { SyntaxKind: kinds } = compiler;
  const same = (a: ts.Node, b: ts.Node): boolean => {
    const [left, right] = [bare(a), bare(b)];
    const [name, other] = [keyOf(left), keyOf(right)];
    if (name !== undefined || other !== undefined) return name === other;
    if (left.kind !== right.kind || isChain(left) !== isChain(right)) return false;
    if (isBroken(right)) return false;
    const [was, is] = [partsOf(left), partsOf(right)];
    if (was.length === 0 && is.length === 0) return wordOf(left) === wordOf(right);
    return (
      was.length === is.length &&
      was.every((part, at) => {
        const mate = is[at];
        return typeof part === 'string' || typeof mate === 'string'
          ? part === mate
          : mate !== undefined && same(part, mate);
      })
    );
  };

  /** Brackets around a whole expression or type group nothing that the tree does not. */
  const bare = (node: ts.Node): ts.Node => {
    if (compiler.isParenthesizedTypeNode(node)) return bare(node.type);
    const [only, second] = compiler.isUnionTypeNode(node) ? node.types : [];
    if (only && !second) return bare(only);
    if (!compiler.isParenthesizedExpression(node)) return node;
    // Without them it would be a directive.
    const isText =
      compiler.isExpressionStatement(node.parent) && compiler.isStringLiteral(node.expression);
    return isText ? node : bare(node.expression);
  };

  /** The name of a property, in quotes or not. */
  const keyOf = (node: ts.Node): string | undefined => {
    const { parent } = node;
    const isName =
      parent !== undefined &&
      'name' in parent &&
      parent.name === node &&
      (compiler.isObjectLiteralElementLike(parent) ||
        compiler.isTypeElement(parent) ||
        compiler.isClassElement(parent));
    return isName &&
      (compiler.isIdentifier(node) ||
        compiler.isStringLiteral(node) ||
        compiler.isNumericLiteral(node))
      ? node.text
      : undefined;
  };

  const isChain = (node: ts.Node): boolean => compiler.isOptionalChain(node);

  /** What a node without parts says: a text by its value, but a directive by its letters. */
  const wordOf = (node: ts.Node): string => {
    if (compiler.isStringLiteral(node) && !compiler.isExpressionStatement(node.parent))
      return node.text;
    if (compiler.isNumericLiteral(node) || compiler.isBigIntLiteral(node)) return node.text;
    const said = node.getText();
    return compiler.isStringLiteral(node) ? said.slice(1, -1) : said;
  };

  /** The parts of a node with its words and marks, but for those that formatters add and take away. */
  const partsOf = (node: ts.Node): readonly (ts.Node | string)[] => {
    if (compiler.isJsxElement(node) || compiler.isJsxFragment(node)) return jsxParts(node);
    if (compiler.isBinaryExpression(node) && isLogical(node.operatorToken)) return operands(node);
    const all = node
      .getChildren()
      .filter(({ kind }) => kind < kinds.FirstJSDocNode || kind > kinds.LastJSDocNode);
    const isList = node.kind === kinds.SyntaxList;
    return all.filter((part, at) => {
      if (part.kind === kinds.SyntaxList) return part.getChildCount() > 0;
      if (part.kind === kinds.EmptyStatement) return !isList;
      if (part.kind === kinds.SemicolonClassElement) return false;
      if (part.kind === kinds.SemicolonToken) return compiler.isForStatement(node);
      if (part.kind === kinds.CommaToken) return at < all.length - 1 || !mayEndInComma(node);
      if (part.kind === kinds.BarToken || part.kind === kinds.AmpersandToken) return at > 0;
      const isBracket = part.kind === kinds.OpenParenToken || part.kind === kinds.CloseParenToken;
      return !(isBracket && (compiler.isArrowFunction(node) || compiler.isNewExpression(node)));
    });
  };

  /** Before an arrow no line may end, which the compiler does not mind. */
  const isBroken = (node: ts.Node): boolean =>
    compiler.isArrowFunction(node) && /[\r\n]/.test(node.equalsGreaterThanToken.getFullText());

  /** Whether a list may have a comma at its end, which says nothing there. */
  const mayEndInComma = ({ parent }: ts.Node): boolean =>
    !compiler.isVariableDeclarationList(parent) && !compiler.isHeritageClause(parent);

  /** Of `a || (b || c)` and `a || b || c` the same. */
  const operands = ({ left, operatorToken, right }: ts.BinaryExpression): readonly ts.Node[] =>
    [left, right].map(bare).flatMap((side, at) => {
      const isAlike =
        compiler.isBinaryExpression(side) && side.operatorToken.kind === operatorToken.kind;
      return [...(at === 1 ? [operatorToken] : []), ...(isAlike ? operands(side) : [side])];
    });

  const isLogical = ({ kind }: ts.Node): boolean =>
    [kinds.BarBarToken, kinds.AmpersandAmpersandToken, kinds.QuestionQuestionToken].some(
      (one) => one === kind,
    );

  const jsxParts = (node: ts.JsxElement | ts.JsxFragment): readonly (ts.Node | string)[] => {
    const [open, close] = compiler.isJsxElement(node)
      ? [node.openingElement, node.closingElement]
      : [node.openingFragment, node.closingFragment];
    const parts: (ts.Node | string)[] = [open];
    for (const child of node.children) {
      const said = jsxText(child);
      const last = parts.at(-1);
      if (said === undefined) parts.push(child);
      else if (typeof last === 'string') parts[parts.length - 1] = last + said;
      else if (said !== '') parts.push(said);
    }
    return [...parts, close];
  };

  /** What a piece of text shows, which is not how it is broken into lines. */
  const jsxText = (node: ts.JsxChild): string | undefined => {
    if (compiler.isJsxText(node)) {
      const lines = node.text.split(/\r\n|\n|\r/);
      return lines
        .map((line, at) => {
          const left = at === 0 ? line : line.replace(/^[ \t]+/, '');
          return at === lines.length - 1 ? left : left.replace(/[ \t]+$/, '');
        })
        .filter((line) => line !== '')
        .join(' ');
    }
    const inner = compiler.isJsxExpression(node) ? node.expression : undefined;
    return inner && compiler.isStringLiteral(inner) && /^ *$/.test(inner.text)
      ? inner.text
      : undefined;
  };
  return same;
};

/**
 * The comments in their order, each with the words that follow it. Those among imports may move with them,
 * but not what is said at the top of the file.
 */
type Comments = {
  readonly first: readonly string[];
  readonly moving: readonly string[];
  readonly kept: readonly (readonly [said: string, words: readonly string[]])[];
};

const commentsOf = (compiler: Compiler, file: ts.SourceFile): Comments => {
  const kept: (readonly [said: string, words: number])[] = [];
  const first: string[] = [];
  const moving: string[] = [];
  const words: string[] = [];
  let isBehindImport = false;
  for (const { leaf, isMoved } of leavesOf(compiler, file)) {
    const gap = file.text.slice(leaf.getFullStart(), leaf.getStart(file, false));
    for (const { 0: comment, index } of gap.matchAll(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g)) {
      const said = comment.replace(/\s+/g, ' ').trim();
      const isBeside = isBehindImport && !/[\r\n]/.test(gap.slice(0, index));
      if (isMoved && leaf.getFullStart() === 0) first.push(said);
      else if (isMoved || isBeside) moving.push(said);
      else kept.push([said, words.length]);
    }
    isBehindImport = isMoved;
    const word = /[\p{L}\p{N}_$]+/u.exec(leaf.getText(file))?.[0];
    if (word !== undefined && !isMoved) words.push(word);
  }
  return { first, moving, kept: kept.map(([said, at]) => [said, words.slice(at, at + 5)]) };
};

/** The words and marks of a file, and whether they are of a statement that may change places. */
const leavesOf = (compiler: Compiler, file: ts.SourceFile) => {
  const leaves: { readonly leaf: ts.Node; readonly isMoved: boolean }[] = [];
  const look = (node: ts.Node, isMoved: boolean): void => {
    const parts = node
      .getChildren(file)
      .filter(
        ({ kind }) =>
          kind < compiler.SyntaxKind.FirstJSDocNode || kind > compiler.SyntaxKind.LastJSDocNode,
      );
    for (const part of parts) look(part, isMoved);
    if (parts.length === 0) leaves.push({ leaf: node, isMoved });
  };
  for (const statement of file.statements) look(statement, isSorted(compiler, statement));
  look(file.endOfFileToken, false);
  return leaves;
};
