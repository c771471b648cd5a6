// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Scope } from './redo-forms.ts';

/** An expectation that everything meets. */
export const isMetByAll = (compiler: Compiler, method: string, wanted: ts.Expression): boolean => {
  if (['like', 'toMatchObject'].includes(method)) {
    return (
      (compiler.isObjectLiteralExpression(wanted) && wanted.properties.length === 0) ||
      (compiler.isArrayLiteralExpression(wanted) && wanted.elements.length === 0)
    );
  }
  if (method === 'toContain') return compiler.isStringLiteral(wanted) && wanted.text === '';
  if (!['regex', 'match', 'toMatch'].includes(method)) return false;
  if (!compiler.isRegularExpressionLiteral(wanted)) return true;
  const end = wanted.text.lastIndexOf('/');
  try {
    return new RegExp(wanted.text.slice(1, end), wanted.text.slice(end + 1)).test('');
  } catch {
    return true;
  }
};

type Compiler = Scope['compiler'];

/** The name whose result is compared with something that does not come of it. */
export const comparedIn = (
  scope: Scope,
  one: ts.Expression,
  other: ts.Expression,
): string | undefined => {
  const { compiler, subjects } = scope;
  const [actual, wanted] = subjectOf(scope, one) === undefined ? [other, one] : [one, other];
  if (mentions(scope, wanted)) return undefined;
  if (
    compiler.isTypeOfExpression(actual) &&
    compiler.isIdentifier(actual.expression) &&
    subjects.has(actual.expression.text)
  ) {
    const isFunction = compiler.isStringLiteral(wanted) && wanted.text === 'function';
    return isFunction && subjects.get(actual.expression.text)?.kind !== 'value'
      ? actual.expression.text
      : undefined;
  }
  return resultOf(scope, actual);
};

/** Whether a name under test, or what came of one, is anywhere in it. */
const mentions = (scope: Scope, node: ts.Node): boolean => {
  const { compiler, own, subjects } = scope;
  if (compiler.isIdentifier(node)) {
    if (subjects.has(node.text)) return true;
    const stands = own.get(node.text);
    return stands !== undefined && mentions(scope, stands);
  }
  return compiler.forEachChild(node, (child) => mentions(scope, child) || undefined) ?? false;
};

/** The name whose value, or whose result for its arguments, this is. */
export const resultOf = (scope: Scope, node: ts.Expression): string | undefined => {
  const subject = subjectOf(scope, node);
  const facts = subject === undefined ? undefined : scope.subjects.get(subject);
  if (!facts) return undefined;
  if (facts.kind === 'value') return scope.compiler.isTypeOfExpression(node) ? undefined : subject;
  return isCalled(scope, node, facts.takes) ? subject : undefined;
};

/** Down the chain of members, calls, waits and constants to the name under test. */
const chainOf = ({ compiler, own }: Scope, node: ts.Expression): readonly ts.Expression[] => {
  const chain: ts.Expression[] = [];
  for (let one: ts.Expression | undefined = node; one; ) {
    chain.push(one);
    if (compiler.isIdentifier(one)) one = own.get(one.text);
    else if (
      compiler.isParenthesizedExpression(one) ||
      compiler.isAwaitExpression(one) ||
      compiler.isTypeOfExpression(one) ||
      compiler.isPropertyAccessExpression(one) ||
      compiler.isElementAccessExpression(one) ||
      compiler.isCallExpression(one) ||
      compiler.isNewExpression(one)
    )
      one = one.expression;
    else return [];
  }
  return chain;
};

/** The name under test that an expression is, or is the result of. */
export const subjectOf = (scope: Scope, node: ts.Expression): string | undefined => {
  const { compiler, subjects } = scope;
  const chain = chainOf(scope, node);
  const last = chain.at(-1);
  if (!last || !compiler.isIdentifier(last) || !subjects.has(last.text)) return undefined;
  const calls = chain.filter(compiler.isCallExpression);
  // What a result is asked for with arguments may be a constant.
  const isLater = (call: ts.CallExpression): boolean =>
    call !== calls.at(-1) && call.arguments.length > 0;
  return subjects.get(last.text)?.kind === 'function' && calls.some(isLater)
    ? undefined
    : last.text;
};

const isCalled = (scope: Scope, node: ts.Expression, takes: boolean): boolean => {
  const { compiler } = scope;
  const chain = chainOf(scope, node);
  const called = chain
    .filter((one) => compiler.isCallExpression(one) || compiler.isNewExpression(one))
    .at(-1);
  if (!called) return false;
  const direct = (called as ts.CallExpression | ts.NewExpression).expression === chain.at(-1);
  return (
    direct &&
    (compiler.isNewExpression(called) ||
      !takes ||
      (called as ts.CallExpression).arguments.length > 0)
  );
};
