// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type PatchView } from '../../../src/chore/patch.ts';
import { Declined } from '../../../src/chore/script.ts';
import type { Json } from '../../../src/data/digest.ts';
import { isSameKey } from '../../../src/markdown/frontmatter.ts';
import { type DocRules, docRulesSchema } from '../../../src/markdown/rules.ts';

/** What a sentence says of keys, as `chores/key/chore.yaml` describes it. */
export type Said = Readonly<Record<string, Json>>;

/** What is asked of one note, sentence by sentence. */
export type Requests = {
  readonly normalise: boolean;
  readonly keys: readonly { readonly name: string; readonly said: Said }[];
  readonly order: readonly string[];
  readonly rules: DocRules;
};

/** Reads what sentences and rules want of one note; `undefined` where it is none of theirs. @throws Declined */
export const requestsFor = (patch: PatchView, path: string): Requests | undefined => {
  let normalise = false;
  const keys: { name: string; said: Said }[] = [];
  const order: string[] = [];
  for (const { chore, args } of patch.asked) {
    if (!coveredBy(args.files as readonly string[] | undefined)(path)) continue;
    const names = (args.keys ?? []) as readonly string[];
    if (chore === 'frontmatter') normalise = true;
    else if (chore === 'key-order') order.push(...names);
    else if (chore === 'key') {
      const { keys: _, files: __, ...said } = args;
      for (const name of names) keys.push({ name: plainName(name), said });
    }
  }
  if (!normalise && keys.length + order.length === 0) return undefined;
  const { header: _, ...docRules } = patch.spec.rules;
  const rules = docRulesSchema.safeParse(normalise ? docRules : {});
  if (!rules.success) throw new Declined(`the rules cannot be followed: ${rules.error.message}`);
  return { normalise, keys, order: order.length > 0 ? order : rules.data.order, rules: rules.data };
};

/** Title and tags are those keys in whatever case a sentence writes them. */
const plainName = (name: string): string =>
  ['title', 'tags'].find((known) => isSameKey(name, known)) ?? name;

/** All keys that are spoken of, but those of single sentences. */
export const spokenOf = ({ normalise, order, rules }: Requests): readonly string[] => [
  ...(normalise ? ['title', 'tags'] : []),
  ...order,
  ...rules.required,
  ...[rules.types, rules.enums, rules.defaults].flatMap((table) => Object.keys(table)),
  ...[rules.status, rules.date, rules.slug].flatMap((rule) => rule?.key ?? []),
];
