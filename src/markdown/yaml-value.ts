// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson, type Json } from '../data/digest.ts';

/** Words that YAML 1.1 or 1.2 reads as something other than text. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
const plain = /^\p{L}(?:[\p{L}\p{M}\p{N} _/.()'&+-]*[\p{L}\p{M}\p{N}_/.()'&+-])?$/u;

/**
 * A value on one line of YAML, read the same by YAML 1.1 and 1.2: plain text where nothing can be
 * taken for anything else, double quotes elsewhere, lists and mappings in flow style.
 */
export const writeYaml = (value: Json): string => {
  if (typeof value === 'string') return writeText(value);
  if (Array.isArray(value)) return `[${value.map(writeYaml).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).map(
      ([key, member]) => `${writeText(key)}: ${writeYaml(member)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value);
};

/** A text as plain or double-quoted scalar. */
export const writeText = (text: string): string =>
  plain.test(text) && !reserved.test(text) ? text : quote(text);

/** JSON's escapes are YAML's; what YAML may not hold raw or could take for a break is escaped too. */
const quote = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Whether two values are the same JSON; what JSON cannot hold is never the same. */
export const sameValue = (a: unknown, b: unknown): boolean => {
  try {
    return canonicalJson(a) === canonicalJson(b);
  } catch {
    return false;
  }
};
