// SPDX-License-Identifier: GPL-3.0-only
import { sha256 } from '../data/digest.ts';

/*
 * Spans in the JSON encoding of OTLP (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding):
 * ids as lower-case hex, 64-bit numbers as decimal strings, enums as numbers.
 */

type Value =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly Value[] } };

export type Attribute = { readonly key: string; readonly value: Value };

export type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
};

/** SpanKind of trace.proto. */
export const spanKind = { internal: 1, client: 3 } as const;

const errorStatus = 2;

/** 16 bytes of the digest of what a trace is about: the same night gives the same id. */
export const traceIdOf = (...about: readonly string[]): string =>
  sha256(JSON.stringify(about)).slice(0, 32);

/** 8 bytes of the digest of what a span is about, within its trace. */
export const spanIdOf = (traceId: string, ...about: readonly (string | number)[]): string =>
  sha256(JSON.stringify([traceId, ...about])).slice(0, 16);

/** A span over `ms` milliseconds from `startedAt`, in ms since 1970. It is an error with `error.type`. */
export const makeSpan = (
  span: Pick<Span, 'traceId' | 'spanId' | 'parentSpanId' | 'name' | 'kind'> & {
    readonly startedAt: number;
    readonly ms: number;
    readonly attributes: readonly (Attribute | undefined)[];
  },
): Span => {
  const { startedAt, ms, attributes, ...rest } = span;
  const present = attributes.filter((attribute) => attribute !== undefined);
  return {
    ...rest,
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(startedAt + ms),
    attributes: present,
    status: present.some(({ key }) => key === 'error.type') ? { code: errorStatus } : {},
  };
};

/** To the microsecond: a double has no more of the time since 1970. */
const nanoseconds = (ms: number): string => `${Math.round(ms * 1000)}000`;

/** Attributes; `undefined` where there is no value. */
export const text = (key: string, value: string | undefined): Attribute | undefined =>
  value === undefined ? undefined : { key, value: { stringValue: value } };

/** A whole number; rounded. */
export const integer = (key: string, value: number | undefined): Attribute | undefined =>
  value === undefined ? undefined : { key, value: { intValue: String(Math.round(value)) } };

/** A number with a fraction. */
export const real = (key: string, value: number | undefined): Attribute | undefined =>
  value === undefined ? undefined : { key, value: { doubleValue: value } };

/** A list of texts. */
export const texts = (key: string, values: readonly string[]): Attribute => ({
  key,
  value: { arrayValue: { values: values.map((stringValue) => ({ stringValue })) } },
});

/**
 * The release of OpenTelemetry's conventions for generative AI that names and attributes follow; a
 * schema URL names it to whoever reads the spans.
 */
const conventions = '0.1.0';
const schemaUrl = `https://opentelemetry.io/schemas/gen-ai/${conventions}`;

/**
 * One line of an OTLP JSON lines file, an ExportTraceServiceRequest
 * (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/); `version` is Pantheon's.
 */
export const requestLine = (spans: readonly Span[], version: string): string => {
  const attributes = [text('service.name', 'pantheon'), text('service.version', version)];
  const scopeSpans = [{ scope: { name: 'pantheon', version }, spans, schemaUrl }];
  return `${JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans }] })}\n`;
};
