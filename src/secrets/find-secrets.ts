// SPDX-License-Identifier: GPL-3.0-only
import { formats, type SecretFormat } from './formats.ts';
import { isPlaceholder } from './placeholders.ts';

/** A secret found in a text; its value is never repeated. `line` counts from 1. */
export type Secret = { readonly kind: string; readonly line: number };

/** Where the value of a secret stands in a text. */
export type SecretSpan = { readonly kind: string; readonly start: number; readonly end: number };

/** Every secret in a text, in order. Placeholders such as `ghp_xxxx...` are none. */
export const findSecrets = (text: string): readonly Secret[] => {
  let line = 1;
  let lineEnd = text.indexOf('\n');
  return [...secretSpans(text)].map(({ kind, start }) => {
    for (; lineEnd >= 0 && lineEnd < start; lineEnd = text.indexOf('\n', lineEnd + 1)) line += 1;
    return { kind, line };
  });
};

/** The first secret in a file's bytes, whatever their encoding: every format is of ASCII. */
export const secretInBytes = (bytes: Uint8Array): Secret | undefined =>
  secretInText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));

/** The first secret in a text. */
export const secretInText = (text: string): Secret | undefined => {
  const { value: span } = secretSpans(text).next();
  return span && { kind: span.kind, line: text.slice(0, span.start).split('\n').length };
};

/** What is wrong with a text that has a secret: "contains what looks like a GitHub token". */
export const describeSecret = ({ kind }: Pick<Secret, 'kind'>): string =>
  // Of the kinds there are, these begin with a vowel when spoken.
  `contains what looks like ${/^(?:[aeio]|npm)/i.test(kind) ? 'an' : 'a'} ${kind}`;

/** All formats in one pass: what it finds is told apart afterwards, for it seldom finds anything. */
const any = new RegExp(formats.map(({ pattern }) => pattern.source).join('|'), 'gm');

const sticky = formats.map((format) => ({
  ...format,
  pattern: new RegExp(format.pattern.source, 'dmy'),
}));

/** Where the values of secrets stand in a text, in order. */
export function* secretSpans(text: string): Generator<SecretSpan, undefined> {
  for (let from = 0; ; ) {
    any.lastIndex = from;
    const match = any.exec(text);
    if (!match) return;
    const span = spanAt(text, match.index);
    if (span) yield span;
    from = span ? span.end : match.index + 1;
  }
}

/** The letter of an escaped line break, as JSON and code have them, is no part of a word. */
const inWord = /(?<!\\)\w$|\\[^nrt\W]$/;

const spanAt = (text: string, index: number): SecretSpan | undefined => {
  for (const format of sticky) {
    if (format.alone && inWord.test(text.slice(Math.max(0, index - 2), index))) continue;
    const span = spanOf(format, text, index);
    if (span) return span;
  }
  return undefined;
};

const spanOf = (
  { kind, pattern, isExample = isPlaceholder }: SecretFormat,
  text: string,
  index: number,
): SecretSpan | undefined => {
  pattern.lastIndex = index;
  const found = pattern.exec(text);
  const place = found?.indices?.slice(1).find(Boolean) ?? found?.indices?.[0];
  if (!place) return undefined;
  const [start, end] = place;
  return isExample(text.slice(start, end)) ? undefined : { kind, start, end };
};
