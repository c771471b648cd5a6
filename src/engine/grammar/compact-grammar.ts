// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { capRepeats, parseRegex } from '../regex/tree.ts';
import { asList, asMap, choicesOf, isKeywords, type Keywords } from '../schema/merge.ts';
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
import { integerExpression, numberOf } from './json-numbers.ts';
import { patternOf, stringOf } from './json-strings.ts';

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
  if (constants) return choice(...constants.map((value) => text(JSON.stringify(value))));
  if (Array.isArray(schema.anyOf)) {
    return choice(...asList(schema.anyOf).map((member) => compile(asMap(member))));
  }
  switch (schema.type) {
    case 'string':
      return stringExpression(schema);
    case 'integer':
      return integerExpression(
        count(schema.minimum, -Number.MAX_SAFE_INTEGER),
        count(schema.maximum, Number.MAX_SAFE_INTEGER),
      );
    case 'number':
      return numberOf({ negative: schema.minimum !== 0 });
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

const leapYear = '(\\d\\d([2468][048]|[13579][26]|0[48])|([02468][048]|[13579][26])00)';
/** RFC 3339, in UTC or with an offset: of the days those that their month has. */
const date = `(${leapYear}-02-29|\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8])))`;
const time = '([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)';

const formats: Readonly<Record<string, string>> = {
  date: `^${date}$`,
  time: `^${time}$`,
  'date-time': `^${date}T${time}$`,
  uuid: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
};

const stringExpression = (schema: Keywords): Expression => {
  const max = count(schema.maxLength, infinity);
  const source = schema.pattern ?? formats[String(schema.format)];
  const pattern = typeof source === 'string' ? parseRegex(source) : undefined;
  if (!pattern) return stringOf(count(schema.minLength, 0), max);
  return sequence(text('"'), patternOf(capRepeats(pattern.tree, max)), text('"'));
};

const arrayExpression = (schema: Keywords, compile: Compile): Expression => {
  const prefix = asList(schema.prefixItems).map((item) => compile(asMap(item)));
  const items = isKeywords(schema.items) ? compile(schema.items) : undefined;
  const min = count(schema.minItems, 0);
  const max = items ? count(schema.maxItems, infinity) : prefix.length;
  const rest = (from: number): Expression =>
    items
      ? repeat(sequence(text(','), items), Math.max(0, min - from), Math.max(0, max - from))
      : text('');
  // From the last item back: each may be the end where enough stand before it.
  let tail: Expression = rest(Math.max(prefix.length, 1));
  for (let index = prefix.length - 1; index >= 1; index -= 1) {
    const item = prefix[index] ?? text('');
    const more = sequence(text(','), item, tail);
    tail = min > index ? more : repeat(more, 0, 1);
  }
  const first = prefix[0] ?? items;
  if (!first || max === 0) return text('[]');
  const filled = sequence(first, tail);
  return sequence(text('['), min > 0 ? filled : repeat(filled, 0, 1), text(']'));
};

const objectExpression = (schema: Keywords, compile: Compile): Expression => {
  const required = new Set(asList(schema.required));
  const members = Object.entries(asMap(schema.properties)).map(([name, member]) => ({
    text: sequence(text(`${JSON.stringify(name)}:`), compile(asMap(member))),
    optional: !required.has(name),
  }));
  const record = recordOf(schema, compile, members.length);
  // `after`: what follows a member; `first`: what follows the brace. Both from the end back.
  let after: Expression = sequence(record.after, text('}'));
  let first: Expression = record.first;
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

const recordOf = (
  schema: Keywords,
  compile: Compile,
  declared: number,
): { readonly after: Expression; readonly first: Expression } => {
  if (!isKeywords(schema.additionalProperties)) return { after: text(''), first: text('}') };
  const names = isKeywords(schema.propertyNames)
    ? compile(schema.propertyNames)
    : stringOf(0, infinity);
  const member = sequence(names, text(':'), compile(schema.additionalProperties));
  const min = Math.max(0, count(schema.minProperties, 0) - declared);
  const max = Math.max(0, count(schema.maxProperties, infinity) - declared);
  const more = sequence(text(','), member);
  const filled = sequence(member, repeat(more, Math.max(0, min - 1), Math.max(0, max - 1)));
  return {
    after: repeat(more, min, max),
    first: max === 0 ? text('}') : sequence(min > 0 ? filled : repeat(filled, 0, 1), text('}')),
  };
};
