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
    const isSame = formOf(path, text) === formOf(path, now);
    if (isSame && !isSpoiledJson(path, text, now)) done.set(path, now);
    else findings.push(`${path}: it does not say the same as before`);
  }
  return { texts: done, findings };
};

/** The form has what no compiler shows in front: a byte order mark, a line for the shell. */
const formOf = (path: string, text: string): string => {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  if (isScript(path)) return `${mark}${shellLineOf(text)}${scriptForm(path, text)}`;
  return mark + (/\.jsonc?$/i.test(path) ? jsonForm(text) : cssForm(text));
};

const shellLineOf = (text: string): string => text.match(/^\uFEFF?(#![^\r\n]*)/)?.[1] ?? '';

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
  /** How deep in the brackets of `for`, whose semicolons say which part is which. */
  let inFor = 0;
  for (
    let kind = scanner.scan();
    kind !== compiler.SyntaxKind.EndOfFileToken;
    kind = scanner.scan()
  ) {
    const token = scanner.getTokenText();
    if (tokens.at(-1) === 'for' && token === '(') inFor = 1;
    else if (inFor > 0) inFor += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (/^\s*$/.test(token) || (token === ';' && inFor !== 1)) continue;
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

/** Whether a text that any reader takes is no such text any more. */
const isSpoiledJson = (path: string, text: string, now: string): boolean =>
  /\.json$/i.test(path) && isPlainJson(text) && !isPlainJson(now);

const isPlainJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Tokens; a blank between two is one where it parts them: before `(`, after `)`, around `:` of a selector. */
const cssForm = (text: string): string => {
  const tokens =
    text.match(/"[^"]*"|'[^']*'|\/\*[\s\S]*?\*\/|[^\s"'{}:;,()>]+|[{}:;,()>]|\s+/g) ?? [];
  let isSelector = false;
  const parts: string[] = [];
  for (const [index, token] of [...tokens.entries()].toReversed()) {
    if (/^[{};]$/.test(token)) isSelector = token === '{';
    const [before = '', after = ''] = [tokens[index - 1], tokens[index + 1]];
    const isParting =
      (after === '(' && !/^[(,:>]$/.test(before)) || (before === ')' && !/^[{};,)>:]$/.test(after));
    const isColon = isSelector && (before === ':' || after === ':');
    if (/^\s/.test(token)) parts.push(...(isColon ? ['<colon>'] : isParting ? ['<blank>'] : []));
    else parts.push(/^["']/.test(token) ? `"${token.slice(1, -1)}"` : token);
  }
  return parts
    .toReversed()
    .join(' ')
    .replace(/@[^{};]*(?=\{)/g, (rule) => rule.replaceAll('<colon> ', ''))
    .replace(/; \}/g, '}')
    .replace(/ \}/g, '}');
};
