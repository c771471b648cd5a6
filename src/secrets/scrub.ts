// SPDX-License-Identifier: GPL-3.0-only
import { secretSpans } from './find-secrets.ts';
import { mapTexts } from './texts-in.ts';

/**
 * A text for people and for records without the secrets in it: what looks like one, and the values of
 * variables of the environment that are named as one. Beyond `most` characters it is cut and says so.
 */
export const scrub = (
  text: string,
  { most = Number.POSITIVE_INFINITY, values = environmentValues() }: ScrubOptions = {},
): string => {
  let left = text;
  for (const { name, value } of values) {
    if (left.includes(value)) left = left.replaceAll(value, `[removed: ${name}]`);
  }
  const pieces: string[] = [];
  let from = 0;
  for (const { kind, start, end } of secretSpans(left)) {
    pieces.push(left.slice(from, start), `[removed: ${kind}]`);
    from = end;
  }
  return cut(from === 0 ? left : [...pieces, left.slice(from)].join(''), most);
};

/** A value of JSON with each of its texts scrubbed. */
export const scrubTexts = <Value>(value: Value, options?: ScrubOptions): Value =>
  mapTexts(value, (text) => scrub(text, options));

export type ScrubOptions = {
  readonly most?: number;
  /** By default those of this process's environment. */
  readonly values?: readonly NamedValue[];
};

export type NamedValue = { readonly name: string; readonly value: string };

const cut = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')} [${text.length - most} characters cut]`;

const isSecretName =
  /PASS(?:WORD|WD|PHRASE)|(?:^|_)(?:TOKENS?|SECRETS?|PAT|CREDENTIALS?|(?:API|ACCESS|PRIVATE|SECRET|AUTH|SIGNING|ENCRYPTION)_?KEY)(?:_|$)/i;

/** A path or a word may stand in any text. */
const isUncommon = (value: string): boolean =>
  value.length >= 8 && !/^[/~.]/.test(value) && (value.length >= 16 || /\d/.test(value));

/** What an environment holds that is named as a secret, the longest first. */
export const secretValues = (
  environment: Readonly<Record<string, string | undefined>>,
): readonly NamedValue[] =>
  Object.entries(environment)
    .flatMap(([name, value = '']) =>
      isSecretName.test(name) && isUncommon(value) ? [{ name, value }] : [],
    )
    .sort((a, b) => b.value.length - a.value.length);

let ofProcess: readonly NamedValue[] | undefined;

const environmentValues = (): readonly NamedValue[] => {
  ofProcess ??= secretValues(process.env);
  return ofProcess;
};
