// SPDX-License-Identifier: GPL-3.0-only
import type { Asked } from '../spec/asked.ts';
import { openChores } from './chores.ts';
import type { Intent, KeyRule } from './intent-kinds.ts';

/** What a sentence means that may join several clauses, in order; `undefined` where one is not understood. */
export const readIntents = (sentence: string): readonly Intent[] | undefined =>
  openChores().read(sentence)?.map(toIntent);

const withFiles: ReadonlySet<string> = new Set([
  'header',
  'rename',
  'doc-comment',
  'frontmatter',
  'absent',
]);
const withNames: ReadonlySet<string> = new Set(['doc-comment', 'test-skeleton']);

const toIntent = ({ chore, args }: Asked): Intent => {
  if (chore === 'key') {
    const { keys, files = [], ...rest } = args;
    const names = (keys as readonly string[]).map(commonKey);
    return {
      kind: 'frontmatter-keys',
      keys: names,
      files,
      rule: toRule(rest),
    } as unknown as Intent;
  }
  return {
    kind: chore,
    ...(withFiles.has(chore) && { files: [] }),
    ...(withNames.has(chore) && { names: [] }),
    ...args,
  } as unknown as Intent;
};

/** `Title` and `Tags` are the keys that rules know, in whatever case a note has them. */
const commonKey = (key: string): string =>
  /^(?:title|tags)$/i.test(key) ? key.toLowerCase() : key;

const toRule = ({ state, value, oneOf, shape, from }: Asked['args']): KeyRule =>
  (state !== undefined
    ? { is: state }
    : oneOf !== undefined
      ? { is: 'one-of', values: oneOf }
      : shape !== undefined
        ? { is: 'shaped', shape }
        : from !== undefined
          ? { is: 'taken', from }
          : { is: 'equal', value }) as KeyRule;
