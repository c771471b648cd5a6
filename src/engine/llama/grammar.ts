// SPDX-License-Identifier: GPL-3.0-only
import { literal, nextId, type Terminal } from './terminals.ts';

/** What an answer may be: terminals and how they follow one another. */
export type Grammar =
  | { readonly kind: 'terminal'; readonly id: number; readonly terminal: Terminal }
  | { readonly kind: 'sequence'; readonly id: number; readonly parts: readonly Grammar[] }
  | { readonly kind: 'choice'; readonly id: number; readonly options: readonly Grammar[] }
  | {
      readonly kind: 'repeat';
      readonly id: number;
      readonly part: Grammar;
      /** Stands between two of them. */
      readonly separator: Grammar | undefined;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: 'members';
      readonly id: number;
      /** In order, each as it stands first and as it stands after another. */
      readonly members: readonly Member[];
      /** More of them, from `min` to `max`. */
      readonly rest: (Omit<Member, 'required'> & { min: number; max: number }) | undefined;
    }
  /** Something named, which may hold itself. */
  | { readonly kind: 'rule'; readonly id: number; readonly of: () => Grammar };

export type Member = {
  readonly first: Grammar;
  readonly later: Grammar;
  readonly required: boolean;
};

const encoder = new TextEncoder();

export const terminal = (given: Terminal): Grammar => ({
  kind: 'terminal',
  id: nextId(),
  terminal: given,
});

/** Exactly this text. */
export const text = (given: string): Grammar => terminal(literal(encoder.encode(given)));

/** One after the other; texts side by side become one. */
export const sequence = (...given: readonly Grammar[]): Grammar => {
  const parts: Grammar[] = [];
  for (const part of given.flatMap((one) => (one.kind === 'sequence' ? one.parts : [one]))) {
    const before = bytesOf(parts.at(-1));
    const here = bytesOf(part);
    if (here?.length === 0) continue;
    if (before && here) {
      parts[parts.length - 1] = terminal(literal(Buffer.concat([before, here])));
    } else parts.push(part);
  }
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind: 'sequence', id: nextId(), parts };
};

const bytesOf = (grammar: Grammar | undefined): Uint8Array | undefined =>
  grammar?.kind === 'terminal' ? grammar.terminal.bytes : undefined;

export const choice = (options: readonly Grammar[]): Grammar => {
  const [only] = options;
  return options.length === 1 && only ? only : { kind: 'choice', id: nextId(), options };
};

export const repeat = (
  part: Grammar,
  min: number,
  max: number,
  separator?: Grammar | undefined,
): Grammar => ({ kind: 'repeat', id: nextId(), part, separator, min, max });

export const members = (
  given: readonly Member[],
  rest?: Extract<Grammar, { kind: 'members' }>['rest'],
): Grammar => ({ kind: 'members', id: nextId(), members: given, rest });

export const rule = (of: () => Grammar): Grammar => ({ kind: 'rule', id: nextId(), of });
