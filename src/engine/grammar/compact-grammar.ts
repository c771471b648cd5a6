// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { asList, asMap, choicesOf, isKeywords, type Keywords } from '../schema/keywords.ts';
import {
  choice,
  type Expression,
  type Rule,
  repeat,
  rule,
  sequence,
  shared,
  text,
} from './expression.ts';
import { integerExpression, numberRule } from './json-numbers.ts';
import { stringOf } from './json-strings.ts';
import { textsRule } from './texts.ts';

/**
 * The grammar of the JSON texts that follow a schema, without any white space and with members in
 * declared order: a model held to it has no blank to loop in. Takes what `lowerSchema` gives with
 * `compactAbilities`, and nothing else; the same schema gives the same grammar.
 */
export const compactGrammar = ({ $defs, ...body }: Keywords): Rule => {
  const defs = new Map(
    Object.entries(asMap($defs)).map(([name, part], index) => [
      `#/$defs/${name}`,
      rule(`d${index}`, () => compile(asMap(part))),
    ]),
  );
  const known = new Map<string, Expression>();
  const compile: Compile = (part) => {
    if (typeof part.$ref === 'string') return defs.get(part.$ref) ?? root;
    const key = JSON.stringify(part);
    const made = known.get(key) ?? shared(expressionOf(part, compile));
    known.set(key, made);
    return made;
  };
  const root = rule('root', () => compile(body));
  return root;
};

type Compile = (part: Keywords) => Expression;

const infinity = Number.POSITIVE_INFINITY;

const expressionOf = (schema: Keywords, compile: Compile): Expression => {
  const constants = choicesOf(schema);
  if (constants) return textsRule(constants.map((value) => JSON.stringify(value)));
  if (Array.isArray(schema.anyOf)) {
    return choice(...asList(schema.anyOf).map((member) => compile(asMap(member))));
  }
  switch (schema.type) {
    case 'string':
      return stringOf(count(schema.minLength, 0), count(schema.maxLength, infinity));
    case 'integer':
      return integerExpression(
        count(schema.minimum, -Number.MAX_SAFE_INTEGER),
        count(schema.maximum, Number.MAX_SAFE_INTEGER),
      );
    case 'number':
      return numberRule;
    case 'boolean':
      return choice(text('true'), text('false'));
    case 'array':
      return arrayExpression(schema, compile);
    case 'object':
      return objectExpression(schema, compile);
    default:
      return text('null');
  }
};

const count = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

const arrayExpression = (schema: Keywords, compile: Compile): Expression => {
  const min = count(schema.minItems, 0);
  const max = count(schema.maxItems, infinity);
  if (max === 0) return text('[]');
  const items = compile(asMap(schema.items));
  const more = sequence(text(','), items);
  const filled = sequence(items, repeat(more, Math.max(0, min - 1), max - 1));
  return sequence(text('['), min > 0 ? filled : repeat(filled, 0, 1), text(']'));
};

const objectExpression = (schema: Keywords, compile: Compile): Expression => {
  const required = new Set(asList(schema.required));
  const members = Object.entries(asMap(schema.properties)).map(([name, member]) => ({
    text: sequence(text(`${JSON.stringify(name)}:`), compile(asMap(member))),
    optional: !required.has(name),
  }));
  const record = recordOf(schema, compile);
  // `after`: what follows a member; `first`: what follows the brace. Both from the end back.
  let after: Expression = sequence(record.after, text('}'));
  let first: Expression = sequence(record.first, text('}'));
  for (const member of members.toReversed()) {
    // Shared only where it stands twice, so that forced texts stay in one piece.
    const next = member.optional ? shared(after) : after;
    const more = sequence(text(','), member.text, next);
    const here = sequence(member.text, next);
    first = member.optional ? choice(here, first) : here;
    after = member.optional ? choice(more, next) : more;
  }
  return sequence(text('{'), first);
};

/** Members by any name, after others and as the first ones. */
const recordOf = (
  schema: Keywords,
  compile: Compile,
): { readonly after: Expression; readonly first: Expression } => {
  if (!isKeywords(schema.additionalProperties)) return { after: text(''), first: text('') };
  const name = stringOf(0, infinity);
  const member = sequence(name, text(':'), compile(schema.additionalProperties));
  const after = repeat(sequence(text(','), member), 0, infinity);
  return { after, first: repeat(sequence(member, after), 0, 1) };
};
