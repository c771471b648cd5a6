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
  | Rule;

/** Something that is worked out when it is first asked for. */
export type Rule = {
  readonly kind: 'rule';
  /** Letters and digits, the same for the same; left out: named only where it stands twice. */
  readonly name?: string | undefined;
  readonly of: () => Expression;
  readonly leaf?: Leaf | undefined;
};

/** What can be read without its grammar, by whoever counts. */
export type Leaf =
  /** A JSON string of so many characters; `max` may be infinite. */
  | { readonly kind: 'string'; readonly min: number; readonly max: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'texts'; readonly texts: readonly string[] };

export const text = (value: string): Expression => ({ kind: 'text', text: value });
export const set = (ranges: Ranges): Expression => ({ kind: 'set', ranges });

export const rule = (name: string | undefined, make: () => Expression, leaf?: Leaf): Rule => {
  let made: Expression | undefined;
  const of = (): Expression => {
    made ??= make();
    return made;
  };
  return { kind: 'rule', name, of, leaf };
};

/** What may stand in several places, written once there. */
export const shared = (expression: Expression): Expression =>
  expression.kind === 'text' || expression.kind === 'rule'
    ? expression
    : rule(undefined, () => expression);

/** Parts one after the other, texts joined. */
export const sequence = (...parts: readonly Expression[]): Expression => {
  const joined: Expression[] = [];
  for (const part of parts.flatMap((each) => (each.kind === 'sequence' ? each.parts : [each]))) {
    const before = joined.at(-1);
    if (part.kind === 'text' && part.text === '') continue;
    if (part.kind === 'text' && before?.kind === 'text') {
      joined[joined.length - 1] = text(before.text + part.text);
    } else joined.push(part);
  }
  const [only] = joined;
  return joined.length === 1 && only ? only : { kind: 'sequence', parts: joined };
};

/** One of these; choices within it are its own. */
export const choice = (...options: readonly Expression[]): Expression => {
  const flat = options.flatMap((each) => (each.kind === 'choice' ? each.options : [each]));
  const [only] = flat;
  return flat.length === 1 && only ? only : { kind: 'choice', options: flat };
};

export const repeat = (part: Expression, min: number, max: number): Expression =>
  min === 1 && max === 1 ? part : max === 0 ? text('') : { kind: 'repeat', part, min, max };
