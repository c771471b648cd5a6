// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../../src/data/load-typescript.ts';

/** What a test may use: names under test with what they are, and names of its own. */
export type Scope = {
  readonly compiler: Compiler;
  readonly subjects: ReadonlyMap<string, Subject>;
  /** Names of the test's own, each with the expression it stands for; parameters with none. */
  readonly own: Map<string, ts.Expression | undefined>;
};

export type Subject = { readonly kind: 'function' | 'class' | 'value'; readonly takes: boolean };

const members: Readonly<Record<string, ReadonlySet<string>>> = {
  JSON: new Set(['stringify', 'parse']),
  Number: new Set([
    'isInteger',
    'isNaN',
    'isFinite',
    'parseFloat',
    'parseInt',
    'MAX_SAFE_INTEGER',
    'MIN_SAFE_INTEGER',
    'EPSILON',
  ]),
  String: new Set(['fromCharCode', 'fromCodePoint']),
  Array: new Set(['of', 'from', 'isArray']),
  Object: new Set(['keys', 'values', 'entries', 'fromEntries']),
  Symbol: new Set(['for', 'iterator']),
  Promise: new Set(['resolve', 'reject']),
};
const plainNames = new Set(
  'undefined NaN Infinity Error TypeError RangeError SyntaxError Map Set Date String Number Boolean Array Object'.split(
    ' ',
  ),
);
const callable = new Set('Number String Boolean BigInt Symbol'.split(' '));
const creatable = new Set(
  'Map Set Date Error TypeError RangeError SyntaxError URL Uint8Array'.split(' '),
);
const closed = new Set(
  'constructor prototype caller callee arguments call apply bind mainModule env binding getBuiltinModule toLocaleString'.split(
    ' ',
  ),
);

const isClosed = (name: string): boolean => closed.has(name) || name.startsWith('__');

/** The first thing in an expression that a test may not have; `undefined` where there is none. */
export const strangeIn = (scope: Scope, node: ts.Expression): string | undefined => {
  const { compiler } = scope;
  const all = (nodes: readonly ts.Expression[]): string | undefined => {
    for (const one of nodes) {
      const strange = strangeIn(scope, one);
      if (strange !== undefined) return strange;
    }
    return undefined;
  };
  if (compiler.isIdentifier(node)) return strangeName(scope, node);
  if (
    compiler.isParenthesizedExpression(node) ||
    compiler.isAwaitExpression(node) ||
    compiler.isTypeOfExpression(node) ||
    compiler.isSpreadElement(node)
  )
    return strangeIn(scope, node.expression);
  if (compiler.isPropertyAccessExpression(node)) {
    if (isClosed(node.name.text)) return `.${node.name.text}`;
    if (isMember(scope, node)) return undefined;
    const { expression: from } = node;
    return compiler.isIdentifier(from) && !isOwn(scope, from.text)
      ? node.getText()
      : strangeIn(scope, from);
  }
  if (compiler.isElementAccessExpression(node)) {
    const { argumentExpression: key } = node;
    const isPlain =
      compiler.isNumericLiteral(key) ||
      (compiler.isStringLiteral(key) && /^[\w -]+$/u.test(key.text) && !isClosed(key.text));
    return isPlain ? strangeIn(scope, node.expression) : key.getText();
  }
  if (compiler.isCallExpression(node)) {
    if (node.typeArguments) return node.getText();
    const { expression: callee } = node;
    const isGlobal =
      compiler.isIdentifier(callee) && callable.has(callee.text) && !isOwn(scope, callee.text);
    const isMath = compiler.isPropertyAccessExpression(callee) && isMember(scope, callee);
    return (isGlobal || isMath ? undefined : strangeIn(scope, callee)) ?? all(node.arguments);
  }
  if (compiler.isNewExpression(node)) {
    const { expression: made, arguments: args = [] } = node;
    const isMade =
      compiler.isIdentifier(made) &&
      (scope.subjects.has(made.text) || (creatable.has(made.text) && !isOwn(scope, made.text)));
    if (!isMade || node.typeArguments || (made.text === 'Date' && args.length === 0))
      return node.getText();
    return all(args);
  }
  if (compiler.isPrefixUnaryExpression(node)) {
    const { ExclamationToken, PlusToken, MinusToken } = compiler.SyntaxKind;
    return [ExclamationToken, PlusToken, MinusToken].includes(node.operator as never)
      ? strangeIn(scope, node.operand)
      : node.getText();
  }
  if (compiler.isBinaryExpression(node)) {
    const isPlain = /^(?:[-+*/%]|\*\*|[=!]==?|[<>]=?|&&|\|\||\?\?|instanceof)$/u.test(
      node.operatorToken.getText(),
    );
    return isPlain ? all([node.left, node.right]) : node.getText();
  }
  if (compiler.isArrayLiteralExpression(node)) return all(node.elements);
  if (compiler.isObjectLiteralExpression(node)) {
    for (const one of node.properties) {
      if (compiler.isSpreadAssignment(one)) {
        const strange = strangeIn(scope, one.expression);
        if (strange !== undefined) return strange;
        continue;
      }
      const isShort = compiler.isShorthandPropertyAssignment(one);
      if (!isShort && !compiler.isPropertyAssignment(one)) return one.getText();
      if (compiler.isComputedPropertyName(one.name) || /__proto__|\\/u.test(one.name.getText()))
        return one.getText();
      const strange = isShort ? strangeName(scope, one.name) : strangeIn(scope, one.initializer);
      if (strange !== undefined) return strange;
    }
    return undefined;
  }
  if (compiler.isTemplateExpression(node))
    return all(node.templateSpans.map(({ expression }) => expression));
  if (compiler.isArrowFunction(node)) return strangeArrow(scope, node);
  const { TrueKeyword, FalseKeyword, NullKeyword } = compiler.SyntaxKind;
  return compiler.isLiteralExpression(node) ||
    [TrueKeyword, FalseKeyword, NullKeyword].includes(node.kind as never)
    ? undefined
    : node.getText();
};

const isOwn = ({ own, subjects }: Scope, name: string): boolean =>
  own.has(name) || subjects.has(name);

const strangeName = (scope: Scope, { text }: ts.Identifier): string | undefined =>
  isOwn(scope, text) || plainNames.has(text) ? undefined : text;

/** `Math.max` and the like. */
const isMember = (scope: Scope, { expression, name }: ts.PropertyAccessExpression): boolean => {
  if (!scope.compiler.isIdentifier(expression) || isOwn(scope, expression.text)) return false;
  if (expression.text === 'Math') return name.text !== 'random';
  return (
    Object.hasOwn(members, expression.text) && members[expression.text]?.has(name.text) === true
  );
};

/** An arrow gives one expression, and its parameters are plain names. */
const strangeArrow = (scope: Scope, node: ts.ArrowFunction): string | undefined => {
  const { compiler, own, subjects } = scope;
  const gives = givenBy(compiler, node);
  const names = node.parameters.map(({ name }) => name.getText());
  const isPlain = node.parameters.every(
    ({ name, initializer, dotDotDotToken, type }) =>
      compiler.isIdentifier(name) &&
      !initializer &&
      !dotDotDotToken &&
      !subjects.has(name.text) &&
      /^\w*$/u.test(type?.getText() ?? ''),
  );
  if (!gives || !isPlain || node.type || node.typeParameters) return node.getText();
  return strangeIn(
    { ...scope, own: new Map([...own, ...names.map((name) => [name, undefined] as const)]) },
    gives,
  );
};

/** What an arrow function gives back or does, if it is one expression. */
export const givenBy = (
  compiler: Compiler,
  { body }: ts.ArrowFunction,
): ts.Expression | undefined => {
  if (!compiler.isBlock(body)) return body;
  const [only, other] = body.statements;
  if (!only || other) return undefined;
  return compiler.isReturnStatement(only) || compiler.isExpressionStatement(only)
    ? only.expression
    : undefined;
};
