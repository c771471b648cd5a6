// SPDX-License-Identifier: GPL-3.0-only
import { readIntents } from '../../../../src/chore/intent.ts';
import type { ChoreIntent, Intent } from '../../../../src/chore/intent-kinds.ts';
import type { Spec } from '../../../../src/spec/schema.ts';
import { compileScope } from '../../../../src/spec/scope.ts';
import { type HeaderIntent, hasHeader } from './header.ts';

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
  readonly headers: readonly Header[];
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
  const text = typeof rules.header === 'string' ? { text: rules.header } : {};
  return {
    headers: ofFile
      .filter((intent) => intent.kind === 'header')
      .map((said) => ({ ...text, ...said }))
      .map((intent) => ({ intent, inPlace: (whole) => hasHeader(whole, path, intent) })),
    code: ofFile.filter(isCode),
  };
};

const codeKinds: ReadonlySet<string> = new Set([
  'export',
  'rename',
  'doc-comment',
  'test-skeleton',
]);

const isCode = (intent: Intent): intent is CodeIntent => codeKinds.has(intent.kind);
