// SPDX-License-Identifier: GPL-3.0-only
import { ToolFault } from './tool.ts';

const maxAlternatives = 64;

type Token = { readonly kind: 'literal'; readonly text: string } | { readonly kind: Wildcard };
type Wildcard = 'one' | 'part' | 'any' | 'folders';

/**
 * A matcher for a glob that a model wrote: `*` and `?` within a part, `**` across parts, `{a,b}`
 * for alternatives; everything else, `[` too, stands for itself, and a folder `docs/` for all in it.
 * Takes time in proportion to pattern times path, whatever the pattern, which no regular expression
 * made from one would. @throws ToolFault on more than 64 alternatives.
 */
export const compileGlob = (pattern: string): ((path: string) => boolean) => {
  const alternatives = expandBraces(pattern.endsWith('/') ? `${pattern}**` : pattern).map(tokenise);
  return (path) => alternatives.some((tokens) => matches(tokens, path));
};

const expandBraces = (pattern: string): readonly string[] => {
  let expanded = [pattern];
  for (let again = true; again; ) {
    again = false;
    expanded = expanded.flatMap((text) => {
      const braces = /\{([^{}]*,[^{}]*)\}/.exec(text);
      if (!braces) return [text];
      again = true;
      const [before, after] = [
        text.slice(0, braces.index),
        text.slice(braces.index + braces[0].length),
      ];
      return (braces[1] ?? '').split(',').map((choice) => `${before}${choice}${after}`);
    });
    if (expanded.length > maxAlternatives) {
      throw new ToolFault(
        `the pattern has more than ${maxAlternatives} alternatives; use fewer braces`,
      );
    }
  }
  return expanded;
};

const wildcards: Readonly<Record<string, Wildcard>> = {
  '**/': 'folders',
  '**': 'any',
  '*': 'part',
  '?': 'one',
};

const tokenise = (pattern: string): readonly Token[] =>
  (pattern.match(/(?<![^/])\*\*\/|\*\*|\*|\?|[^*?]/gu) ?? []).map((text) => {
    const kind = wildcards[text];
    return kind ? { kind } : { kind: 'literal', text };
  });

/** Walks the path once with the set of tokens that may come next. */
const matches = (tokens: readonly Token[], path: string): boolean => {
  let states = skipEmpty(tokens, new Set([0]), true);
  for (const character of path) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token && takes(token, character)) next.add(repeats(token) ? state : state + 1);
    }
    if (next.size === 0) return false;
    states = skipEmpty(tokens, next, character === '/');
  }
  return states.has(tokens.length);
};

const takes = (token: Token, character: string): boolean => {
  if (token.kind === 'literal') return token.text === character;
  return token.kind === 'any' || token.kind === 'folders' || character !== '/';
};

const repeats = ({ kind }: Token): boolean => kind !== 'literal' && kind !== 'one';

/** Adds the tokens that can be reached without a character; folders end only where a part begins. */
const skipEmpty = (
  tokens: readonly Token[],
  states: Set<number>,
  partStart: boolean,
): Set<number> => {
  for (const state of states) {
    const token = tokens[state];
    if (token && repeats(token) && (token.kind !== 'folders' || partStart)) states.add(state + 1);
  }
  return states;
};
