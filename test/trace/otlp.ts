// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

/*
 * What a line of an OTLP JSON file of traces may be, by trace.proto, common.proto and the JSON
 * encoding of the OTLP specification: ids as hex, 64-bit numbers as strings, enums as numbers.
 */

const traceId = z.string().regex(/^(?!0+$)[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0+$)[0-9a-f]{16}$/);
const nano = z.string().regex(/^[1-9]\d{18}$/, 'nanoseconds since 1970');

const scalar = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ doubleValue: z.number() }),
]);
const value = z.union([
  scalar,
  z.strictObject({ arrayValue: z.strictObject({ values: z.array(scalar) }) }),
]);
const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'a key is a duplicate');

const span = z
  .strictObject({
    traceId,
    spanId,
    parentSpanId: spanId.optional(),
    name: z.string().min(1),
    kind: z.int().min(1).max(5),
    startTimeUnixNano: nano,
    endTimeUnixNano: nano,
    attributes,
    status: z.strictObject({ code: z.int().min(0).max(2).optional() }),
  })
  .refine((one) => BigInt(one.startTimeUnixNano) <= BigInt(one.endTimeUnixNano), 'ends early');

export const requestSchema = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          spans: z.array(span).min(1),
          schemaUrl: z.literal('https://opentelemetry.io/schemas/gen-ai/0.1.0'),
        }),
      ),
    }),
  ),
});

export type ReadSpan = z.output<typeof span> & {
  readonly values: Readonly<Record<string, unknown>>;
};

/** The spans of a file, each with its attributes by key. @throws when it is not OTLP. */
export const readSpans = (text: string): readonly ReadSpan[] => {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  return lines
    .flatMap((line) => requestSchema.parse(JSON.parse(line)).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map((one) => ({
      ...one,
      values: Object.fromEntries(
        one.attributes.map(({ key, value: wrapped }) => [key, Object.values(wrapped)[0]]),
      ),
    }));
};
