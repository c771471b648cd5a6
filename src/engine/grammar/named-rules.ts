// SPDX-License-Identifier: GPL-3.0-only
import {
  type Expression,
  type GrammarRule,
  inSequence,
  oneOfExpressions,
  repetitionOf,
  textExpression,
} from './expression.ts';

/** Rules by name, which are all that they refer to; the one to begin with is called `root`. */
export type Grammar = ReadonlyMap<string, Expression>;

const refer = (name: string): Expression => ({ kind: 'rule', name, of: () => textExpression('') });

/**
 * The rules of a grammar for engines that read its text. What has no name of its own gets one where
 * it stands twice; the same expression gives the same rules.
 */
export const namedRules = (root: GrammarRule): Grammar => {
  const bodies = new Map<string, Expression>();
  const names = new Map<string, string>();
  const converted = new Map<GrammarRule, Expression>();
  const convert = (expression: Expression): Expression => {
    if (expression.kind === 'sequence') return inSequence(...expression.parts.map(convert));
    if (expression.kind === 'choice') return oneOfExpressions(...expression.options.map(convert));
    if (expression.kind === 'repeat') {
      return repetitionOf(convert(expression.part), expression.min, expression.max);
    }
    return expression.kind === 'rule' ? (converted.get(expression) ?? expression) : expression;
  };
  const share = (body: Expression): Expression => {
    if (body.kind === 'text' || body.kind === 'rule') return body;
    const key = JSON.stringify(body);
    const name = names.get(key) ?? `r${names.size}`;
    names.set(key, name);
    bodies.set(name, body);
    return refer(name);
  };
  // Each after those within it, but for those that hold themselves; not nested, for they are many.
  const waiting: GrammarRule[] = [root];
  for (let last = waiting.at(-1); last; last = waiting.at(-1)) {
    const { name, of } = last;
    if (name !== undefined && !converted.has(last)) {
      converted.set(last, refer(name));
      if (!bodies.has(name)) bodies.set(name, textExpression(''));
      else waiting.pop();
      continue;
    }
    const missing = rulesIn(of()).filter((inner) => !converted.has(inner));
    if (missing.length === 0) {
      waiting.pop();
      const body = convert(of());
      if (name === undefined) converted.set(last, share(body));
      else bodies.set(name, body);
    } else for (const inner of missing) waiting.push(inner);
  }
  return inlineSingles(bodies, new Set(names.values()));
};

const rulesIn = (expression: Expression): readonly GrammarRule[] =>
  expression.kind === 'rule' ? [expression] : partsOf(expression).flatMap(rulesIn);

/** Puts each of these rules that is referred to once into the place that does. */
const inlineSingles = (grammar: Grammar, among: ReadonlySet<string>): Grammar => {
  const uses = new Map<string, number>();
  const count = (expression: Expression): void => {
    if (expression.kind === 'rule') {
      const name = expression.name ?? '';
      uses.set(name, (uses.get(name) ?? 0) + 1);
    }
    for (const part of partsOf(expression)) count(part);
  };
  for (const body of grammar.values()) count(body);
  const single = (name: string): boolean => among.has(name) && uses.get(name) === 1;
  const inline = (expression: Expression): Expression => {
    if (expression.kind === 'rule') {
      const body = single(expression.name ?? '') ? grammar.get(expression.name ?? '') : undefined;
      return body ? inline(body) : expression;
    }
    if (expression.kind === 'sequence') return inSequence(...expression.parts.map(inline));
    if (expression.kind === 'choice') return oneOfExpressions(...expression.options.map(inline));
    return expression.kind === 'repeat'
      ? { ...expression, part: inline(expression.part) }
      : expression;
  };
  const kept = [...grammar].filter(([name]) => !single(name));
  return new Map(kept.map(([name, body]) => [name, inline(body)]));
};

const partsOf = (expression: Expression): readonly Expression[] => {
  if (expression.kind === 'sequence') return expression.parts;
  if (expression.kind === 'choice') return expression.options;
  return expression.kind === 'repeat' ? [expression.part] : [];
};
