// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { givenBy, type Scope, strangeIn } from './redo-forms.ts';
import { comparedIn, isMetByAll, resultOf, subjectOf } from './redo-results.ts';

/** A test read off the compiler's tree: the names it puts to the test, or what is wrong with it. */
export type TestReading = { readonly tested: ReadonlySet<string> } | { readonly problem: string };

/** What assertions are called on: `t`, `assert` or `expect`. */
export type Style = 'ava' | 'assert' | 'expect';

/** Reads a statement at the top of a test file. */
export const readStatement = (
  scope: Scope,
  statement: ts.Statement,
  runner: { readonly style: Style; readonly words: ReadonlySet<string> },
): TestReading => {
  const { style, words } = runner;
  const { compiler } = scope;
  const call = compiler.isExpressionStatement(statement) ? statement.expression : undefined;
  if (!call || !compiler.isCallExpression(call)) return { problem: `no test: ${shown(statement)}` };
  const callee = call.expression.getText();
  const [title, callback, more] = call.arguments;
  if (!title || !compiler.isStringLiteral(title) || !isPlainTitle(title))
    return { problem: `no plain title: ${shown(title ?? call)}` };
  if (!callback || more || !compiler.isArrowFunction(callback) || callback.type)
    return { problem: `no plain test: ${shown(call)}` };
  const isGroup = callee === 'describe';
  const names = style === 'ava' ? ['test', 'test.serial'] : ['test', 'it'];
  if ((!isGroup && !names.includes(callee)) || !words.has(callee.replace('.serial', '')))
    return { problem: `it may not run: ${callee.slice(0, 40)}` };
  if (!isGroup) return readBody(scope, callback, style);
  if (callback.parameters.length > 0 || !compiler.isBlock(callback.body))
    return { problem: 'no plain group' };
  const tested = new Set<string>();
  for (const inner of callback.body.statements) {
    if (/^describe\b/u.test(inner.getText())) return { problem: 'a group within a group' };
    const reading = readStatement(scope, inner, runner);
    if ('problem' in reading) return reading;
    for (const name of reading.tested) tested.add(name);
  }
  return { tested };
};

const shown = (node: ts.Node): string => node.getText().slice(0, 60);

const isPlainTitle = (title: ts.StringLiteral): boolean =>
  title.text.length > 0 &&
  title.text.length <= 120 &&
  !title.getText().includes('\\') &&
  title.text.split(/[^\p{L}\p{M}]+/u).every((word) => scriptsOf(word) <= 1) &&
  [...title.text].every((letter) =>
    /[\p{L}\p{N} !#$%&()*+,./:;<=>?@[\]^_{|}~`'"\u2013\u2014\u2026-]/u.test(letter),
  );

/** Of so many scripts, in which letters look alike, a word has letters. */
const scriptsOf = (word: string): number =>
  [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u].filter((script) =>
    script.test(word),
  ).length;

const readBody = (scope: Scope, callback: ts.ArrowFunction, style: Style): TestReading => {
  const { compiler } = scope;
  const [parameter, more] = callback.parameters;
  const context = parameter?.name.getText();
  if (
    more ||
    (style === 'ava') !== (parameter !== undefined) ||
    (context !== undefined && (!/^\w+$/u.test(context) || scope.subjects.has(context))) ||
    parameter?.type ||
    parameter?.initializer
  )
    return { problem: 'a test takes more than it is given' };
  if (waitsWrongly(compiler, callback)) return { problem: 'await in a function that is not async' };
  const inner: Scope = { ...scope, own: new Map(scope.own) };
  const tested = new Set<string>();
  const said = new Set<string>();
  const body: readonly (ts.Statement | ts.Expression)[] = compiler.isBlock(callback.body)
    ? callback.body.statements
    : [callback.body];
  for (const one of body) {
    if (compiler.isVariableStatement(one as ts.Node)) {
      const problem = readConstant(inner, one as ts.VariableStatement, context);
      if (problem !== undefined) return { problem };
      continue;
    }
    const expression = compiler.isExpressionStatement(one as ts.Node)
      ? (one as ts.ExpressionStatement).expression
      : one;
    if (
      compiler.isStatement(expression as ts.Node) &&
      !compiler.isExpression(expression as ts.Node)
    )
      return { problem: `not in a test: ${shown(one)}` };
    const text = one.getText();
    if (said.has(text)) return { problem: `said twice: ${shown(one)}` };
    said.add(text);
    const reading = readLine(inner, expression as ts.Expression, context ?? style);
    if ('problem' in reading) return reading;
    for (const name of reading.tested) tested.add(name);
  }
  return { tested };
};

const waitsWrongly = (compiler: Scope['compiler'], callback: ts.ArrowFunction): boolean => {
  const has = (node: ts.Node, isAsync: boolean): boolean => {
    const isWithin = compiler.isArrowFunction(node)
      ? node.modifiers?.some(({ kind }) => kind === compiler.SyntaxKind.AsyncKeyword) === true
      : isAsync;
    return (
      (compiler.isAwaitExpression(node) && !isWithin) ||
      (compiler.forEachChild(node, (child) => has(child, isWithin) || undefined) ?? false)
    );
  };
  return has(callback, false);
};

/** A constant of a plain expression. */
export const readConstant = (
  scope: Scope,
  { declarationList, modifiers }: ts.VariableStatement,
  context?: string,
): string | undefined => {
  const { compiler, own, subjects } = scope;
  const [declaration, more] = declarationList.declarations;
  const isConst = (declarationList.flags & compiler.NodeFlags.Const) !== 0;
  if (
    !declaration?.initializer ||
    more ||
    !isConst ||
    modifiers ||
    declaration.type ||
    !compiler.isIdentifier(declaration.name)
  )
    return `no plain constant: ${shown(declarationList)}`;
  const { text } = declaration.name;
  if (subjects.has(text) || text === context) return `${text} means something else`;
  const strange = strangeIn(scope, declaration.initializer);
  if (strange !== undefined) return `it uses ${strange.slice(0, 60)}`;
  own.set(text, declaration.initializer);
  return undefined;
};

const counted = new Set(
  'is deepEqual like regex equal strictEqual deepStrictEqual match toBe toEqual toStrictEqual toMatchObject toBeCloseTo toMatch toContain toHaveLength toBeGreaterThan toBeLessThan toBeGreaterThanOrEqual toBeLessThanOrEqual'.split(
    ' ',
  ),
);
const single = new Set(['true', 'false', 'ok', 'toBeNull', 'toBeUndefined']);
const thrown = new Set(['throws', 'throwsAsync', 'rejects', 'toThrow', 'toThrowError']);
const unlike = new Set(['not', 'notDeepEqual', 'notEqual', 'notStrictEqual', 'notDeepStrictEqual']);
const others = new Set(
  'truthy falsy assert notRegex notThrows notThrowsAsync doesNotThrow doesNotMatch toBeTruthy toBeFalsy toBeDefined'.split(
    ' ',
  ),
);
const waiting = new Set(['throwsAsync', 'notThrowsAsync', 'rejects']);

/** An assertion, or a call of a name under test. */
const readLine = (scope: Scope, whole: ts.Expression, root: string): TestReading => {
  const { compiler } = scope;
  const isAwaited = compiler.isAwaitExpression(whole);
  const call = isAwaited ? whole.expression : whole;
  if (!compiler.isCallExpression(call) || call.typeArguments)
    return { problem: `not in a test: ${shown(whole)}` };
  const path: string[] = [];
  let callee: ts.Expression = call.expression;
  while (compiler.isPropertyAccessExpression(callee)) {
    path.unshift(callee.name.text);
    callee = callee.expression;
  }
  let args: readonly ts.Expression[] = call.arguments;
  if (
    root === 'expect' &&
    compiler.isCallExpression(callee) &&
    callee.expression.getText() === 'expect'
  ) {
    if (callee.arguments.length !== 1 || path.length === 0)
      return { problem: `no assertion: ${shown(whole)}` };
    args = [...callee.arguments, ...args];
  } else if (callee.getText() !== root || root === 'expect') {
    const strange = strangeIn(scope, whole);
    return strange === undefined && subjectOf(scope, whole)
      ? { tested: new Set() }
      : { problem: `not in a test: ${shown(whole)}` };
  }
  const method = path.at(-1) ?? 'ok';
  const modifiers = path.slice(0, -1);
  if (path.length === 0 && root !== 'assert') return { problem: `no assertion: ${shown(whole)}` };
  if (modifiers.some((one) => root !== 'expect' || !['not', 'resolves', 'rejects'].includes(one)))
    return { problem: `no assertion: ${shown(whole)}` };
  if (!isAwaited && (waiting.has(method) || modifiers.some((one) => one !== 'not')))
    return { problem: `not awaited: ${shown(whole)}` };
  if (![counted, single, thrown, unlike, others].some((some) => some.has(method)))
    return { problem: `no assertion: ${shown(whole)}` };
  for (const one of args) {
    const strange = strangeIn(scope, one);
    if (strange !== undefined) return { problem: `it uses ${strange.slice(0, 60)}` };
  }
  const name = modifiers.includes('not') ? undefined : testedBy(scope, method, args);
  return { tested: new Set(name === undefined ? [] : [name]) };
};

const testedBy = (
  scope: Scope,
  method: string,
  [first, second]: readonly ts.Expression[],
): string | undefined => {
  const { compiler } = scope;
  if (!first) return undefined;
  if (thrown.has(method)) {
    const inner = compiler.isArrowFunction(first) ? givenBy(compiler, first) : first;
    return inner && resultOf(scope, inner);
  }
  if (single.has(method)) {
    const isComparison =
      compiler.isBinaryExpression(first) &&
      /^(?:===?|[<>]=?)$/u.test(first.operatorToken.getText());
    if (isComparison) return comparedIn(scope, first.left, first.right);
    return method === 'ok' ? undefined : resultOf(scope, first);
  }
  const subject = subjectOf(scope, first);
  const isValue = subject !== undefined && scope.subjects.get(subject)?.kind === 'value';
  if (method === 'toBeDefined' && isValue) return resultOf(scope, first);
  if (!second || isMetByAll(compiler, method, second)) return undefined;
  if (counted.has(method)) return comparedIn(scope, first, second);
  return unlike.has(method) && isValue ? comparedIn(scope, first, second) : undefined;
};
