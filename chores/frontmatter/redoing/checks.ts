// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../../src/chore/script.ts';
import type { Json } from '../../../src/data/digest.ts';
import type { DocRules } from '../../../src/markdown/rules.ts';
import { dayOf, isBlank, looksLike, rank } from './names.ts';
import type { Said } from './requests.ts';
import { type Note, source } from './sources.ts';
import { same } from './written.ts';

/** Whether a value is what a sentence gives; only a truth value has to be one and no text. */
export const isEqual = (current: unknown, value: Json): boolean =>
  typeof value === 'boolean'
    ? current === value
    : !isBlank(current) && typeof current !== 'object' && `${current}` === `${value}`;

/** What one sentence says of a key has to be so in the end. @throws Declined */
export const holds = (
  name: string,
  said: Said,
  value: unknown,
  note: Note,
  rules: DocRules,
): void => {
  const { state, value: fixed, oneOf, shape, from } = said;
  const fail = (what: string): never => {
    throw new Declined(`its ${name} ${what}`);
  };
  if (state === 'present' && rank(name) === 1 && same(value, [])) fail('would be empty');
  if (fixed !== undefined && !isEqual(value, fixed)) fail(`would not be ${fixed}`);
  if (typeof shape === 'string' && !looksLike(value, shape)) fail(`would be no ${shape}`);
  if (Array.isArray(oneOf) && ![value].flat().every((item) => oneOf.some((one) => same(one, item))))
    fail(`would be none of ${oneOf.join(', ')}`);
  const length = typeof value === 'string' ? [...value].length : 0;
  if (length < Number(said.minLength ?? 0) || length > Number(said.maxLength ?? length))
    fail(`would have ${length} characters`);
  const wanted =
    from === undefined || from === 'first-paragraph'
      ? undefined
      : source(String(from), name, note, rules);
  const text = String(value);
  if (wanted !== undefined && text !== wanted && dayOf(text) !== wanted)
    fail(`would not be ${wanted}`);
};

/** What the rules say has to be so in the end. @throws Declined */
export const follows = (rules: DocRules, now: (name: string) => unknown): void => {
  for (const name of rules.required) {
    const value = now(name);
    if (isBlank(value) || (rank(name) === 1 && same(value, [])))
      throw new Declined(`it needs a ${name}, and nothing says which`);
  }
  for (const [name, shape] of Object.entries(rules.types)) {
    if (!isBlank(now(name)) && !looksLike(now(name), shape))
      throw new Declined(`its ${name} would be no ${shape}`);
  }
  for (const [name, allowed] of Object.entries(rules.enums)) {
    const items = isBlank(now(name)) ? [] : [now(name)].flat();
    if (!items.every((item) => allowed.some((one) => same(one, item))))
      throw new Declined(`its ${name} would not be on its list`);
  }
};
