// SPDX-License-Identifier: GPL-3.0-only

import { openChores } from '../../../src/chore/chores.ts';
import { readIntents } from '../../../src/chore/intent.ts';
import type {
  BoundIntent,
  ChoreIntent,
  FileGlobs,
  Intent,
} from '../../../src/chore/intent-kinds.ts';
import type { Spec } from '../../../src/spec/schema.ts';

export type Chore = Extract<
  ChoreIntent,
  { kind: 'header' | 'export' | 'rename' | 'doc-comment' | 'test-skeleton' }
>;

export type Plan = {
  /** In the order in which they are done. */
  readonly chores: readonly Chore[];
  readonly absent: readonly Extract<BoundIntent, { kind: 'absent' }>[];
  /** Whether a sentence says that behaviour stays as it is. */
  readonly sameBehaviour: boolean;
  /** Each list bounds what may change. */
  readonly only: readonly FileGlobs[];
};

/** Later chores see what earlier ones did; headers come last, since they need no reading. */
const order: readonly Chore['kind'][] = [
  'rename',
  'export',
  'doc-comment',
  'test-skeleton',
  'header',
];

const isChore = (intent: Intent): intent is Chore =>
  (order as readonly string[]).includes(intent.kind);

/** What a spec's title and sentences ask for, or the first sentence that is not such a chore. */
export const planChores = ({
  title,
  acceptance,
}: Pick<Spec, 'title' | 'acceptance'>): Plan | { readonly declined: string } => {
  const intents: Intent[] = [];
  for (const sentence of acceptance) {
    const read = readIntents(sentence);
    if (!read)
      return {
        declined: `this sentence is not one of the chores that rules can do: "${sentence}"${suchAs(sentence)}`,
      };
    const foreign = read.find(({ kind }) =>
      /^(?:frontmatter|frontmatter-keys|key-order)$/u.test(kind),
    );
    if (foreign) return { declined: `frontmatter is the work of doc.frontmatter: "${sentence}"` };
    intents.push(...read);
  }
  const titled = (readIntents(title) ?? []).filter(isChore);
  const asked = intents.filter(isChore);
  const chores = order.flatMap((kind) => mergeKind(kind, asked, titled));
  const renames = chores.filter((chore) => chore.kind === 'rename');
  for (const intent of intents) {
    if (intent.kind !== 'uses-renamed') continue;
    const { from, to } = intent;
    if (renames.some((one) => (from ?? one.from) === one.from && (to ?? one.to) === one.to))
      continue;
    const name = from === undefined ? 'a name' : `\`${from}\``;
    return { declined: `a sentence speaks of changed uses of ${name}, but none renames it` };
  }
  if (chores.length === 0) return { declined: 'no sentence asks for a chore that rules can do' };
  return {
    chores,
    sameBehaviour: intents.some((one) => one.kind === 'unchanged' && one.part === 'behaviour'),
    absent: intents.filter((intent) => intent.kind === 'absent'),
    only: intents.flatMap((intent) => (intent.kind === 'only-files' ? [intent.files] : [])),
  };
};

/** The nearest sentence that is understood. */
const suchAs = (sentence: string): string => {
  const phrasing = openChores().nearest(sentence);
  return phrasing === undefined ? '' : `; one that is: ${phrasing}`;
};

/** The title counts only for a kind of chore that no acceptance sentence speaks of, or for details. */
const mergeKind = (
  kind: Chore['kind'],
  asked: readonly Chore[],
  titled: readonly Chore[],
): readonly Chore[] => {
  const sameKind = asked.filter((chore) => chore.kind === kind);
  const hints = titled.filter((chore) => chore.kind === kind);
  if (sameKind.length === 0) return hints;
  return sameKind.map((chore) => fill(chore, sameKind, hints)).filter(unlike);
};

/** Says the same as an earlier one. */
const unlike = (chore: Chore, index: number, all: readonly Chore[]): boolean =>
  all.findIndex((other) => JSON.stringify(other) === JSON.stringify(chore)) === index;

const fill = (chore: Chore, sameKind: readonly Chore[], hints: readonly Chore[]): Chore => {
  const others = [...sameKind, ...hints];
  if (chore.kind === 'header' && !chore.licence && !chore.text) {
    const named = others.find((other) => other.kind === 'header' && (other.licence || other.text));
    return named ? ({ ...named, files: chore.files } as Chore) : chore;
  }
  if (chore.kind === 'export') {
    const same = others.filter((other) => other.kind === 'export');
    const related = same.filter(({ names }) => chore.names.every((name) => names.includes(name)));
    const index = chore.index ?? related.find((other) => other.index !== undefined)?.index;
    const from = chore.from ?? related.find((other) => other.from !== undefined)?.from;
    return { ...chore, ...(index !== undefined && { index }), ...(from !== undefined && { from }) };
  }
  return chore;
};
