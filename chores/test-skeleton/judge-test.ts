// SPDX-License-Identifier: GPL-3.0-only
import type { CodeStatement, CodeToken } from '../../src/code/tokens.ts';
import { phrases } from '../doc-comment/judge-words.ts';
import { Reader } from './judge-grammar.ts';
import { type Names, NotPlain, type Said } from './judge-said.ts';

/** What a name under test is, and whether it takes something. */
export type Subject = { readonly kind: 'function' | 'class' | 'other'; readonly takes: boolean };

/** What assertions are called on: what a test is given, `assert` or `expect`. */
export type Form = 'ava' | 'assert' | 'expect';

type Runner = { readonly form: Form; readonly words: ReadonlySet<string> };

/** Reads a test at the top of a file: the names that it puts to the test. @throws NotPlain */
export const readTest = (
  { tokens }: CodeStatement,
  subjects: ReadonlyMap<string, Subject>,
  constants: ReadonlyMap<string, Said>,
  runner: Runner,
): ReadonlySet<string> => {
  const tested = new Set<string>();
  const all = tokens.at(-1)?.text === ';' ? tokens.slice(0, -1) : tokens;
  readCall(all, { subjects, constants, runner, tested }, true);
  return tested;
};

type Reading = {
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly constants: ReadonlyMap<string, Said>;
  readonly runner: Runner;
  readonly tested: Set<string>;
};

const namesOf = ({ subjects, constants }: Reading): Names => ({
  subjects: new Map([...subjects].map(([name, { kind }]) => [name, kind])),
  locals: new Map(constants),
});

const title = /^(['"])[\p{L}\p{N} !#$%&()*+,./:;<=>?@[\]^_{|}~`'"\u2013\u2014\u2026-]{1,120}\1$/u;

/** Letters that look like those of another script, in one word with it. */
const mixed =
  /\p{Script=Latin}\p{M}*[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{M}*\p{Script=Latin}/u;

/** `test('title', (t) => {...})`, or `describe` around such. */
const readCall = (tokens: readonly CodeToken[], reading: Reading, isTop: boolean): void => {
  const reader = new Reader(tokens, namesOf(reading));
  const word = reader.next();
  const { form, words } = reading.runner;
  const isGroup = word === 'describe' && isTop;
  if (!words.has(word) || !(isGroup || word === 'test' || word === 'it'))
    throw new NotPlain(`more than a test: ${word.slice(0, 40)}`);
  if (form === 'ava' && reader.skip('.')) reader.expect('serial');
  reader.expect('(');
  if (!title.test(reader.text) || mixed.test(reader.text) || phrases.test(reader.text))
    throw new NotPlain('a title is not plain');
  reader.next();
  reader.expect(',');
  const said = new Set(tokens.map(({ text }) => text));
  const isAsync = !isGroup && reader.skip('async');
  // Below a function that waits there may be another.
  if (!isGroup && !isAsync && said.has('await') && !said.has('async'))
    throw new NotPlain('it waits where it may not');
  let context: string | undefined;
  if (form === 'ava' && reader.text !== '(') context = reader.name();
  else {
    reader.expect('(');
    if (form === 'ava') context = reader.name();
    reader.expect(')');
  }
  if (context !== undefined && reading.subjects.has(context)) {
    throw new NotPlain(`"${context}" means something else`);
  }
  reader.expect('=>');
  const body = tokens.slice(reader.at, -1);
  if (tokens.at(-1)?.text !== ')') throw new NotPlain('more than a test');
  const inner = body[0]?.text === '{' && body.at(-1)?.text === '}' ? body.slice(1, -1) : undefined;
  if (isGroup) {
    for (const part of split(inner ?? [])) readCall(part, reading, false);
  } else readBody(inner ? split(inner) : [body], reading, context);
};

/** Statements within a block: each ends where its brackets do, by a semicolon or a new line. */
const split = (tokens: readonly CodeToken[]): readonly (readonly CodeToken[])[] => {
  const parts: CodeToken[][] = [[]];
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (depth === 0 && token.text === ';') {
      parts.push([]);
      continue;
    }
    const before = tokens[at - 1];
    const opens = /^(?:const|await|t|test|it|assert|expect)$/u.test(token.text);
    if (
      depth === 0 &&
      opens &&
      before &&
      /^[)\]}'"`\w]/u.test(before.text.at(-1) ?? '') &&
      !/^(?:await|=|typeof)$/u.test(before.text)
    )
      parts.push([]);
    parts.at(-1)?.push(token);
    if (/^[([{]$|\$\{$/u.test(token.text)) depth += 1;
    if (/^[)\]}]$|^\}/u.test(token.text)) depth -= 1;
  }
  return parts.filter((part) => part.length > 0);
};

const readBody = (
  parts: readonly (readonly CodeToken[])[],
  reading: Reading,
  context: string | undefined,
): void => {
  const names = namesOf(reading);
  const seen = new Set<string>();
  for (const part of parts) {
    const reader = new Reader(part, names);
    if (reader.skip('const')) {
      const name = reader.name();
      if (names.subjects.has(name) || name === context)
        throw new NotPlain(`"${name}" means something else`);
      reader.expect('=');
      names.locals.set(name, reader.expression());
    } else {
      const isAwaited = reader.skip('await');
      const text = part.map((token) => token.text).join(' ');
      if (seen.has(text)) throw new NotPlain('it says something twice');
      seen.add(text);
      if (reader.text === context || reader.text === 'assert' || reader.text === 'expect') {
        const name = readAssertion(reader, reading, isAwaited, context);
        if (name !== undefined) reading.tested.add(name);
      } else if (!reader.expression().tainted)
        throw new NotPlain('a line does nothing for the test');
    }
    if (!reader.isDone) throw new NotPlain(`"${reader.text.slice(0, 40)}" has no place in a test`);
  }
};

const equals =
  /^(?:is|deepEqual|like|regex|equal|strictEqual|deepStrictEqual|match|toBe|toEqual|toStrictEqual|toMatchObject|toBeCloseTo|toMatch|toContain|toHaveLength|toBeGreaterThan|toBeLessThan|toBeGreaterThanOrEqual|toBeLessThanOrEqual)$/u;
const bare = /^(?:true|false|ok|toBeNull|toBeUndefined)$/u;
const throwing = /^(?:throws|throwsAsync|rejects|toThrow|toThrowError)$/u;
const differs = /^(?:not|notDeepEqual|notEqual|notStrictEqual|notDeepStrictEqual)$/u;
const weak =
  /^(?:truthy|falsy|assert|notRegex|notThrows|notThrowsAsync|doesNotThrow|doesNotMatch|toBeTruthy|toBeFalsy|toBeDefined)$/u;
/** What a constant may be said to be. */
const defined = /^toBeDefined$/u;

const readAssertion = (
  reader: Reader,
  { subjects, runner: { form, words } }: Reading,
  isAwaited: boolean,
  context: string | undefined,
): string | undefined => {
  const word = reader.next();
  const fits = form === 'ava' ? word === context : word === form && words.has(word);
  if (!fits) throw new NotPlain(`${word} is not of this runner`);
  let args: readonly Said[] = [];
  let method = 'ok';
  let isNegated = false;
  if (form === 'expect') {
    reader.expect('(');
    args = reader.list(')');
    reader.expect('.');
    method = reader.name();
    while (/^(?:not|resolves|rejects)$/u.test(method) && reader.skip('.')) {
      if (method === 'not') isNegated = true;
      else if (!isAwaited) throw new NotPlain('an assertion is not awaited');
      method = reader.name();
    }
    if (args.length !== 1) throw new NotPlain('expect takes one value');
    reader.expect('(');
  } else if (reader.skip('.')) {
    method = reader.name();
    reader.expect('(');
  } else reader.expect('(');
  args = [...args, ...reader.list(')')];
  if (/^(?:throwsAsync|notThrowsAsync|rejects)$/u.test(method) && !isAwaited)
    throw new NotPlain('an assertion is not awaited');
  if (![equals, bare, throwing, differs, weak].some((some) => some.test(method)))
    throw new NotPlain(`${method} asserts nothing`);
  const [first, second] = args;
  if (!first || isNegated) return undefined;
  if (equals.test(method) && second && !isEmpty(method, second))
    return compared(subjects, first, second);
  if (bare.test(method)) {
    if (first.sides) return compared(subjects, ...first.sides);
    return method === 'ok' ? undefined : enough(subjects, first);
  }
  if (throwing.test(method)) return enough(subjects, first.gives ?? first);
  const isOther = first.subject !== undefined && subjects.get(first.subject)?.kind === 'other';
  if (defined.test(method) && isOther) return enough(subjects, first);
  return differs.test(method) && second && isOther ? compared(subjects, first, second) : undefined;
};

/** An expectation that everything meets. */
const isEmpty = (method: string, { text }: Said): boolean => {
  if (/^(?:like|toMatchObject)$/u.test(method)) return /^(?:\{ \}|\[ \])$/u.test(text);
  if (!/^(?:regex|match|toMatch)$/u.test(method))
    return /^(?:toContain)$/u.test(method) && /^(?:''|"")$/u.test(text);
  const [, source, flags] = /^\/(.*)\/(\w*)$/u.exec(text) ?? [];
  if (source === undefined) return true;
  try {
    return new RegExp(source, flags).test('');
  } catch {
    return true;
  }
};

/** The name whose result is compared with something that does not come from it. */
const compared = (
  subjects: ReadonlyMap<string, Subject>,
  one: Said,
  other: Said,
): string | undefined => {
  const [actual, wanted] = one.subject === undefined ? [other, one] : [one, other];
  if (wanted.tainted || actual.subject === undefined) return undefined;
  const kind = subjects.get(actual.subject)?.kind;
  if (actual.isTypeof && !actual.called) {
    return kind !== 'other' && /^(['"])function\1$/u.test(wanted.text) ? actual.subject : undefined;
  }
  return enough(subjects, actual);
};

const enough = (
  subjects: ReadonlyMap<string, Subject>,
  { subject, called, withArguments, isTypeof }: Said,
): string | undefined => {
  const facts = subject === undefined ? undefined : subjects.get(subject);
  if (!facts) return undefined;
  if (facts.kind === 'other') return isTypeof ? undefined : subject;
  return called && (withArguments || !facts.takes) ? subject : undefined;
};
