// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { selectPaths } from '../../src/spec/scope.ts';
import { isFormatted, isScript } from './kinds.ts';

/** Brings both texts to one form, written by the compiler; where the forms are equal, so is what they say. */
export const redo: Judge<{ readonly files?: readonly string[] }> = (
  { files },
  { paths, patched },
  texts,
) => {
  const done = new Map<string, string>();
  const findings: string[] = [];
  for (const path of selectPaths(paths, files ?? ['**']).filter(isFormatted)) {
    const [text, now] = [texts.get(path), patched.get(path)];
    if (text === undefined || now === undefined || text === now) continue;
    if (formOf(path, text) === formOf(path, now)) done.set(path, now);
    else findings.push(`${path}: it does not say the same as before`);
  }
  return { texts: done, findings };
};

const formOf = (path: string, text: string): string => {
  if (isScript(path)) return scriptForm(path, text);
  return /\.jsonc?$/i.test(path) ? jsonForm(text) : cssForm(text);
};

/** Tokens of what the compiler writes, without those that formatters add and take away. */
const scriptForm = (path: string, text: string): string => {
  const compiler = loadTypeScript();
  const file = compiler.createSourceFile(path, text, compiler.ScriptTarget.Latest, true);
  const printer = compiler.createPrinter({ removeComments: false });
  const parts = file.statements.map((statement) => {
    const printed = printer.printNode(compiler.EmitHint.Unspecified, statement, file);
    return formOfTokens(printed, path.endsWith('x'));
  });
  return sortImports(parts).join('\n');
};

const formOfTokens = (text: string, jsx: boolean): string => {
  const compiler = loadTypeScript();
  const variant = jsx ? compiler.LanguageVariant.JSX : compiler.LanguageVariant.Standard;
  const scanner = compiler.createScanner(compiler.ScriptTarget.Latest, false, variant, text);
  const tokens: string[] = [];
  for (
    let kind = scanner.scan();
    kind !== compiler.SyntaxKind.EndOfFileToken;
    kind = scanner.scan()
  ) {
    const token = scanner.getTokenText();
    if (/^\s*$/.test(token) || token === ';') continue;
    if (kind === compiler.SyntaxKind.StringLiteral)
      tokens.push(JSON.stringify(scanner.getTokenValue()));
    else if (token.startsWith('/*') || token.startsWith('//'))
      tokens.push(token.replace(/\s+/g, ' '));
    else tokens.push(token);
  }
  return tokens
    .filter((token, index) => token !== ',' || !/^[)\]}>]$/.test(tokens[index + 1] ?? ''))
    .join(' ')
    .replace(/\( ([\p{ID_Start}$_][\p{ID_Continue}$]*) \) =>/gu, '$1 =>');
};

/** Neighbouring imports that bind names, by what they import and sorted names. */
const sortImports = (parts: readonly string[]): readonly string[] => {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const part of [...parts, '']) {
    if (/^import (?!")/.test(part)) {
      run.push(
        part.replace(
          /\{ ([^{}]*) \}/,
          (_, names: string) => `{ ${names.split(' , ').sort().join(' , ')} }`,
        ),
      );
      continue;
    }
    sorted.push(...run.toSorted((a, b) => (fromOf(a) + a < fromOf(b) + b ? -1 : 1)), part);
    run = [];
  }
  return sorted;
};

const fromOf = (part: string): string => /from (.*)$/.exec(part)?.[1] ?? '';

const jsonForm = (text: string): string => {
  const compiler = loadTypeScript();
  const { config, error } = compiler.parseConfigFileTextToJson('x.json', text);
  const comments = text.match(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g) ?? [];
  const kept = comments.filter((part) => part.startsWith('/')).map((part) => part.trim());
  return error ? text : JSON.stringify([config, kept]);
};

const cssForm = (text: string): string =>
  (text.match(/"[^"]*"|'[^']*'|\/\*[\s\S]*?\*\/|[^\s"'{}:;,()>]+|[{}:;,()>]/g) ?? [])
    .map((part) => (/^["']/.test(part) ? `"${part.slice(1, -1)}"` : part))
    .join(' ')
    .replace(/; \}/g, '}')
    .replace(/ \}/g, '}');
