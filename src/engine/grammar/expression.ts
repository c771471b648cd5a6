// SPDX-License-Identifier: GPL-3.0-only

/** Code points: sorted, apart, both ends included. */
export type Ranges = readonly (readonly [from: number, to: number])[];

/** What an answer may be, as characters: a tree, but for rules, which may lead back up. */
export type Expression =
  | { readonly kind: 'text'; readonly text: string }
  /** One code point. */
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly options: readonly Expression[] }
  | {
      readonly kind: 'repeat';
      readonly part: Expression;
      readonly min: number;
      /** May be infinite. */
      readonly max: number;
    }
  | GrammarRule;

/** Something that is worked out when it is first asked for. */
export type GrammarRule = {
  readonly kind: 'rule';
  /** Letters and digits, the same for the same; left out: named only where it stands twice. */
  readonly name?: string | undefined;
  readonly of: () => Expression;
  readonly leaf?: GrammarLeaf | undefined;
};

/** What can be read without its grammar, by whoever counts. */
export type GrammarLeaf =
  /** A JSON string of so many characters; `max` may be infinite. */
  | { readonly kind: 'string'; readonly min: number; readonly max: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'texts'; readonly texts: readonly string[] };

/** Exactly this text. */
export const textExpression = (value: string): Expression => ({ kind: 'text', text: value });
/** One character of these ranges of code points. */
export const characterSet = (ranges: Ranges): Expression => ({ kind: 'set', ranges });

/** A rule by name whose expression is made when it is first asked for, so that rules may be recursive. */
export const grammarRule = (
  name: string | undefined,
  make: () => Expression,
  leaf?: GrammarLeaf,
): GrammarRule => {
  let made: Expression | undefined;
  const of = (): Expression => {
    made ??= make();
    return made;
  };
  return { kind: 'rule', name, of, leaf };
};

/** What may stand in several places, written once there. */
export const sharedRule = (expression: Expression): Expression =>
  expression.kind === 'text' || expression.kind === 'rule'
    ? expression
    : grammarRule(undefined, () => expression);

/** Parts one after the other, texts joined. */
export const inSequence = (...parts: readonly Expression[]): Expression => {
  const joined: Expression[] = [];
  for (const part of parts.flatMap((each) => (each.kind === 'sequence' ? each.parts : [each]))) {
    const before = joined.at(-1);
    if (part.kind === 'text' && part.text === '') continue;
    if (part.kind === 'text' && before?.kind === 'text') {
      joined[joined.length - 1] = textExpression(before.text + part.text);
    } else joined.push(part);
  }
  const [only] = joined;
  return joined.length === 1 && only ? only : { kind: 'sequence', parts: joined };
};

/** One of these; choices within it are its own. */
export const oneOfExpressions = (...options: readonly Expression[]): Expression => {
  const flat = options.flatMap((each) => (each.kind === 'choice' ? each.options : [each]));
  const [only] = flat;
  return flat.length === 1 && only ? only : { kind: 'choice', options: flat };
};

/** The part at least `min` and at most `max` times. */
export const repetitionOf = (part: Expression, min: number, max: number): Expression =>
  min === 1 && max === 1
    ? part
    : max === 0
      ? textExpression('')
      : { kind: 'repeat', part, min, max };
