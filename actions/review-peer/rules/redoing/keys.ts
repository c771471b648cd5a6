// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { hashtagsOf } from '../../../../src/markdown/hashtags.ts';
import { firstHeading } from '../../../../src/markdown/headings.ts';
import type { Intent, KeyRule } from '../../../../src/spec/intent-kinds.ts';
import type { Spec } from '../../../../src/spec/schema.ts';

/** A note's values before and after. */
export type KeyView = {
  readonly was: (key: string) => unknown;
  readonly is: (key: string) => unknown;
  /** The keys there now, in order. */
  readonly names: readonly string[];
  readonly body: string;
};

/** Keys that sentences speak of, and those of them that do not hold. */
export const redoKeys = (
  path: string,
  intents: readonly Intent[],
  _rules: Spec['rules'],
  view: KeyView,
): { readonly free: readonly string[]; readonly findings: readonly string[] } => {
  const free = new Set<string>();
  const findings: string[] = [];
  for (const intent of intents) {
    if (intent.kind === 'key-order') {
      const present = intent.keys.filter((key) => view.names.includes(key));
      const order = view.names.filter((key) => present.includes(key));
      if (order.join('\0') !== present.join('\0')) findings.push('its keys are in another order');
    }
    if (intent.kind !== 'frontmatter-keys') continue;
    for (const key of intent.keys) {
      const standing = key === 'title' || key === 'tags';
      if (!(standing && ['present', 'shaped', 'kept'].includes(intent.rule.is))) free.add(key);
      if (!holds(key, intent.rule, path, view)) findings.push(`its key ${key} is not as asked`);
      if (!standing && changedInVain(key, intent.rule, path, view)) {
        findings.push(`its key ${key} was right and has changed`);
      }
    }
  }
  return { free: [...free], findings };
};

const changedInVain = (key: string, rule: KeyRule, path: string, view: KeyView): boolean => {
  const was = view.was(key);
  if (was === undefined || was === null || was === '' || rule.is === 'absent') return false;
  const before = { ...view, is: view.was };
  return holds(key, rule, path, before) && JSON.stringify(was) !== JSON.stringify(view.is(key));
};

const holds = (
  key: string,
  rule: KeyRule,
  path: string,
  { was, is, body, names }: KeyView,
): boolean => {
  const value = is(key);
  const filled = value !== undefined && value !== null && value !== '';
  switch (rule.is) {
    case 'present':
      return filled;
    case 'absent':
      return !names.includes(key);
    case 'kept':
      return JSON.stringify(was(key)) === JSON.stringify(value);
    case 'equal':
      return String(value) === rule.value;
    case 'one-of':
      return rule.values.some((one) => one === String(value));
    case 'shaped':
      return shapes[rule.shape](value);
    case 'taken': {
      const before = was(key);
      if (before !== undefined && before !== null && before !== '') {
        return JSON.stringify(before) === JSON.stringify(value);
      }
      if (rule.from === 'heading') {
        return value === (firstHeading(body) ?? posix.parse(path).name);
      }
      if (rule.from === 'file-name') return value === posix.parse(path).name;
      if (rule.from === 'first-commit') return shapes.date(value);
      const tags = hashtagsOf(body);
      return [value].flat().every((word) => !filled || tags.includes(String(word)));
    }
  }
};

const shapes: Readonly<
  Record<Extract<KeyRule, { is: 'shaped' }>['shape'], (value: unknown) => boolean>
> = {
  list: (value) => Array.isArray(value),
  'sorted-list': (value) =>
    Array.isArray(value) &&
    value.every((item, index) => index === 0 || String(value[index - 1]) <= String(item)),
  date: (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\d(?:[T ].*)?$/.test(value) &&
    new Date(`${value.slice(0, 10)}T00:00:00Z`).toJSON()?.startsWith(value.slice(0, 10)) === true,
  slug: (value) =>
    typeof value === 'string' && /^[\p{Ll}\p{Lo}\p{N}]+(-[\p{Ll}\p{Lo}\p{N}]+)*$/u.test(value),
  text: (value) => typeof value === 'string' && value.trim() !== '',
};
