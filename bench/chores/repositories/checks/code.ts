// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import ts from 'typescript';
import { exportsOf, tokensOf } from '../../../codegen/compiler.ts';
import { applied, type Check, codeOf, only, sameMessages } from './patched.ts';

/** A module exports these names, each of the file that declares it, and else just what it did. */
export const exported =
  (
    index: string,
    names: Readonly<Record<string, string>>,
    files: readonly string[] = [index],
  ): Check =>
  (patched) => {
    const [before, now] = [patched.base, applied(patched)].map((tree) =>
      exportsOf(codeOf(tree), index),
    );
    for (const [name, path] of Object.entries(names)) {
      if (now?.get(name) !== path) return `${name} of ${index} is from ${now?.get(name)}`;
    }
    const right = new Map([...(before ?? []), ...Object.entries(names)]);
    const differing = [...right.keys(), ...(now?.keys() ?? [])].find(
      (name) => right.get(name) !== now?.get(name),
    );
    if (differing !== undefined) return `${index} has another ${differing}`;
    return only(...files)(patched) ?? sameMessages()(patched);
  };

const parse = (path: string, text: string): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);

/** Just these declarations of a file have a doc comment that they had not, with these words. */
export const documented =
  (path: string, names: readonly string[], words?: string): Check =>
  (patched) => {
    const [old = '', now = ''] = [patched.base.get(path), patched.changes.get(path)];
    const fault = only(path)(patched) ?? addedComments(old, now);
    if (fault !== undefined) return fault;
    const [before, after] = [parse(path, old).statements, parse(path, now).statements];
    for (const [index, statement] of after.entries()) {
      const had = before[index];
      if (!had || namesOf(statement).join() !== namesOf(had).join()) return 'other declarations';
      const isMeant = namesOf(statement).some((name) => names.includes(name));
      const isNew = docsOf(statement).length > docsOf(had).length;
      // Of overloads one is enough.
      const isFirst =
        after.find((one) => namesOf(one).join() === namesOf(statement).join()) === statement;
      if (isMeant && isFirst && !isNew && docsOf(had).length === 0)
        return `${namesOf(statement)} has no doc comment`;
      if (!isMeant && isNew) return `${namesOf(statement)} has one too`;
      const wrong = isNew ? parametersWrong(statement) : undefined;
      if (wrong !== undefined) return `${namesOf(statement)} has no parameter ${wrong}`;
    }
    return words === undefined || now.includes(words) ? undefined : 'the words are not there';
  };

const namesOf = (statement: ts.Statement): readonly string[] =>
  ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name.getText())
    : [(statement as { readonly name?: ts.Node }).name?.getText() ?? ''];

const docsOf = (node: ts.Node): readonly ts.JSDoc[] =>
  (node as { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? [];

const parametersWrong = (statement: ts.Statement): string | undefined => {
  const value = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations[0]?.initializer
    : statement;
  const names =
    value && ts.isFunctionLike(value) ? value.parameters.map(({ name }) => name.getText()) : [];
  const said = docsOf(statement)
    .flatMap(({ tags = [] }) => [...tags])
    .filter(ts.isJSDocParameterTag);
  return said.map(({ name }) => name.getText()).find((name) => !names.includes(name));
};

/** Between the old lines stand lines of comments and nothing else. */
const addedComments = (old: string, now: string): string | undefined => {
  const lines = old.split('\n');
  let at = 0;
  for (const line of now.split('\n')) {
    if (line === lines[at]) at += 1;
    else if (!/^\s*(?:\/\*\*|\*)/.test(line)) return `\`${line.trim()}\` is new`;
  }
  return at === lines.length ? undefined : `\`${lines[at]}\` is gone`;
};

/** A new file tests names of a module in the manner of a runner. */
export const tested =
  (test: string, source: string, names: readonly string[], runner: RegExp): Check =>
  (patched) => {
    const text = patched.changes.get(test) ?? '';
    const fault = only(test)(patched);
    if (fault !== undefined) return fault;
    if (!runner.test(text)) return `${test} is for another runner: ${text.slice(0, 200)}`;
    for (const name of names) {
      const from = importOf(parse(test, text), name);
      const target = posix.join(posix.dirname(test), from ?? '').replace(/\.[cm]?[jt]sx?$/, '');
      if (target !== source.replace(/\.[cm]?[jt]sx?$/, '')) return `${name} is from "${from}"`;
      if (text.split(new RegExp(`\\b${name}\\b`)).length < 3) return `${name} is not tested`;
    }
    return undefined;
  };

const importOf = (file: ts.SourceFile, name: string): string | undefined =>
  file.statements
    .filter(ts.isImportDeclaration)
    .find(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      return bindings && ts.isNamedImports(bindings)
        ? bindings.elements.some((one) => one.name.text === name)
        : importClause?.name?.text === name;
    })
    ?.moduleSpecifier.getText()
    .slice(1, -1);

/** Just these files are laid out anew: they have the tokens that they had. */
export const formatted =
  (...paths: readonly string[]): Check =>
  (patched) => {
    const fault = only(...paths)(patched);
    if (fault !== undefined) return fault;
    return paths.find((path) => {
      const [old, now] = [patched.base.get(path), patched.changes.get(path)].map((text = '') =>
        tokensOf(path, text)
          .filter((token) => !/^[;,()]$/.test(token))
          .map((token) => token.replace(/^(["'])(.*)\1$/, '"$2"'))
          .sort()
          .join(' '),
      );
      return old !== now;
    });
  };
