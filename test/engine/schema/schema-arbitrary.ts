// SPDX-License-Identifier: GPL-3.0-only
import fc from 'fast-check';
import type { Json } from '../../../src/data/digest.ts';
import type { Keywords } from '../../../src/engine/schema/keywords.ts';
import { anyText } from '../../data/any-text.ts';

const names = ['a', 'b', 'c', 'd e', 'é"\\'];
const words = ['', 'ok', 'no', 'a"b', 'line\nbreak', '😀', '\u0001', '/'];

/** Finite, and of a size that people write. */
const numbers = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e90, max: 1e90 })
    .map((number) => (Math.abs(number) < 1e-90 ? 0 : number)),
);

export const strings = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  anyText(6),
);

/** Any JSON value, `-0` left out: JSON has no such text. */
export const values: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'value' },
    strings,
    numbers.map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'value' }),
    fc.dictionary(fc.oneof(fc.constantFrom(...names), strings), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const bounds = (least: string, most: string, max: number): fc.Arbitrary<Keywords> =>
  fc
    .record({ [least]: fc.nat({ max }), [most]: fc.nat({ max: max + 3 }) }, { requiredKeys: [] })
    .filter((limits) => (limits[least] ?? 0) <= (limits[most] ?? max)) as fc.Arbitrary<Keywords>;

const some = (part: fc.Arbitrary<Keywords>): fc.Arbitrary<Keywords> => fc.option(part, { nil: {} });

const joined = (...parts: readonly fc.Arbitrary<Keywords>[]): fc.Arbitrary<Keywords> =>
  fc.tuple(...parts).map((pieces) => Object.assign({}, ...pieces) as Keywords);

/** Schemas of what agents and tools declare, and of combinations that nobody writes on purpose. */
export const schemas: fc.Arbitrary<Keywords> = fc.letrec<{ schema: Keywords }>((tie) => {
  const schema = tie('schema');
  const object = joined(
    fc.constant({ type: 'object' }),
    fc.dictionary(fc.constantFrom(...names), schema, { maxKeys: 3 }).chain((properties) =>
      fc.subarray(Object.keys(properties)).map((required) => ({
        ...(Object.keys(properties).length > 0 && { properties }),
        ...(required.length > 0 && { required }),
      })),
    ),
    some(fc.oneof(fc.boolean(), schema).map((additionalProperties) => ({ additionalProperties }))),
    some(fc.constant<Keywords>({ propertyNames: { enum: ['a', 'b'] } })),
  );
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'schema' },
      fc.constantFrom<Keywords>({ type: 'boolean' }, { type: 'null' }, {}),
      joined(fc.constant({ type: 'string' }), some(bounds('minLength', 'maxLength', 4))),
      joined(
        fc.constantFrom<Keywords>({ type: 'integer' }, { type: 'number' }),
        fc.record(
          {
            minimum: fc.integer({ min: -200, max: 30 }),
            maximum: fc.integer({ min: 30, max: 2000 }),
          },
          { requiredKeys: [] },
        ) as fc.Arbitrary<Keywords>,
      ),
      fc.constantFrom(...words, 1, 2.5, true, null).map((value) => ({ const: value })),
      fc
        .uniqueArray(fc.oneof(fc.constantFrom(...words), fc.integer({ min: -3, max: 3 })), {
          minLength: 1,
          maxLength: 3,
        })
        .map((choices) => ({ enum: choices })),
      fc.constant({ type: ['string', 'null'] }),
      joined(
        fc.constant({ type: 'array' }),
        schema.map((items) => ({ items })),
        some(bounds('minItems', 'maxItems', 2)),
      ),
      joined(
        fc.constant({ type: 'array' }),
        fc.array(schema, { minLength: 1, maxLength: 2 }).map((prefixItems) => ({ prefixItems })),
        fc.oneof(fc.constant(false), schema).map((items) => ({ items })),
        fc.nat({ max: 2 }).map((minItems) => ({ minItems })),
      ),
      { arbitrary: object, weight: 3 },
      fc.array(schema, { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      fc
        .tuple(object, fc.array(object, { minLength: 1, maxLength: 2 }))
        .map(([base, anyOf]) => ({ ...base, anyOf })),
    ),
  };
}).schema;

/**
 * Values that are valid for a schema more often than not: whoever uses them asks a validator.
 * `resolve` finds what a reference means.
 */
export const valuesOf = (
  schema: Json,
  resolve: (reference: string) => Json,
): fc.Arbitrary<Json> => {
  const make = (part: Json, depth: number): fc.Arbitrary<Json> => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return values;
    const keywords = part as Keywords;
    const list = (value: Json | undefined) =>
      Array.isArray(value) ? (value as readonly Json[]) : [];
    if (typeof keywords.$ref === 'string') return make(resolve(keywords.$ref), depth);
    if (keywords.const !== undefined) return fc.constant(keywords.const);
    if (keywords.enum) return fc.constantFrom(...list(keywords.enum));
    const options = list(keywords.anyOf ?? keywords.oneOf);
    if (options.length > 0 && keywords.type === undefined) {
      const plain = depth > 3 ? options.slice(0, 1) : options;
      return fc.oneof(...plain.map((option) => make(option, depth + 1)));
    }
    const type = Array.isArray(keywords.type) ? keywords.type[0] : keywords.type;
    if (type === 'string') {
      const least = Number(keywords.minLength ?? 0);
      const most = Math.min(Number(keywords.maxLength ?? least + 12), least + 40);
      return fc.oneof(
        strings,
        fc.string({ unit: 'grapheme-ascii', minLength: least, maxLength: Math.max(least, most) }),
      );
    }
    if (type === 'integer') {
      return fc.integer({
        min: Math.max(-1e6, Number(keywords.minimum ?? -1e6)),
        max: Math.min(1e6, Number(keywords.maximum ?? 1e6)),
      });
    }
    if (type === 'number') return numbers.map((number) => number + 0);
    if (type === 'boolean') return fc.boolean();
    if (type === 'null') return fc.constant(null);
    if (type === 'array') {
      const least = Number(keywords.minItems ?? 0);
      const items =
        depth > 4 || keywords.items === false
          ? fc.constant<readonly Json[]>([])
          : fc.array(make(keywords.items ?? {}, depth + 1), {
              minLength: least,
              maxLength: Math.min(Number(keywords.maxItems ?? least + 2), least + 3),
            });
      const prefix = list(keywords.prefixItems).map((item) => make(item, depth + 1));
      return fc.tuple(fc.tuple(...prefix), items).map(([first, rest]) => [...first, ...rest]);
    }
    if (type !== 'object') return values;
    const required = new Set(list(keywords.required));
    const entries = Object.entries((keywords.properties ?? {}) as Keywords);
    const declared = fc
      .tuple(
        ...entries.map(([name, member]) =>
          fc.tuple(
            fc.constant(name),
            make(member, depth + 1),
            fc.boolean().map((chosen) => chosen || required.has(name)),
          ),
        ),
      )
      .map((members) =>
        Object.fromEntries(
          members.filter(([, , chosen]) => chosen).map(([name, value]) => [name, value]),
        ),
      );
    if (keywords.additionalProperties === false || depth > 4) return declared;
    const named = make(keywords.propertyNames ?? { type: 'string' }, depth + 1).filter(
      // An object puts names that look like indexes first, whatever the order they came in.
      (name) => typeof name === 'string' && name !== '__proto__' && !/^\d+$/.test(name),
    ) as fc.Arbitrary<string>;
    const others = fc.dictionary(named, make(keywords.additionalProperties ?? {}, depth + 1), {
      maxKeys: 3,
    });
    return fc
      .tuple(declared, others)
      .map(([declaredMembers, other]) => ({ ...declaredMembers, ...other, ...declaredMembers }));
  };
  return make(schema, 0);
};
