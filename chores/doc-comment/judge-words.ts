// SPDX-License-Identifier: GPL-3.0-only
import type { Named, TokenModule } from '../export/judge-module.ts';
import { signatureOf } from './judge-function.ts';

const mostLines = 12;
const mostLetters = 120;

type Doc = { readonly start: number; readonly end: number; readonly source: string };

/** What is wrong with where a comment stands and how it is laid out. */
export const wrongForm = (
  text: string,
  { start, end, source }: Doc,
  to: number,
  isAsked: boolean,
): string | undefined => {
  const breaks = text.match(/\r?\n/gu) ?? [];
  const eol = breaks.filter((one) => one === '\r\n').length * 2 > breaks.length ? '\r\n' : '\n';
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).replace('\uFEFF', '');
  if (!/^[ \t]*$/u.test(indent)) return 'the comment does not begin its line';
  const below = text.slice(end, to);
  const directives = below.split(eol + indent).slice(1, -1);
  const isDirective = (line: string): boolean =>
    /^(?:\/\/ ?|\/\* ?)(?:@ts-|eslint-|biome-ignore|prettier-ignore|istanbul|c8 ignore|v8 ignore)[^\r\n]*$/u.test(
      line,
    );
  if (
    !below.startsWith(eol + indent) ||
    !below.endsWith(eol + indent) ||
    !directives.every(isDirective)
  ) {
    return 'the comment does not stand directly above';
  }
  const lines = source.split(eol);
  if (lines.some((line) => /[\r\n]/u.test(line))) return 'its lines end in another way';
  if (!isAsked && lines.some((line) => line.length > mostLetters)) return 'a line is too long';
  if (lines.length === 1) return /^\/\*\* \S(?:.*\S)? \*\/$/u.test(source) ? undefined : odd;
  const inner = lines.slice(1, -1);
  const isInner = (line: string): boolean =>
    line === `${indent} *` || (line.startsWith(`${indent} * `) && /\S$/u.test(line));
  const framed = lines[0] === '/**' && lines.at(-1) === `${indent} */` && inner.every(isInner);
  if (
    !framed ||
    inner.length === 0 ||
    /\*$/u.test(inner[0] ?? '*') ||
    /\s\*$/u.test(inner.at(-1) ?? ' *')
  )
    return odd;
  return !isAsked && inner.length > mostLines ? 'it has too many lines' : undefined;
};

const odd = 'the comment is not laid out as doc comments are';

const linesOf = (source: string): readonly string[] =>
  source
    .replace(/^\/\*\*|\*\/$/gu, '')
    .split(/\r?\n/u)
    .map((line) => line.replace(/^[ \t]*\*(?: |$)/u, '').trim());

/** What is wrong with the words of a comment: they must be those asked for, or plain ones. */
export const wrongWords = (
  source: string,
  named: Named,
  module: TokenModule,
  asked: string | undefined,
): string | undefined => {
  const lines = linesOf(source);
  if (asked !== undefined) {
    const same = spaced(lines.join(' ')) === spaced(asked);
    return same ? undefined : 'the comment does not say what is asked for';
  }
  const script = /\.[cm]?jsx?$/u.test(module.path);
  let isExample = false;
  const tagged = new Set<string>();
  for (const line of lines) {
    if (line.startsWith('@')) {
      const problem = wrongTag(line, named, script, tagged);
      if (problem !== undefined) return problem;
      isExample = line.startsWith('@example');
    }
    const said = line.replace(/^@\w+(?: \{[^{}@]*\})?/u, '');
    const problem =
      wrongLine(said, isExample) ?? (isName(line, named.name) ? undefined : steering(said, named));
    if (problem !== undefined) return problem;
  }
  const words = lines
    .map((line) => line.replace(/^@(?:param|typeParam)(?: \{[^}]*\})? \S+|^@\w+/u, ''))
    .join(' ');
  return /\p{L}{2}/u.test(words) ? undefined : 'the comment says nothing';
};

const spaced = (text: string): string => text.replace(/[ \t\r\n]+/gu, ' ').trim();

/** The name of what is declared, in words. */
const isName = (line: string, name: string): boolean =>
  line.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') === name.toLowerCase().replace(/[$_]/gu, '');

const wrongTag = (
  line: string,
  named: Named,
  script: boolean,
  tagged: Set<string>,
): string | undefined => {
  const [, tag = '', type, rest = ''] = /^@(\w+)(?: (\{[^{}]*\}))?(?: +(.*))?$/u.exec(line) ?? [];
  if (
    type !== undefined &&
    !(script && /^\{[\w.[\]| ]+\}$/u.test(type) && !/\b(?:any|import|typeof)\b/u.test(type))
  ) {
    return `the comment gives a type: ${type.slice(0, 40)}`;
  }
  if (type !== undefined && tag !== 'param' && tag !== 'returns') return `@${tag} takes no type`;
  const signature = signatureOf(named);
  const [first = ''] = rest.split(/[ ,]/u);
  const name = first.replace(/^\[([\p{ID_Continue}$.]+)\]$/u, '$1');
  switch (tag) {
    case 'param':
      if (!signature?.parameters.includes(name.split('.')[0] ?? ''))
        return `\`${name}\` is no parameter`;
      if (tagged.has(name)) return `\`${name}\` is described twice`;
      tagged.add(name);
      return wrongFacts(rest.slice(first.length), signature.types.get(name));
    case 'typeParam':
      return signature?.typeParameters.includes(name)
        ? undefined
        : `\`${name}\` is no type parameter`;
    case 'returns':
      return signature?.returns && /\p{L}{2}/u.test(rest)
        ? wrongFacts(rest, { type: signature.result, isOptional: false })
        : 'nothing is returned that could be described';
    case 'throws':
      return signature?.mayThrow && /\p{L}{2}/u.test(rest) ? undefined : 'nothing is thrown';
    case 'example':
      return undefined;
    case 'remarks':
    case 'see':
      return undefined;
    default:
      return `@${tag.slice(0, 30)} has no place in the comment`;
  }
};

/** Where nothing is said of a value but its type, or that it may be left out, that must be so. */
const wrongFacts = (
  words: string,
  fact: { readonly type: string; readonly isOptional: boolean } | undefined,
): string | undefined => {
  const [whole, optional, type] = /^[ -]*(optional)?[ ,]*(?:`([^`]*)`)?[ .]*$/iu.exec(words) ?? [];
  if (whole === undefined) return undefined;
  if (type !== undefined && type.replace(/\s+/gu, '') !== fact?.type)
    return `\`${type}\` is not its type`;
  return optional !== undefined && fact?.isOptional === false ? 'it is not optional' : undefined;
};

const shown =
  /^[\p{L}\p{M}\p{N} !"#$%&'()*+,./:;<=>?[\]^_`{|}~\u2013\u2014\u2026\u2018\u2019\u201c\u201d\u00ab\u00bb\u00b7\u00d7\u2192\u2264\u2265\u2260\u00b0\u20ac\u00a7\u3001\u3002-]*$/u;
const mixed =
  /\p{Script=Latin}\p{M}*[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{M}*\p{Script=Latin}/u;
const address =
  /:\/\/|\b(?:https?|ftp|file|data|javascript|mailto|wss?|git|ssh|npm|node):\S|\bwww\.|\b[\w-]+\.(?:com|org|net|io|dev|ai|app|xyz|info|invalid|example|onion)\b|\b\d{1,3}(?:\.\d{1,3}){3}\b/iu;

/** Characters, marks and addresses that have no place in a line. */
const wrongLine = (line: string, isExample: boolean): string | undefined => {
  if (
    !shown.test(line) ||
    /\p{Default_Ignorable_Code_Point}|\p{M}{3}/u.test(line) ||
    mixed.test(line)
  ) {
    return 'the comment has characters that are not plain';
  }
  if (address.test(line)) return 'the comment has an address';
  if (/\/\/|\/\*|\$\{|\{\{|<%|<!--|#!/u.test(line)) return 'the comment has marks of code';
  if (isExample && /^```[a-z]*$/u.test(line)) return undefined;
  const parts = line.split('`');
  if (parts.length % 2 === 0) return 'a backtick is left alone';
  const outside = parts.filter((_, index) => index % 2 === 0).join(' ');
  return !isExample && /[{}]|<[\p{L}/]/u.test(outside)
    ? 'the comment has marks of code'
    : undefined;
};

/** Words to whoever works on the code, or to what does: always wrong. */
export const phrases =
  /\b(?:ignore|disregard|forget|override|bypass)s? (?:all|any|the|previous|prior|above|these|those|your|every|this)\b|\bas an? (?:ai|llm|assistant|reviewer|agent|model)|\byou (?:must|should|shall|are|may|can|will|need)\b|\b(?:already|been|was|is|are) (?:reviewed|approved|audited|verified|vetted)\b|\bsafe to (?:merge|skip|ignore|approve|trust|delete)|\b(?:skip|omit|without|no|exempt from|needs? no|no need (?:for|to)) (?:the |a |any )?(?:review|tests?|checks?|approval)|\bmust not be (?:reviewed|checked|changed|touched|edited)|\b(?:do not|don't|never) (?:review|check|test|edit|change|touch|modify|remove|report|flag|reject)\b|\b(?:merge|approve|accept) (?:this|it|the)\b|\bsystem (?:prompt|message)|\b(?:ts-(?:ignore|nocheck|expect|check)|(?:eslint|biome|prettier|tslint|oxlint|stylelint|rome|dprint|deno-lint|istanbul|c8|v8)[- ](?:disable|enable|ignore|env|global)|source ?mapping ?url|source ?url ?=|jsx ?import ?source|jsx ?(?:runtime|frag|pragma)|webpack ?(?:ignore|chunk|mode|prefetch|preload)|no ?side ?effects__|nosemgrep|nosonar|noinspection|nosec|noqa|use (?:strict|client|server))/iu;

/** Single words of that kind: wrong unless the code itself has them. */
const single =
  /\b(?:ai|llms?|gpt|chatgpt|copilot|claude|gemini|assistants?|agents?|bots?|prompts?|instructions?|reviews?|reviewers?|reviewed|reviewing|approv(?:e|es|ed|al|ing)|auditors?|maintainers?|todo|fixme|xxx|hack|tbd|wip|licen[cs]e[sd]?|licensing|copyright|spdx|gpl|agpl|lgpl|apache|proprietary|warranty|eslint|biome|prettier|tslint|istanbul|webpack|sourcemappingurl|pragma|nocheck|cspell|codeql|snyk|sonar)\b/giu;

const steering = (line: string, { statement }: Named): string | undefined => {
  const phrase = phrases.exec(line.replace(/[\s`*_]+/gu, ' '))?.[0];
  if (phrase !== undefined) return `the comment says "${phrase}"`;
  const code = new Set(
    statement.tokens.flatMap(({ text }) =>
      text
        .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u),
    ),
  );
  const word = line
    .match(single)
    ?.find(
      (one) => !code.has(one.toLowerCase()) && !code.has(one.toLowerCase().replace(/s$/u, '')),
    );
  return word && `the comment speaks of "${word}"`;
};
