// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { Declined } from '../../src/chore/script.ts';
import { parseSource } from '../../src/code/syntax.ts';
import { type CodeToken, readStatements } from '../../src/code/tokens.ts';
import { type Compiler, loadTypeScript } from '../../src/data/load-typescript.ts';

/** Whether two scripts are the same as the compiler writes them, with all in one form that formatters choose. */
export const isSameScript = (path: string, before: string, now: string): boolean => {
  const [was, is] = [before, now].map((text) => formOf(path, text)) as [Form, Form];
  const ahead = is.remarks.ahead.slice(0, was.remarks.ahead.length);
  const among = [...is.remarks.among, ...is.remarks.ahead.slice(ahead.length)];
  const moved = { ...is, remarks: { ...is.remarks, ahead, among: among.sort() } };
  return JSON.stringify(was) === JSON.stringify(moved);
};

type Form = ReturnType<typeof formOf>;

const formOf = (path: string, text: string) => {
  const compiler = loadTypeScript();
  const file = parseSource(compiler, path, text);
  const [plain] = compiler.transform(file, [plainly(compiler)]).transformed;
  const printer = compiler.createPrinter({ removeComments: true });
  const written = printer.printFile(plain as ts.SourceFile);
  const statements = readStatements(compiler, path, written).map(({ tokens }) =>
    tokens
      .map(({ text: word }) => word)
      .filter((word, at, all) => word !== ',' || !/^[)\]}>]$/.test(all[at + 1] ?? ''))
      .join('\0'),
  );
  return { statements: inOrder(statements), remarks: remarks(compiler, path, text) };
};

/** Neighbouring statements that take or hand on names are sorted. */
const inOrder = (statements: readonly string[]): readonly string[] => {
  const sorted: string[] = [];
  let run: string[] = [];
  const wordOf = (statement = ''): string =>
    /^(?:import\0(?!")|export\0(?:type\0)?[{*])/.exec(statement)?.[0].slice(0, 6) ?? '';
  for (const statement of [...statements, '']) {
    if (run.length > 0 && wordOf(statement) !== wordOf(run[0])) {
      sorted.push(...run.sort());
      run = [];
    }
    if (wordOf(statement) === '') sorted.push(statement);
    else run.push(statement);
  }
  return sorted;
};

/** Takes away what groups or ends nothing, and writes names, texts and numbers in one way. */
const plainly =
  (compiler: Compiler): ts.TransformerFactory<ts.SourceFile> =>
  (context) => {
    const { factory } = context;
    const isList = (node: ts.Node): boolean =>
      compiler.isSourceFile(node) ||
      compiler.isBlock(node) ||
      compiler.isModuleBlock(node) ||
      compiler.isCaseOrDefaultClause(node);
    const visit = (node: ts.Node): ts.VisitResult<ts.Node | undefined> => {
      const { parent } = node;
      const { hasTrailingComma } = compiler.isVariableDeclarationList(node)
        ? node.declarations
        : compiler.isHeritageClause(node)
          ? node.types
          : {};
      if (hasTrailingComma) throw new Declined(`a list ends in a comma: ${node.getText()}`);
      if (compiler.isArrowFunction(node) && isLineEnd(node.equalsGreaterThanToken))
        throw new Declined(`a line ends before an arrow: ${node.getText()}`);
      if (compiler.isEmptyStatement(node) && isList(parent)) return undefined;
      if (compiler.isSemicolonClassElement(node)) return undefined;
      if (compiler.isParenthesizedTypeNode(node)) return visit(node.type);
      if (compiler.isParenthesizedExpression(node)) {
        const isText = compiler.isStringLiteral(node.expression);
        return compiler.isExpressionStatement(parent) && isText ? node : visit(node.expression);
      }
      if (compiler.isStringLiteral(node))
        return factory.createStringLiteral(
          compiler.isExpressionStatement(parent)
            ? `as written: ${node.getText()}`.replace(/["'](.*)["']$/s, '$1')
            : node.text,
        );
      if (isKey(node)) return factory.createStringLiteral(node.text);
      if (compiler.isNumericLiteral(node)) return factory.createNumericLiteral(node.text);
      if (compiler.isImportDeclaration(node)) return taken(node);
      if (compiler.isExportDeclaration(node) && node.exportClause) return handedOn(node);
      if (compiler.isJsxElement(node) || compiler.isJsxFragment(node)) return shown(node);
      const whole = compiler.visitEachChild(node, visit, context);
      if (compiler.isArrowFunction(whole)) {
        const { modifiers, typeParameters, parameters, type, body } = whole;
        return factory.createArrowFunction(
          modifiers,
          typeParameters,
          parameters,
          type,
          undefined,
          body,
        );
      }
      if (compiler.isNewExpression(whole))
        return factory.createNewExpression(
          whole.expression,
          whole.typeArguments,
          whole.arguments ?? [],
        );
      if (compiler.isBinaryExpression(whole)) return turned(whole);
      return compiler.isUnionTypeNode(whole) && whole.types.length === 1 ? whole.types[0] : whole;
    };

    const isLineEnd = (node: ts.Node): boolean => /[\r\n]/.test(node.getFullText());

    /** `a || (b || c)` as `a || b || c`, which comes to the same. */
    const turned = ({ left, operatorToken, right }: ts.BinaryExpression): ts.BinaryExpression => {
      const inner = compiler.isParenthesizedExpression(right) ? right.expression : right;
      return isLogical(operatorToken.kind) &&
        compiler.isBinaryExpression(inner) &&
        inner.operatorToken.kind === operatorToken.kind
        ? turned(
            factory.createBinaryExpression(
              turned(factory.createBinaryExpression(left, operatorToken, inner.left)),
              operatorToken,
              inner.right,
            ),
          )
        : factory.createBinaryExpression(left, operatorToken, right);
    };
    const isLogical = (kind: ts.SyntaxKind): boolean =>
      kind === compiler.SyntaxKind.BarBarToken ||
      kind === compiler.SyntaxKind.AmpersandAmpersandToken ||
      kind === compiler.SyntaxKind.QuestionQuestionToken;

    /** The name of a property, which may stand in quotes. */
    const isKey = (node: ts.Node): node is ts.Identifier | ts.NumericLiteral => {
      const { parent } = node;
      const isMember =
        compiler.isPropertyAssignment(parent) ||
        compiler.isPropertySignature(parent) ||
        compiler.isPropertyDeclaration(parent) ||
        compiler.isMethodDeclaration(parent) ||
        compiler.isMethodSignature(parent) ||
        compiler.isAccessor(parent);
      return (
        isMember &&
        parent.name === node &&
        (compiler.isIdentifier(node) || compiler.isNumericLiteral(node))
      );
    };

    /** One statement for each name that is imported. */
    const taken = (node: ts.ImportDeclaration): readonly ts.Statement[] => {
      const clause = node.importClause;
      const bindings = clause?.namedBindings;
      if (!clause) return [compiler.visitEachChild(node, visit, context)];
      const from = visit(node.moduleSpecifier) as ts.Expression;
      const attributes =
        node.attributes &&
        (compiler.visitEachChild(node.attributes, visit, context) as ts.ImportAttributes);
      const write = (
        name: ts.Identifier | undefined,
        named: ts.NamedImportBindings | undefined,
      ): ts.Statement =>
        factory.createImportDeclaration(
          node.modifiers,
          factory.createImportClause(clause.phaseModifier, name, named),
          from,
          attributes,
        );
      const names = bindings && compiler.isNamedImports(bindings) ? [...bindings.elements] : [];
      const single = names.map((one) => write(undefined, factory.createNamedImports([one])));
      const others = bindings && names.length === 0 ? [write(undefined, bindings)] : [];
      return [...(clause.name ? [write(clause.name, undefined)] : []), ...single, ...others];
    };

    /** One statement for each name that is handed on. */
    const handedOn = (node: ts.ExportDeclaration): readonly ts.Statement[] => {
      const { exportClause: clause } = node;
      const names = clause && compiler.isNamedExports(clause) ? [...clause.elements] : [];
      const from = node.moduleSpecifier && (visit(node.moduleSpecifier) as ts.Expression);
      const attributes =
        node.attributes &&
        (compiler.visitEachChild(node.attributes, visit, context) as ts.ImportAttributes);
      const write = (named: ts.NamedExportBindings | undefined): ts.Statement =>
        factory.createExportDeclaration(node.modifiers, node.isTypeOnly, named, from, attributes);
      return names.length === 0
        ? [write(clause)]
        : names.map((one) => write(factory.createNamedExports([one])));
    };

    /** An element whose text is what it shows, however it is broken into lines. */
    const shown = (node: ts.JsxElement | ts.JsxFragment): ts.Node => {
      const children: ts.JsxChild[] = [];
      let words = '';
      const flush = (): void => {
        if (words !== '')
          children.push(
            factory.createJsxText(
              JSON.stringify(words).replace(/[<>{}]/g, (sign) => `&#${sign.charCodeAt(0)};`),
            ),
          );
        words = '';
      };
      for (const child of node.children) {
        const blank =
          compiler.isJsxExpression(child) &&
          child.expression &&
          compiler.isStringLiteral(child.expression)
            ? child.expression.text
            : '-';
        if (compiler.isJsxText(child)) words += flowing(child.text);
        else if (blank.trim() === '') words += blank;
        else {
          flush();
          children.push(visit(child) as ts.JsxChild);
        }
      }
      flush();
      if (compiler.isJsxFragment(node))
        return factory.createJsxFragment(node.openingFragment, children, node.closingFragment);
      const open = visit(node.openingElement) as ts.JsxOpeningElement;
      return factory.createJsxElement(open, children, node.closingElement);
    };
    return (file) => compiler.visitEachChild(file, visit, context);
  };

/** A line break with the blanks around it is one blank between words, and nothing at an end. */
const flowing = (text: string): string =>
  text
    .replace(/^[ \t]*[\r\n]\s*/, '')
    .replace(/\s*[\r\n][ \t]*$/, '')
    .replace(/[ \t]*[\r\n]\s*/g, ' ');

/** The comments, each with the number of words before it; those among and ahead of imports by themselves. */
const remarks = (compiler: Compiler, path: string, text: string) => {
  const among: string[] = [];
  const ahead: string[] = [];
  const fixed: (readonly [number, string])[] = [];
  let [at, words] = [0, 0];
  let last: ts.SyntaxKind | undefined;
  const { ImportDeclaration, ExportDeclaration } = compiler.SyntaxKind;
  const isMoved = (kind: ts.SyntaxKind | undefined): boolean =>
    kind === ImportDeclaration || kind === ExportDeclaration;
  const look = (end: number, kind: ts.SyntaxKind | undefined): void => {
    const gap = text.slice(at, end);
    for (const { 0: said, index } of gap.matchAll(/\/\/.*|\/\*[\s\S]*?\*\//g)) {
      const isBeside = isMoved(last) && !gap.slice(0, index).includes('\n');
      const plain = said.split(/\s+/).join(' ').trim();
      if (last === undefined && isMoved(kind)) ahead.push(plain);
      else if (isBeside || isMoved(kind)) among.push(plain);
      else fixed.push([words, plain]);
    }
  };
  const pass = ({ text: word, end }: CodeToken, kind: ts.SyntaxKind): void => {
    if (!isMoved(kind) && /[\p{L}\p{N}_$]/u.test(word)) words += 1;
    at = end;
    last = kind;
  };
  if (text.startsWith('#!') || text.startsWith('\uFEFF#!')) at = text.search(/$/m);
  for (const { kind, tokens } of readStatements(compiler, path, text))
    for (const token of tokens) {
      look(token.start, kind);
      pass(token, kind);
    }
  look(text.length, undefined);
  return { fixed, ahead, among: among.sort() };
};
