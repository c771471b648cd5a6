// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Declared } from '../../src/code/syntax.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { spokenTo } from './redo-vocabulary.ts';

/**
 * A comment laid out for a place in a text, with what leads on to the statement there; `undefined` where
 * that is not how it was laid out.
 */
export const laidOut = (
  comment: string,
  text: string,
  at: number,
  isAsked: boolean,
): string | undefined => {
  const eol = /\r?\n/u.exec(text)?.[0] ?? '\n';
  const indent = (text.slice(0, at).split('\n').at(-1) ?? '').replace('\uFEFF', '');
  if (indent.trim() !== '') return undefined;
  const says = contentOf(comment);
  const [only = ''] = says;
  const lines = says.map((line) => `${indent} * ${line}`.trimEnd());
  const block = ['/**', ...lines, `${indent} */`].join(eol);
  const form = says.length === 1 && comment === `/** ${only} */` ? comment : block;
  const isLong =
    !isAsked && (says.length > 12 || form.split(eol).some((line) => line.length > 120));
  return form === comment && !isLong && only !== '' && says.at(-1) !== ''
    ? `${comment}${eol}${indent}`
    : undefined;
};

const contentOf = (comment: string): readonly string[] => {
  const inner = comment.slice(3, -2);
  if (!inner.includes('\n')) return [inner.trim()];
  return inner
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim().replace(/^\* ?/u, ''));
};

/** Why a comment must not say what it says of a declaration. */
export const objectionTo = (
  compiler: Compiler,
  doc: ts.JSDoc,
  declared: Declared,
  asked: string | undefined,
): string | undefined => {
  const content = contentOf(doc.getText());
  if (asked !== undefined) {
    const isSame =
      content
        .join(' ')
        .trim()
        .split(/[ \t\r\n]+/u)
        .join(' ') ===
      asked
        .trim()
        .split(/[ \t\r\n]+/u)
        .join(' ');
    return isSame ? undefined : 'other words than the sentence gives';
  }
  const odd = content.flatMap((line) => oddIn(line))[0];
  if (odd !== undefined) return odd;
  const facts = factsOf(compiler, declared);
  const tags = content.filter((line) => line.includes('@'));
  if (
    tags.some((line) => !/^@\w+(?: [^@]*)?$/u.test(line)) ||
    (doc.tags?.length ?? 0) !== tags.length
  ) {
    return 'a tag within the words';
  }
  const seen = new Set<string>();
  for (const tag of doc.tags ?? []) {
    const problem = wrongTag(compiler, tag, declared, facts, seen);
    if (problem !== undefined) return problem;
  }
  const words = content.map((line) =>
    line.replace(/^@(?:param|typeParam) (?:\{.*?\} )?[^\s]+|^@\w+(?: \{.*?\})?/u, ''),
  );
  const inCode = new Set(lettersOf(declared.statement.getText()));
  for (const [at, line] of words.entries()) {
    const isExample = content
      .slice(0, at + 1)
      .findLast((one) => one.startsWith('@'))
      ?.startsWith('@example');
    if (!isExample && /[{}]|<\/?\p{L}/u.test(line.replace(/`[^`]*`/gu, '')))
      return 'code among the words';
    const isName = lettersOf(line).join('') === lettersOf(declared.name).join('');
    const spoken = isName ? undefined : spokenTo(line, inCode);
    if (spoken !== undefined) return `words to a reader or a tool: ${spoken}`;
  }
  return words.some((line) => /\p{L}\p{L}/u.test(line)) ? undefined : 'there is no word in it';
};

const lettersOf = (text: string): readonly string[] =>
  text
    .replace(/([\p{Ll}\d])(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

const punctuation = new Set(
  ' !"#$%&\'()*+,-./:;<=>?@[]^_`{|}~\u2013\u2014\u2026\u2018\u2019\u201c\u201d\u00ab\u00bb\u00b7\u00d7\u2192\u2264\u2265\u2260\u00b0\u20ac\u00a7\u3001\u3002',
);

/** Characters and forms that have no place in a line. */
const oddIn = (line: string): readonly string[] => {
  for (const letter of line) {
    const isShown = punctuation.has(letter) || /[\p{L}\p{Mn}\p{Mc}\p{N}]/u.test(letter);
    if (!isShown || /\p{Default_Ignorable_Code_Point}/u.test(letter)) {
      return [`a character that is not plain (U+${letter.codePointAt(0)?.toString(16)})`];
    }
  }
  if (/\p{M}\p{M}\p{M}/u.test(line)) return ['letters with too many marks'];
  for (const word of line.split(/[^\p{L}\p{M}]+/u)) {
    const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];
    if (scripts.filter((script) => script.test(word)).length > 1)
      return ['letters of two scripts in a word'];
  }
  if (/\w:\/|\/\/|\/\*|\bwww\b|[^\s`]@[^\s`]/iu.test(line)) return ['an address'];
  if (
    /(?:\p{L}|\d)\.(?:com|org|net|io|dev|ai|app|xyz|info|invalid|example|onion)(?!\p{L})/iu.test(
      line,
    )
  )
    return ['an address'];
  if (/\d+\.\d+\.\d+\.\d+/u.test(line)) return ['an address'];
  if (/\b(?:https?|ftp|file|data|javascript|mailto|wss?|git|ssh|npm|node):[^\s]/iu.test(line))
    return ['an address'];
  if (/\$\{|\{\{|<%|<!|#!/u.test(line)) return ['code of a template'];
  const ticks = line.split('`').length - 1;
  return ticks % 2 === 1 && !/^```\w*$/u.test(line) ? ['an open backtick'] : [];
};

type Facts = {
  readonly callable: ts.SignatureDeclaration | undefined;
  readonly returns: boolean;
  readonly throws: boolean;
};

const factsOf = (compiler: Compiler, { node }: Declared): Facts => {
  const value = compiler.isVariableDeclaration(node) ? node.initializer : node;
  const callable =
    value && compiler.isFunctionLike(value) ? (value as ts.SignatureDeclaration) : undefined;
  const body = callable && (callable as { readonly body?: ts.Node }).body;
  const type = callable?.type?.getText().replace(/\s+/gu, '');
  const has = (root: ts.Node | undefined, wanted: (one: ts.Node) => boolean): boolean =>
    root !== undefined &&
    (wanted(root) ||
      (compiler.forEachChild(root, (child) => has(child, wanted) || undefined) ?? false));
  const returning = (one: ts.Node): boolean =>
    compiler.isReturnStatement(one) && one.expression !== undefined;
  return {
    callable,
    returns:
      type === undefined
        ? body !== undefined && (!compiler.isBlock(body) || has(body, returning))
        : ![
            'void',
            'never',
            'undefined',
            'Promise<void>',
            'Promise<never>',
            'Promise<undefined>',
          ].includes(type),
    throws: has(
      body,
      (one) =>
        compiler.isThrowStatement(one) ||
        compiler.isCallExpression(one) ||
        compiler.isNewExpression(one),
    ),
  };
};

/** What is said of a value that is not so, where no more is said than its type or that it may be left out. */
const untrue = (
  says: string,
  type: string | undefined,
  isOptional: boolean,
): string | undefined => {
  const plain = says.trim().replace(/^-\s*/u, '').replace(/\.$/u, '');
  const rest = plain.toLowerCase().startsWith('optional') ? plain.slice('optional'.length) : plain;
  const span = rest.replace(/^,?\s*/u, '');
  const isSpan = span.startsWith('`') && span.indexOf('`', 1) === span.length - 1;
  if (!isSpan && span !== '') return undefined;
  const [said, own] = [span.slice(1, -1), type ?? ''].map((text) => text.replace(/\s/gu, ''));
  if (isSpan && said !== own) return `a type that is not its own: ${said}`;
  return rest !== plain && !isOptional ? 'it may not be left out' : undefined;
};

const wrongTag = (
  compiler: Compiler,
  tag: ts.JSDocTag,
  { statement }: Declared,
  { callable, returns, throws }: Facts,
  seen: Set<string>,
): string | undefined => {
  const name = tag.tagName.text;
  const says = compiler.getTextOfJSDocComment(tag.comment) ?? '';
  const { typeExpression: type } = tag as { readonly typeExpression?: ts.Node };
  if (type) {
    const isScript = /\.[cm]?jsx?$/u.test(statement.getSourceFile().fileName);
    const text = type.getText();
    const isPlain = /^\{[\w.[\]| ]+\}$/u.test(text) && !/\bany\b|\bimport\b|\btypeof\b/u.test(text);
    if (!isScript || !isPlain || !['param', 'returns'].includes(name)) return `a type: ${text}`;
  }
  if (compiler.isJSDocParameterTag(tag)) {
    const parameter = tag.name.getText().split('.')[0] ?? '';
    const names = callable?.parameters.map((one) => one.name.getText()) ?? [];
    if (name !== 'param' || !names.includes(parameter) || parameter === 'this')
      return `no parameter: ${parameter}`;
    const whole = tag.name.getText();
    if (seen.has(whole)) return `a parameter twice: ${whole}`;
    seen.add(whole);
    const one = callable?.parameters.find((other) => other.name.getText() === whole);
    return one && untrue(says, one.type?.getText(), Boolean(one.questionToken ?? one.initializer));
  }
  if (name === 'typeParam') {
    const [first = ''] = says.trim().split(/[\s,]/u);
    const isThere = callable?.typeParameters?.some((one) => one.name.text === first);
    return isThere ? undefined : `no type parameter: ${first}`;
  }
  if (name === 'returns')
    return returns && /\p{L}{2}/u.test(says)
      ? untrue(says, callable?.type?.getText(), false)
      : 'nothing is returned';
  if (name === 'throws')
    return throws && /\p{L}{2}/u.test(says + (type?.getText() ?? ''))
      ? undefined
      : 'nothing is thrown';
  return ['example', 'remarks', 'see'].includes(name) ? undefined : `the tag @${name}`;
};
