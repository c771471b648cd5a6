// SPDX-License-Identifier: GPL-3.0-only
import { hash } from 'node:crypto';

/** Any value JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Lower-case hex sha256 of bytes or of a string's UTF-8. */
export const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

/**
 * JSON with object keys sorted by UTF-16 code unit and no white space (RFC 8785, JSON
 * Canonicalization Scheme). Keys whose value is `undefined` are left out.
 * @throws TypeError on a number that JSON cannot hold.
 */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new TypeError(`${value} has no JSON form`);
    }
    return JSON.stringify(value) ?? 'null';
  }
  if (Array.isArray(value)) {
    let items = '';
    for (const item of value) items += `${items && ','}${canonicalJson(item)}`;
    return `[${items}]`;
  }
  const record = value as Record<string, unknown>;
  let members = '';
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member === undefined) continue;
    members += `${members && ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
};

/** sha256 over the canonical JSON of a value. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value));
