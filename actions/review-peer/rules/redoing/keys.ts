// SPDX-License-Identifier: GPL-3.0-only

import { readIntents } from '../../../../src/chore/intent.ts';
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { canonicalJson } from '../../../../src/data/digest.ts';
import { isRefused } from '../../../../src/markdown/decode-markdown.ts';
import { type Demands, demandsOf } from '../../../../src/markdown/demands.ts';
import {
  isSameKey,
  keyValue,
  parseFrontmatter,
  splitFrontmatter,
} from '../../../../src/markdown/frontmatter.ts';
import { normaliseNote } from '../../../../src/markdown/normalise-note.ts';
import { hasShape } from '../../../../src/markdown/rules.ts';
import type { Spec } from '../../../../src/spec/schema.ts';
import { compileScope } from '../../../../src/spec/scope.ts';

/** The note before, and what its keys said and say now. */
export type KeyView = {
  readonly base: string;
  readonly was: (key: string) => unknown;
  readonly is: (key: string) => unknown;
  readonly names: readonly string[];
};

/** What the sentences and rules leave open; title and tags only where they are as by default. */
export type Redone = {
  readonly free: readonly string[];
  readonly title: boolean;
  readonly tags: boolean;
  /** Keys that are to go. */
  readonly removed: readonly string[];
  readonly findings: readonly string[];
};

/** Keys that sentences or rules speak of, and those not as they ought to be. */
export const redoKeys = (path: string, spec: Spec, view: KeyView): Redone => {
  const { base, is, names } = view;
  const demands = demandsOf(spec.acceptance.filter(speaksOfFront), frontRules(spec), path);
  const none = { free: [], title: false, tags: false, removed: [] };
  if (isRefused(demands)) return { ...none, findings: [demands.refused] };
  const byDefault = (key: 'title' | 'tags'): boolean => demands[key] && !isSet(demands, key);
  const [title, tags] = [byDefault('title'), byDefault('tags')];
  const free = keysOf(demands).filter(
    (key) => !(key === 'title' && title) && !(key === 'tags' && tags),
  );
  const open = { free, title, tags, removed: demands.removed };
  // Nobody tells a reviewer the first commit's date; that it is a date can be seen.
  const day = [...demands.taken, ...demands.filled]
    .filter(([, from]) => from === 'first-commit')
    .map(([key]) => is(key))
    .find((value) => hasShape(value, 'date'));
  const facts = typeof day === 'string' ? { firstCommitDate: day.slice(0, 10) } : {};
  const redone = normaliseNote({ path, text: base, facts }, demands);
  if (isRefused(redone)) return { ...open, findings: [`it must be left alone: ${redone.refused}`] };
  const split = splitFrontmatter(redone.text);
  if (isRefused(split)) return { ...open, findings: [split.refused] };
  const wanted = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(wanted)) return { ...open, findings: [wanted.refused] };
  const wrong = free.filter(
    (key) => canonicalJson(is(key)) !== canonicalJson(keyValue(wanted, key)),
  );
  const isOrdered = (name: string): boolean => demands.order.some((key) => isSameKey(name, key));
  const order = (wanted.map?.items ?? []).map(({ key }) => String(key)).filter(isOrdered);
  const present = names.filter(isOrdered);
  return {
    ...open,
    findings: [
      ...notKept(spec.acceptance, path, view),
      ...wrong.map((key) => `its key ${key} should be ${canonicalJson(keyValue(wanted, key))}`),
      ...(canonicalJson(order) === canonicalJson(present)
        ? []
        : ['its keys are not in the requested order']),
    ],
  };
};

const keysOf = (demands: Demands): readonly string[] => {
  const named = [
    ...demands.required,
    ...demands.removed,
    ...Object.keys(demands.fixed),
    ...Object.keys(demands.defaults),
    ...demands.types.map(([key]) => key),
    ...demands.enums.map(([key]) => key),
    ...[...demands.taken, ...demands.filled].map(([key]) => key),
    ...demands.slugs.map(([key]) => key),
    ...(demands.status ? [demands.status.key] : []),
  ];
  return [...new Set(named)].filter((key) => !demands.kept.includes(key));
};

/** Whether a sentence or rule says more of the value than what it is by default. */
const isSet = (demands: Demands, key: string): boolean =>
  Object.hasOwn(demands.fixed, key) ||
  Object.hasOwn(demands.defaults, key) ||
  demands.slugs.some(([slug]) => slug === key) ||
  demands.taken.some(([name, from]) => name === key && from !== 'hashtags');

const frontRules = ({ rules: { header: _, ...rules } }: Spec): Spec['rules'] => rules;

const front: ReadonlySet<Intent['kind']> = new Set([
  'frontmatter',
  'frontmatter-keys',
  'key-order',
  'only-files',
  'unchanged',
  'checks-pass',
  'links-resolve',
]);

/** Sentences about headers are judged elsewhere. */
const speaksOfFront = (sentence: string): boolean =>
  readIntents(sentence)?.every(({ kind }) => front.has(kind)) ?? true;

/** Keys that a sentence wants kept although they may change otherwise. */
const notKept = (acceptance: readonly string[], path: string, { was, is }: KeyView) =>
  acceptance
    .flatMap((sentence) => readIntents(sentence) ?? [])
    .flatMap((intent) =>
      intent.kind === 'frontmatter-keys' &&
      intent.rule.is === 'kept' &&
      (intent.files.length === 0 || compileScope(intent.files)(path))
        ? intent.keys
        : [],
    )
    .filter((key) => canonicalJson(was(key)) !== canonicalJson(is(key)))
    .map((key) => `its key ${key} must be kept`);
