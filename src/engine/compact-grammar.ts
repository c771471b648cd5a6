// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';
import {
  choice,
  type Expression,
  type Grammar,
  inlineSingles,
  repeat,
  rule,
  sequence,
  text,
} from './grammar.ts';
import { integerExpression, numberExpression } from './json-numbers.ts';
import { patternOf, type Rules, stringOf } from './json-strings.ts';
import { asList, asMap, choicesOf, isKeywords, type Keywords } from './merge-schemas.ts';
import { capRepeats, parseRegex } from './regex-tree.ts';

/**
 * The grammar of the JSON texts that follow a schema, without any white space and with members in
 * declared order: a model held to it has no blank to loop in. Takes what `lowerSchema` gives with
 * `compactAbilities`, and nothing else; the same schema gives the same grammar.
 */
export const compactGrammar = (schema: Keywords): Grammar => {
  const found = new Map<string, Expression>();
  const names = new Map<string, string>();
  const rules: Rules = {
    add: (name, make) => {
      if (!found.has(name)) {
        // Reserved first: rules refer to themselves.
        found.set(name, text(''));
        found.set(name, make());
      }
      return rule(name);
    },
    share: (expression) => {
      if (expression.kind === 'rule') return expression;
      const key = JSON.stringify(expression);
      const name = names.get(key) ?? `${sharedName}${names.size}`;
      names.set(key, name);
      found.set(name, expression);
      return rule(name);
    },
  };
  const defs = new Map(
    Object.keys(asMap(schema.$defs)).map((name, index) => [`#/$defs/${name}`, `d${index}`]),
  );
  const compile: Compile = (part) => {
    if (typeof part.$ref === 'string') return rule(defs.get(part.$ref) ?? 'root');
    const key = JSON.stringify(part);
    const known = names.get(key);
    if (known !== undefined) return rule(known);
    const made = expressionOf(part, compile, rules);
    if (made.kind === 'text' || made.kind === 'rule') return made;
    const shared = rules.share(made);
    if (shared.kind === 'rule') names.set(key, shared.name);
    return shared;
  };
  const { $defs, ...body } = schema;
  rules.add('root', () => compile(body));
  for (const [reference, name] of defs) {
    rules.add(name, () => compile(asMap(asMap($defs)[reference.slice('#/$defs/'.length)])));
  }
  return inlineSingles(found, sharedName);
};

/** Rules that exist only because something stands twice; the others are named for what they do. */
const sharedName = 'r';

type Compile = (part: Keywords) => Expression;

const infinity = Number.POSITIVE_INFINITY;

const expressionOf = (schema: Keywords, compile: Compile, rules: Rules): Expression => {
  const constants = choicesOf(schema);
  if (constants) return choice(...constants.map((value) => text(JSON.stringify(value))));
  if (Array.isArray(schema.anyOf)) {
    return choice(...asList(schema.anyOf).map((member) => compile(asMap(member))));
  }
  switch (schema.type) {
    case 'string':
      return stringExpression(schema, rules);
    case 'integer':
      return integerExpression(
        count(schema.minimum, -Number.MAX_SAFE_INTEGER),
        count(schema.maximum, Number.MAX_SAFE_INTEGER),
      );
    case 'number':
      return rules.add(schema.minimum === 0 ? 'positive' : 'number', () =>
        numberExpression({ negative: schema.minimum !== 0 }),
      );
    case 'boolean':
      return choice(text('true'), text('false'));
    case 'array':
      return arrayExpression(schema, compile);
    case 'object':
      return objectExpression(schema, compile, rules);
    default:
      return text('null');
  }
};

const count = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

/** As the runtime writes them; RFC 3339 for dates and times, in UTC or with an offset. */
const formats: Readonly<Record<string, string>> = {
  date: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  time: '^([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$',
  'date-time':
    '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$',
  uuid: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
};

const stringExpression = (schema: Keywords, rules: Rules): Expression => {
  const max = count(schema.maxLength, infinity);
  const source = schema.pattern ?? formats[String(schema.format)];
  const pattern = typeof source === 'string' ? parseRegex(source) : undefined;
  if (!pattern) return stringOf(rules, count(schema.minLength, 0), max);
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

const objectExpression = (schema: Keywords, compile: Compile, rules: Rules): Expression => {
  const required = new Set(asList(schema.required));
  const members = Object.entries(asMap(schema.properties)).map(([name, member]) => ({
    text: sequence(text(`${JSON.stringify(name)}:`), compile(asMap(member))),
    optional: !required.has(name),
  }));
  const record = recordOf(schema, compile, rules, members.length);
  // `after`: what follows a member; `first`: what follows the brace. Both from the end back.
  let after: Expression = sequence(record.after, text('}'));
  let first: Expression = record.first;
  for (const member of members.toReversed()) {
    // Shared only where it stands twice, so that forced texts stay in one piece.
    const next = member.optional && after.kind !== 'text' ? rules.share(after) : after;
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
  rules: Rules,
  declared: number,
): { readonly after: Expression; readonly first: Expression } => {
  if (!isKeywords(schema.additionalProperties)) return { after: text(''), first: text('}') };
  const names = isKeywords(schema.propertyNames)
    ? compile(schema.propertyNames)
    : stringOf(rules, 0, infinity);
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
