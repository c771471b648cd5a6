// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { lowerSchema } from '../lower-schema.ts';
import { asList, asMap, asSchema, type Keywords, type Schema } from '../merge-schemas.ts';
import { parseRegex } from '../regex-tree.ts';
import { type Abilities, compactAbilities } from '../schema-abilities.ts';
import {
  choice,
  type Grammar,
  type Member,
  members,
  repeat,
  rule,
  sequence,
  terminal,
  text,
} from './grammar.ts';
import { isCircular, patternGrammar } from './pattern-grammar.ts';
import { decimal, integer } from './terminals.ts';
import { stringText } from './text-terminal.ts';

/** What the grammar below holds of JSON Schema. */
export const llamaAbilities: Abilities = { ...compactAbilities, maxCount: 2 ** 20 };

export type HeldSchema = { readonly grammar: Grammar; readonly lowered: readonly string[] };

/**
 * The compact JSON that a schema allows: no blanks between tokens, declared members in their order.
 * `lowered` says what is left to the full schema, see `lowerSchema`.
 */
export const schemaGrammar = (schema: Schema): HeldSchema => {
  const { schema: held, lowered } = lowerSchema(schema, llamaAbilities);
  const notes = [...lowered];
  const rules = new Map<string, Grammar>();
  const definitions = asMap(held.$defs);

  const named = (reference: string): Grammar => {
    const known = rules.get(reference);
    if (known) return known;
    const made = rule(() => {
      body ??= build(asSchema(definitions[reference.slice('#/$defs/'.length)]));
      return body;
    });
    let body: Grammar | undefined;
    rules.set(reference, made);
    return made;
  };

  const build = (given: Schema): Grammar => {
    const part: Keywords = typeof given === 'boolean' ? {} : given;
    if (typeof part.$ref === 'string') return named(part.$ref);
    if (part.anyOf !== undefined) {
      return choice(asList(part.anyOf).map((option) => build(asSchema(option))));
    }
    if (part.const !== undefined) return text(JSON.stringify(part.const));
    if (part.enum !== undefined) return choice(asList(part.enum).map(constant));
    if (part.type === 'string') return quoted(stringBody(part, notes));
    if (part.type === 'number') return terminal(decimal({ negative: part.minimum !== 0 }));
    if (part.type === 'integer') return wholeNumber(part);
    if (part.type === 'boolean') return choice([text('true'), text('false')]);
    if (part.type === 'null') return text('null');
    return part.type === 'array' ? list(part) : object(part);
  };

  const list = (part: Keywords): Grammar => {
    const min = boundOf(part.minItems, 0);
    const max = boundOf(part.maxItems, Number.POSITIVE_INFINITY);
    const tuple = asList(part.prefixItems).map((item) => build(asSchema(item)));
    const more = part.items === undefined || part.items === false ? undefined : part.items;
    const item = more === undefined ? undefined : build(asSchema(more));
    if (tuple.length === 0) {
      const items = item ? [repeat(item, min, max, text(','))] : [];
      return sequence(text('['), ...items, text(']'));
    }
    /** What comes from a place on; one place cannot be left out for the next. */
    const from = (index: number): Grammar => {
      if (index >= max) return sequence();
      const value = tuple[index];
      if (value === undefined) {
        return item
          ? repeat(sequence(text(','), item), Math.max(0, min - index), max - index)
          : sequence();
      }
      const here = sequence(...(index === 0 ? [] : [text(',')]), value, from(index + 1));
      return index < min ? here : choice([here, sequence()]);
    };
    return sequence(text('['), from(0), text(']'));
  };

  const object = (part: Keywords): Grammar => {
    const required = new Set(asList(part.required).map(String));
    const declared = Object.entries(asMap(part.properties));
    const held = declared.map(([name, value]) => {
      const written = [text(`${JSON.stringify(name)}:`), build(asSchema(value))];
      return {
        first: sequence(...written),
        later: sequence(text(','), ...written),
        required: required.has(name),
      };
    });
    return sequence(text('{'), ordered(held, others(part, declared.length)), text('}'));
  };

  const others = (part: Keywords, declared: number): Rest => {
    if (part.additionalProperties === false) return undefined;
    const names = part.propertyNames;
    const name = names === undefined ? quoted(terminal(stringText(0, 64))) : build(asSchema(names));
    const entry = [name, text(':'), build(asSchema(part.additionalProperties))];
    return {
      first: sequence(...entry),
      later: sequence(text(','), ...entry),
      min: Math.max(0, boundOf(part.minProperties, 0) - declared),
      max: Math.max(0, boundOf(part.maxProperties, Number.POSITIVE_INFINITY) - declared),
    };
  };

  return { grammar: build(held), lowered: notes };
};

type Rest = Parameters<typeof members>[1];

/** Members that must all come are a plain sequence. */
const ordered = (held: readonly Member[], rest: Rest): Grammar => {
  if (rest !== undefined || held.some(({ required }) => !required)) return members(held, rest);
  return sequence(...held.map(({ first, later }, index) => (index === 0 ? first : later)));
};

const constant = (value: Json): Grammar => text(JSON.stringify(value));

const boundOf = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

const wholeNumber = ({ minimum, maximum }: Keywords): Grammar =>
  terminal(
    integer(boundOf(minimum, Number.MIN_SAFE_INTEGER), boundOf(maximum, Number.MAX_SAFE_INTEGER)),
  );

const quoted = (body: Grammar): Grammar => sequence(text('"'), body, text('"'));

const time = '([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,3})?';
const date = '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\\d|2[0-8])';
const hex = (count: number): string => `[0-9a-f]{${count}}`;

/** As they are usually written; the days that not every month has are left out. */
const formats: Readonly<Record<string, string>> = {
  date,
  time,
  'date-time': `${date}T${time}Z`,
  uuid: `${hex(8)}-${hex(4)}-4${hex(3)}-[89ab]${hex(3)}-${hex(12)}`,
};

const stringBody = (part: Keywords, notes: string[]): Grammar => {
  const min = boundOf(part.minLength, 0);
  const max = boundOf(part.maxLength, Number.POSITIVE_INFINITY);
  const format = typeof part.format === 'string' ? formats[part.format] : undefined;
  const source = typeof part.pattern === 'string' ? part.pattern : format && `^${format}$`;
  if (source === undefined) return terminal(stringText(min, max));
  const pattern = parseRegex(source);
  if (pattern && !isCircular(pattern.tree)) return patternGrammar(pattern.tree, max);
  notes.push(` pattern ${source}`);
  return terminal(stringText(min, max));
};
