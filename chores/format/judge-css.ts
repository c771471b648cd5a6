// SPDX-License-Identifier: GPL-3.0-only

/** Whether two style sheets have the same rules, in the same order, and the same comments in their places. */
export const sameSheet = (before: string, now: string): boolean => {
  const [was, is] = [before, now].map((text) => rulesIn(tokensOf(text)));
  return JSON.stringify(was) === JSON.stringify(is);
};

type Token = { readonly kind: Kind; readonly text: string };
type Kind =
  | 'blank'
  | 'comment'
  | 'text'
  | 'url'
  | 'number'
  | 'hash'
  | 'at'
  | 'function'
  | 'word'
  | 'mark';

const name = String.raw`(?:[\w-]|[^\x00-\x7F]|\\[^\r\n])`;
const forms: readonly (readonly [Kind, string])[] = [
  ['blank', String.raw`\s+`],
  ['comment', String.raw`\/\*[\s\S]*?\*\/`],
  ['text', String.raw`"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'`],
  ['url', String.raw`[uU][rR][lL]\(\s*[^\s"'()][^\s"'()]*\s*\)`],
  ['number', String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?:%|${name}*)`],
  ['hash', `#${name}+`],
  ['at', `@${name}+`],
  ['function', String.raw`(?!\d|-\d)${name}+\(`],
  ['word', `${name}+`],
  ['mark', String.raw`[\s\S]`],
];
const token = new RegExp(forms.map(([kind, form]) => `(?<${kind}>${form})`).join('|'), 'g');

const tokensOf = (text: string): readonly Token[] =>
  [...text.matchAll(token)].map(({ 0: whole, groups = {} }) => {
    const kind = forms.find(([one]) => groups[one] !== undefined)?.[0] ?? 'mark';
    return { kind, text: whole };
  });

/** What stands before the braces or the semicolon, and what stands between the braces. */
type Rule = { readonly said: readonly string[]; readonly rules?: readonly Rule[] };

const rulesIn = (tokens: readonly Token[]): readonly Rule[] => readRules(tokens, 0).rules;

const readRules = (
  tokens: readonly Token[],
  start: number,
): { rules: readonly Rule[]; end: number } => {
  const rules: Rule[] = [];
  let said: Token[] = [];
  let depth = 0;
  const flush = (): void => {
    const words = declared(said);
    if (words.length > 0) rules.push({ said: words });
    said = [];
  };
  for (let at = start; at < tokens.length; at += 1) {
    const one = tokens[at] as Token;
    if (one.kind === 'function' || /^[([]$/.test(one.text)) depth += 1;
    else if (/^[)\]]$/.test(one.text)) depth -= 1;
    if (depth > 0 || !/^[{};]$/.test(one.text)) {
      said.push(one);
    } else if (one.text === ';') flush();
    else if (one.text === '}') {
      flush();
      return { rules: [...rules, { said: ['}'] }], end: at };
    } else {
      const inner = readRules(tokens, at + 1);
      rules.push({ said: selected(said), rules: inner.rules });
      said = [];
      at = inner.end;
    }
  }
  flush();
  return { rules, end: tokens.length };
};

/** A declaration: its blanks say nothing, but where they are all that a variable is set to. */
const declared = (tokens: readonly Token[]): readonly string[] => {
  const colon = tokens.findIndex(({ text }) => text === ':');
  const words = tokens.filter(({ kind }) => kind !== 'blank');
  const isVariable = /^--/.test(words.find(({ kind }) => kind !== 'comment')?.text ?? '');
  const isBlank =
    isVariable &&
    tokens.slice(colon + 1).some(({ kind }) => kind === 'blank') &&
    tokens.slice(colon + 1).every(({ kind }) => kind === 'blank');
  const isSum = (at: number): boolean => /^[+-]$/.test(tokens[at]?.text ?? '');
  const said = tokens.flatMap((one, at) => {
    if (one.kind !== 'blank') return [wordOf(one)];
    // In a sum `1px + (2px)` they say something.
    return isSum(at - 1) || isSum(at + 1) ? [' '] : [];
  });
  return [...said, ...(isBlank ? [' '] : [])];
};

/** A selector or an at-rule: a blank between two parts of a selector means "somewhere inside". */
const selected = (tokens: readonly Token[]): readonly string[] => {
  const isAt = tokens.find(({ kind }) => kind !== 'blank' && kind !== 'comment')?.kind === 'at';
  const isSelector = !isAt || tokens.some(({ text }) => /^(?:@scope|selector\()$/i.test(text));
  const words: string[] = [];
  let [isApart, last]: [boolean, Token | undefined] = [false, undefined];
  let inBrackets = false;
  for (const [at, one] of tokens.entries()) {
    if (one.kind === 'blank') {
      isApart = true;
      continue;
    }
    if (one.kind === 'comment') {
      words.push(wordOf(one));
      continue;
    }
    const isPart = (text = ''): boolean => !/^[>+~,|(=]?$/.test(text) && !text.endsWith('(');
    if (
      isApart &&
      last &&
      isPart(last.text) &&
      isPart(one.text) &&
      one.text !== ')' &&
      one.text !== ']'
    )
      if (isSelector && !inBrackets) words.push(' ');
    if (/^[[\]]$/.test(one.text)) inBrackets = one.text === '[';
    const isPseudo = last?.text === ':' || /^(?:from|to)$/i.test(one.text);
    if (one.kind === 'at') words.push(one.text.toLowerCase());
    else if (inBrackets && last?.text === '=' && one.kind === 'word') words.push(`"${one.text}"`);
    else if (!isAt && one.kind === 'number') words.push(...stepsOf(one.text, tokens[at - 1]));
    else if (isAt) words.push(wordOf(one));
    else
      words.push(isPseudo ? one.text.toLowerCase() : one.kind === 'text' ? wordOf(one) : one.text);
    [isApart, last] = [false, one];
  }
  return words;
};

/** `2n+1` of `:nth-child` in its parts, as `2n + 1` has them. */
const stepsOf = (text: string, before: Token | undefined): readonly string[] => {
  const [, sign = '', first = '', more = ''] = /^([+-]?)(.*?n)?(?:(-?.*))$/i.exec(text) ?? [];
  const isSum = before !== undefined && before.kind !== 'mark' && before.kind !== 'function';
  const rest = /^[+-]/.test(more) ? [more.slice(0, 1), more.slice(1)] : [more];
  return [
    ...(sign === '' ? [] : isSum || sign === '-' ? [sign] : []),
    first.toLowerCase(),
    ...rest,
  ].filter((part) => part !== '');
};

/** A word of a value, with what may be written in several ways written in one. */
const wordOf = ({ kind, text }: Token): string => {
  if (kind === 'comment') return text.replace(/\s+/g, ' ');
  if (kind === 'text') return `"${text.slice(1, -1).replace(/\\(["'])/g, '$1')}"`;
  if (kind === 'url') return text.replace(/\(\s*/, '(').replace(/\s*\)$/, ')');
  if (kind === 'hash' && /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(text))
    return text.toLowerCase();
  if (kind !== 'number') return text;
  const [, sign = '', whole = '', part = '', rest = ''] =
    /^([+-]?)(\d*)(?:\.(\d+))?(.*)$/s.exec(text) ?? [];
  const fraction = part.replace(/0+$/, '');
  return `${sign}${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}${rest.toLowerCase()}`;
};
