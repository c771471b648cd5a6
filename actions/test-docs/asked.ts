// SPDX-License-Identifier: GPL-3.0-only

import { readIntents } from '../../src/chore/intent.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { type Demands, demandsOf } from '../../src/markdown/demands.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { compileScope } from '../../src/spec/scope.ts';
import type { HeaderIntent } from './check-header.ts';

/** What a spec asks of documents; everything it does not ask for must stay. */
export type Asked = {
  /** Sentences and rules that this check cannot judge: each makes it fail. */
  readonly faults: readonly string[];
  readonly headersFor: (path: string) => readonly HeaderIntent[];
  /** `undefined` where the spec leaves the path's frontmatter alone. */
  readonly frontFor: (path: string) => Demands | undefined;
  readonly isDocument: (path: string) => boolean;
};

const isMarkdown = (path: string): boolean => /\.(?:md|markdown)$/i.test(path);

/** Reads the acceptance sentences and the rules; what is not understood becomes a fault. */
export const readAsked = ({ acceptance, rules }: Spec): Asked => {
  const read = acceptance.map((sentence) => ({ sentence, intents: readIntents(sentence) }));
  const intents = read.flatMap((one) => one.intents ?? []);
  const headers = intents.filter((intent) => intent.kind === 'header');
  const { header: _, ...docRules } = rules;
  const front = intents.some(({ kind }) => kind.startsWith('frontmatter') || kind === 'key-order');
  const asksFront = front || (headers.length === 0 && Object.keys(docRules).length > 0);
  const sentences = read
    .filter((one) => !one.intents?.every(({ kind }) => kind === 'header'))
    .map(({ sentence }) => sentence);
  const unread = read
    .filter((one) => !one.intents)
    .map(({ sentence }) => `"${sentence}" is not a sentence this check can judge`);
  const trial = asksFront && unread.length === 0 ? demandsOf(sentences, docRules, '') : undefined;
  const nothing = !asksFront && headers.length === 0 && unread.length === 0;
  const covers = ({ files }: HeaderIntent, path: string): boolean =>
    files.length === 0 || compileScope(files)(path);
  return {
    faults: [
      ...unread,
      ...(nothing ? ['no sentence asks for frontmatter or a header'] : []),
      ...(trial && isRefused(trial) && !/only other files/.test(trial.refused)
        ? [trial.refused]
        : []),
    ],
    headersFor: (path) => headers.filter((intent) => covers(intent, path)),
    frontFor: (path) => {
      const demands =
        asksFront && isMarkdown(path) ? demandsOf(sentences, docRules, path) : undefined;
      return !demands || isRefused(demands) || !demands.any ? undefined : demands;
    },
    isDocument: (path) =>
      (asksFront && isMarkdown(path)) ||
      headers.some(({ files }) =>
        files.length === 0 ? isMarkdown(path) : compileScope(files)(path),
      ),
  };
};
