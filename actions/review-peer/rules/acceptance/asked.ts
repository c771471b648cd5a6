// SPDX-License-Identifier: GPL-3.0-only
import { readIntents } from '../../../../src/chore/intent.ts';
import type { ChoreIntent, Intent } from '../../../../src/chore/intent-kinds.ts';
import type { Spec } from '../../../../src/spec/schema.ts';
import { compileScope } from '../../../../src/spec/scope.ts';
import { type HeaderIntent, hasHeader } from './header.ts';
import type { AskedRule } from './key-rules.ts';
import { ruledKeys, ruledOrder } from './rules.ts';

type Header = {
  readonly intent: HeaderIntent;
  readonly inPlace: (text: string) => boolean;
};

/** Sentences that ask for a change in code. */
export type CodeIntent = Extract<
  ChoreIntent,
  { kind: 'export' | 'rename' | 'doc-comment' | 'test-skeleton' }
>;

/** What the sentences ask of one file. */
export type Asked = {
  readonly frontmatter: boolean;
  readonly headers: readonly Header[];
  /** Whether normalised frontmatter is asked for, and nothing else is said of the key. */
  readonly title: boolean;
  readonly tags: boolean;
  /** Keys that sentences or rules let change. */
  readonly keys: readonly string[];
  readonly keyRules: readonly AskedRule[];
  readonly order?: readonly string[];
  readonly rules: Spec['rules'];
  readonly code: readonly CodeIntent[];
};

/** The sentences' intents, and those that could not be read. */
export const readAcceptance = (
  spec: Spec,
): { readonly intents: readonly Intent[]; readonly unread: readonly string[] } => {
  const read = spec.acceptance.map((sentence) => ({ sentence, intents: readIntents(sentence) }));
  return {
    intents: read.flatMap(({ intents }) => intents ?? []),
    unread: read.filter(({ intents }) => !intents).map(({ sentence }) => sentence),
  };
};

/** Whether a sentence that names files (none: all in scope) speaks of this one. */
export const speaksOf = (files: readonly string[], path: string): boolean =>
  files.length === 0 || compileScope(files)(path);

/** What intents and rules come to for one file. */
export const askedOf = (intents: readonly Intent[], rules: Spec['rules'], path: string): Asked => {
  const ofFile = intents.filter((intent) => !('files' in intent) || speaksOf(intent.files, path));
  const keyRules = ofFile.flatMap((intent) =>
    intent.kind === 'frontmatter-keys'
      ? intent.keys.map((key) => ({ key, rule: intent.rule }))
      : [],
  );
  const kept = new Set(keyRules.filter(({ rule }) => rule.is === 'kept').map(({ key }) => key));
  const named = keyRules.map(({ key }) => key);
  const ruled = Object.keys(rules).some((name) => name !== 'header');
  const whole = ruled || ofFile.some(({ kind }) => kind === 'frontmatter');
  const order = ofFile.find((intent) => intent.kind === 'key-order')?.keys ?? ruledOrder(rules);
  const text = typeof rules.header === 'string' ? { text: rules.header } : {};
  return {
    frontmatter:
      ruled || ofFile.some(({ kind }) => kind.startsWith('frontmatter') || kind === 'key-order'),
    headers: ofFile
      .filter((intent) => intent.kind === 'header')
      .map((said) => ({ ...text, ...said }))
      .map((intent) => ({ intent, inPlace: (whole) => hasHeader(whole, path, intent) })),
    title: whole && !named.includes('title'),
    tags: whole && !named.includes('tags'),
    keys: [...new Set([...named, ...ruledKeys(rules)])].filter((key) => !kept.has(key)),
    keyRules: withoutVague(keyRules),
    rules: ruled ? rules : {},
    ...(order && { order }),
    code: ofFile.filter(isCode),
  };
};

/** Where a sentence says what a key's value is, others that only want one have nothing to add. */
const withoutVague = (keyRules: readonly AskedRule[]): readonly AskedRule[] => {
  const said = new Set(
    keyRules.flatMap(({ key, rule }) => (rule.is === 'equal' || rule.is === 'taken' ? [key] : [])),
  );
  return keyRules.filter(({ key, rule }) => rule.is !== 'present' || !said.has(key));
};

const codeKinds: ReadonlySet<string> = new Set([
  'export',
  'rename',
  'doc-comment',
  'test-skeleton',
]);

const isCode = (intent: Intent): intent is CodeIntent => codeKinds.has(intent.kind);
