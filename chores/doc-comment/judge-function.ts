// SPDX-License-Identifier: GPL-3.0-only
import type { Named } from '../export/judge-module.ts';

/** What the tokens of a declaration say of a function. */
export type Signature = {
  readonly parameters: readonly string[];
  /** What stands behind their names, without blanks; whether they may be left out. */
  readonly types: ReadonlyMap<string, { readonly type: string; readonly isOptional: boolean }>;
  /** The type of what comes of a call, without blanks, where it stands there. */
  readonly result: string;
  readonly typeParameters: readonly string[];
  /** Whether something comes of a call. */
  readonly returns: boolean;
  readonly mayThrow: boolean;
};

/** Whether a declared name is a function: by its word, or a constant that an arrow or function is. */
export const isCallable = (one: Named): boolean => signatureOf(one) !== undefined;

/** The signature of a function; `undefined` for anything else. */
export const signatureOf = ({ name, statement }: Named): Signature | undefined => {
  const all = statement.tokens.map(({ text }) => text);
  const at = startOf(all, name);
  if (at === undefined) return undefined;
  const plainArrow = all[at + 1] === '=>';
  let open = at;
  const typeParameters: string[] = [];
  if (all[at] === '<') {
    open = behind(all, at, '<', '>');
    const inner = all.slice(at + 1, open - 1);
    typeParameters.push(...inner.filter((_, index) => index === 0 || inner[index - 1] === ','));
  }
  if (!plainArrow && all[open] !== '(') return undefined;
  const close = plainArrow ? at + 1 : behind(all, open, '(', ')');
  const isArrow = !all.slice(0, at).includes('function');
  const arrow = plainArrow ? close : all.indexOf('=>', close);
  if (isArrow && !plainArrow && !(all[close] === '=>' || (all[close] === ':' && arrow > 0))) {
    return undefined;
  }
  const bodyAt = isArrow ? lastArrow(all, close) + 1 : all.indexOf('{', close);
  const body = bodyAt < 0 ? [] : all.slice(bodyAt);
  const type =
    all[close] === ':'
      ? all.slice(close + 1, isArrow ? bodyAt - 1 : bodyAt < 0 ? undefined : bodyAt)
      : [];
  const spoken = type.join('').replace(/;$/u, '');
  return {
    parameters: plainArrow ? [all[at] ?? ''] : parametersIn(all.slice(open + 1, close - 1)),
    types: plainArrow ? new Map() : typesIn(all.slice(open + 1, close - 1)),
    result: spoken,
    typeParameters,
    returns:
      spoken === ''
        ? (isArrow && body[0] !== '{') ||
          body.some((text, index) => text === 'return' && !/^[;}]$/u.test(body[index + 1] ?? ';'))
        : !/^(?:Promise<)?(?:void|never|undefined)>?$/u.test(spoken),
    mayThrow: body.some(
      (text, index) =>
        text === 'throw' ||
        (text === '(' &&
          index > 0 &&
          /^[\w$)\]]+$/u.test(body[index - 1] ?? '') &&
          !/^(?:if|for|while|switch|catch|return)$/u.test(body[index - 1] ?? '')),
    ),
  };
};

/** Where the type parameters, the bracket or the only parameter stands. */
const startOf = (all: readonly string[], name: string): number | undefined => {
  const word = all.findIndex((text) => /^(?:function|const|let|var|class)$/u.test(text));
  if (all[word] === 'function') return word + (all[word + 1] === '*' ? 3 : 2);
  if (word < 0 || all[word] === 'class' || all[word + 1] !== name) return undefined;
  let at = valueAt(all, word + 2);
  if (at < 0) return undefined;
  if (all[at] === 'async') at += 1;
  if (all[at] !== 'function') return at;
  at += 1;
  if (all[at] === '*') at += 1;
  return all[at] === '(' || all[at] === '<' ? at : at + 1;
};

/** Behind the first `=` that gives the value and is none of a type's. */
const valueAt = (all: readonly string[], from: number): number => {
  let depth = 0;
  for (let at = from; at < all.length; at += 1) {
    const text = all[at] ?? '';
    if (/^[([{<]$/u.test(text)) depth += 1;
    if (/^[)\]}>]$/u.test(text)) depth -= 1;
    if (depth === 0 && text === '=') return at + 1;
  }
  return -1;
};

const behind = (all: readonly string[], from: number, open: string, close: string): number => {
  let depth = 0;
  for (let at = from; at < all.length; at += 1) {
    if (all[at] === open) depth += 1;
    if (all[at] === close) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return all.length;
};

/** The arrow of the function itself; those before are of its return type. */
const lastArrow = (all: readonly string[], from: number): number => {
  if (all[from] === '=>') return from;
  let depth = 0;
  let found = -1;
  for (let at = from; at < all.length; at += 1) {
    const text = all[at] ?? '';
    if (depth === 0 && text === '=>') {
      found = at;
      if (all[at + 1] === '{') return at;
    }
    if (/^[([{]$/u.test(text)) depth += 1;
    if (/^[)\]}]$/u.test(text)) depth -= 1;
  }
  return found;
};

const typesIn = (all: readonly string[]): Signature['types'] => {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const text of all) {
    if (/^[([{<]$|\$\{$/u.test(text)) depth += 1;
    if (/^[)\]}>]$|^\}/u.test(text)) depth -= 1;
    if (depth === 0 && text === ',') parts.push([]);
    else parts.at(-1)?.push(depth === 0 && text === '=' ? ' = ' : text);
  }
  return new Map(
    parts.map((part) => {
      const [said = '', value] = part.join('').split(/ = (.*)/su);
      const [, name = '', mark, type = ''] =
        /^(?:\.{3})?([^:?]+)(\?)?(?::(.*))?$/su.exec(said) ?? [];
      return [name, { type, isOptional: mark !== undefined || value !== undefined }];
    }),
  );
};

const parametersIn = (all: readonly string[]): readonly string[] => {
  const names: string[] = [];
  let depth = 0;
  all.forEach((text, at) => {
    const previous = all[at - 1];
    const isFirst = previous === undefined || previous === ',' || previous === '...';
    if (
      depth === 0 &&
      isFirst &&
      /^[\p{ID_Start}$_]/u.test(text) &&
      /^[:,=?]$/u.test(all[at + 1] ?? ',')
    ) {
      names.push(text);
    }
    if (/^[([{<]$|\$\{$/u.test(text)) depth += 1;
    if (/^[)\]}>]$|^\}/u.test(text)) depth -= 1;
  });
  return names.filter((name) => name !== 'this');
};
