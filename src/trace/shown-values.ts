// SPDX-License-Identifier: GPL-3.0-only
import { withoutEscapes } from '../data/printable.ts';

/*
 * Reads whatever a bundle's JSON contains for a person to see: nothing in it is believed to have the
 * form it should have, and nothing of it reaches a terminal as a control.
 */

const widest = 160;

/** A value on one line. */
export const jsonLine = (value: unknown): string =>
  oneLine(value === undefined ? '' : JSON.stringify(value));

/** A text or a value on one line, as wide as a page. */
export const oneLine = (value: unknown): string => {
  const flat = withoutControls(typeof value === 'string' ? value : String(value ?? '')).trim();
  return flat.length <= widest ? flat : `${flat.slice(0, widest - 1)}…`;
};

/** Takes out what could move a terminal's cursor, rename its window or reorder its text. */
export const withoutControls = (value: string, multiline = false): string =>
  withoutEscapes(value).replaceAll(multiline ? unsafeInBlock : unsafe, ' ');

const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const unsafeInBlock =
  /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Parsed, or nothing where it does not parse. */
export const parseJson = (content: string | undefined): unknown => {
  try {
    return content === undefined ? undefined : JSON.parse(content);
  } catch {
    return undefined;
  }
};

/** What lies at a path of keys. */
export const valueAt = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => membersOf(inner)[key], value);

/** An object's members, none where it is not one. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** A list's items, none where it is not one. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text, or an empty one. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
