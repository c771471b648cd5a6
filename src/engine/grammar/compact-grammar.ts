// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { asList, asMap, choicesOf, isKeywords, type Keywords } from '../schema/keywords.ts';
import {
  type Expression,
  type GrammarRule,
  grammarRule,
  inSequence,
  oneOfExpressions,
  repetitionOf,
  sharedRule,
  textExpression,
} from './expression.ts';
import { integerExpression, numberRule } from './json-numbers.ts';
import { stringExpression } from './json-strings.ts';
import { textsRule } from './texts.ts';

/**
 * The grammar of the JSON texts that follow a schema, without any white space and with members in
 * declared order: a model held to it has no blank to loop in. Takes what `lowerSchema` gives with
 * `compactAbilities`, and nothing else; the same schema gives the same grammar.
 */
export const compactGrammar = ({ $defs, ...body }: Keywords): GrammarRule => {
  const defs = new Map(
    Object.entries(asMap($defs)).map(([name, part], index) => [
      `#/$defs/${name}`,
      grammarRule(`d${index}`, () => compile(asMap(part))),
    ]),
  );
  const compiled = new Map<string, Expression>();
  const compile: Compile = (part) => {
    if (typeof part.$ref === 'string') return defs.get(part.$ref) ?? root;
    const key = JSON.stringify(part);
    const made = compiled.get(key) ?? sharedRule(expressionOf(part, compile));
    compiled.set(key, made);
    return made;
  };
  const root = grammarRule('root', () => compile(body));
  return root;
};

type Compile = (part: Keywords) => Expression;

const infinity = Number.POSITIVE_INFINITY;

const expressionOf = (schema: Keywords, compile: Compile): Expression => {
  const constants = choicesOf(schema);
  if (constants) return textsRule(constants.map((value) => JSON.stringify(value)));
  if (Array.isArray(schema.anyOf)) {
    return oneOfExpressions(...asList(schema.anyOf).map((member) => compile(asMap(member))));
  }
  switch (schema.type) {
    case 'string':
      return stringExpression(count(schema.minLength, 0), count(schema.maxLength, infinity));
    case 'integer':
      return integerExpression(
        count(schema.minimum, -Number.MAX_SAFE_INTEGER),
        count(schema.maximum, Number.MAX_SAFE_INTEGER),
      );
    case 'number':
      return numberRule;
    case 'boolean':
      return oneOfExpressions(textExpression('true'), textExpression('false'));
    case 'array':
      return arrayExpression(schema, compile);
    case 'object':
      return objectExpression(schema, compile);
    default:
      return textExpression('null');
  }
};

const count = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

const arrayExpression = (schema: Keywords, compile: Compile): Expression => {
  const min = count(schema.minItems, 0);
  const max = count(schema.maxItems, infinity);
  if (max === 0) return textExpression('[]');
  const items = compile(asMap(schema.items));
  const more = inSequence(textExpression(','), items);
  const filled = inSequence(items, repetitionOf(more, Math.max(0, min - 1), max - 1));
  return inSequence(
    textExpression('['),
    min > 0 ? filled : repetitionOf(filled, 0, 1),
    textExpression(']'),
  );
};

const objectExpression = (schema: Keywords, compile: Compile): Expression => {
  const required = new Set(asList(schema.required));
  const members = Object.entries(asMap(schema.properties)).map(([name, member]) => ({
    text: inSequence(textExpression(`${JSON.stringify(name)}:`), compile(asMap(member))),
    optional: !required.has(name),
  }));
  const record = recordOf(schema, compile);
  // `after`: what follows a member; `first`: what follows the brace. Both from the end back.
  let after: Expression = inSequence(record.after, textExpression('}'));
  let first: Expression = inSequence(record.first, textExpression('}'));
  for (const member of members.toReversed()) {
    // Shared only where it stands twice, so that forced texts stay in one piece.
    const next = member.optional ? sharedRule(after) : after;
    const more = inSequence(textExpression(','), member.text, next);
    const here = inSequence(member.text, next);
    first = member.optional ? oneOfExpressions(here, first) : here;
    after = member.optional ? oneOfExpressions(more, next) : more;
  }
  return inSequence(textExpression('{'), first);
};

/** Members by any name, after others and as the first ones. */
const recordOf = (
  schema: Keywords,
  compile: Compile,
): { readonly after: Expression; readonly first: Expression } => {
  if (!isKeywords(schema.additionalProperties))
    return { after: textExpression(''), first: textExpression('') };
  const name = stringExpression(0, infinity);
  const member = inSequence(name, textExpression(':'), compile(schema.additionalProperties));
  const most = count(schema.maxProperties, infinity);
  const after = repetitionOf(inSequence(textExpression(','), member), 0, most - 1);
  return { after, first: repetitionOf(inSequence(member, after), 0, 1) };
};
