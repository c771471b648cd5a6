// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { type Parsed, tokensOf } from './syntax.ts';

type TestIntent = Extract<Intent, { kind: 'test-skeleton' }>;

/** Whether a path is where the sentence wants its test. */
export const isTestFor = (path: string, { test }: TestIntent): boolean =>
  test === undefined
    ? /(?:^|\/)(?:tests?|__tests__)\/|\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path)
    : test === path;

/** A top-level `test('title', (t) => { ... })` that is run, uses a name and asserts something. */
export const isHonestTest = (
  statement: ts.Statement,
  { compiler, file }: Parsed,
  names: readonly string[],
): boolean => {
  if (!compiler.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  if (!compiler.isCallExpression(expression)) return false;
  if (!/^(?:test|it|describe)(?:\.serial)?$/.test(expression.expression.getText(file)))
    return false;
  const tokens = tokensOf({ compiler, file }, statement).map(({ text }) => text);
  const uses = names.length === 0 || names.some((name) => tokens.includes(name));
  return uses && assertsIn(compiler, file, expression);
};

const empty: ReadonlySet<string> = new Set(['pass', 'fail', 'log', 'plan', 'timeout', 'teardown']);

const assertsIn = (compiler: typeof ts, file: ts.SourceFile, root: ts.Node): boolean => {
  let asserts = false;
  const visit = (node: ts.Node): void => {
    if (compiler.isCallExpression(node)) {
      const callee = node.expression;
      const text = callee.getText(file);
      if (/^(?:expect|assert)\b/.test(text)) asserts = true;
      if (
        compiler.isPropertyAccessExpression(callee) &&
        callee.expression.getText(file) === 't' &&
        !empty.has(callee.name.text) &&
        node.arguments.length > 0 &&
        !node.arguments.every(
          (one) =>
            compiler.isLiteralExpression(one) || one.kind === compiler.SyntaxKind.TrueKeyword,
        )
      ) {
        asserts = true;
      }
    }
    compiler.forEachChild(node, visit);
  };
  visit(root);
  return asserts;
};

const runners: ReadonlySet<string> = new Set([
  'ava',
  'vitest',
  'node:test',
  'node:assert',
  'node:assert/strict',
  '@jest/globals',
]);

/** Whether a new file contains nothing but imports and honest tests for the names. */
export const judgeNewTest = (parsed: Parsed, asked: readonly TestIntent[]): readonly string[] => {
  const { compiler, file } = parsed;
  const names = asked.flatMap((intent) => intent.names);
  const imported = new Set<string>();
  const findings: string[] = [];
  let tests = 0;
  for (const statement of file.statements) {
    if (compiler.isImportDeclaration(statement)) {
      const module = (statement.moduleSpecifier as ts.StringLiteral).text;
      if (!module.startsWith('.') && !runners.has(module)) {
        findings.push(`it imports ${module}, which this test does not need`);
      }
      for (const { text } of tokensOf(parsed, statement))
        if (module.startsWith('.')) imported.add(text);
    } else if (isHonestTest(statement, parsed, names)) tests += 1;
    else findings.push(`it contains more than tests: ${statement.getText(file).slice(0, 80)}`);
  }
  const tested = new Set(
    file.statements
      .filter((statement) => !compiler.isImportDeclaration(statement))
      .flatMap((statement) => tokensOf(parsed, statement).map(({ text }) => text)),
  );
  for (const name of names) {
    if (!imported.has(name) && !imported.has('*')) findings.push(`${name} is not imported`);
    if (!tested.has(name)) findings.push(`${name} is not tested`);
  }
  const sources = asked.flatMap(({ source }) => (source === undefined ? [] : [source]));
  const modules = file.statements
    .filter((statement) => compiler.isImportDeclaration(statement))
    .map((statement) => (statement.moduleSpecifier as ts.StringLiteral).text);
  for (const source of sources) {
    const stem = /([^/]+?)(?:\.[cm]?[jt]sx?)?$/.exec(source)?.[1] ?? source;
    const hit = modules.some((module) => /([^/]+?)(?:\.[cm]?[jt]sx?)?$/.exec(module)?.[1] === stem);
    if (!hit) findings.push(`it does not import ${source}`);
  }
  return tests === 0 ? [...findings, 'it contains no test that asserts something'] : findings;
};
