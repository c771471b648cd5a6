// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type PatchView } from '../../../src/chore/patch.ts';
import { isSameKey } from './front.ts';

/** What a sentence says of one key; what it says all holds. */
export type KeyAsk = {
  readonly key: string;
  readonly state?: 'present' | 'absent' | 'kept';
  readonly value?: string | number | boolean;
  readonly oneOf?: readonly string[];
  readonly shape?: string;
  readonly from?:
    | 'heading'
    | 'file-name'
    | 'hashtags'
    | 'first-commit'
    | 'last-commit'
    | 'first-paragraph';
  readonly minLength?: number;
  readonly maxLength?: number;
};

export type Rules = Readonly<Record<string, unknown>>;

/** What is asked of one document's frontmatter. */
export type Asked = {
  /** Whether the block as a whole is to be normalised; only then the rules count. */
  readonly whole: boolean;
  readonly keys: readonly KeyAsk[];
  readonly order: readonly string[];
  readonly rules: Rules;
};

/** What sentences and rules come to for one document; `undefined` where they do not speak of it. */
export const askedOf = ({ asked, spec }: PatchView, path: string): Asked | undefined => {
  const here = asked.filter(({ args }) =>
    coveredBy(args.files as readonly string[] | undefined)(path),
  );
  const argsOf = (name: string) =>
    here.flatMap(({ chore, args }) => (chore === name ? [args] : []));
  const whole = argsOf('frontmatter').length > 0;
  const keys = argsOf('key').flatMap(({ keys: names, files: _, ...said }) =>
    (names as readonly string[]).map((key) => ({ ...said, key }) as KeyAsk),
  );
  const orders = argsOf('key-order').flatMap(({ keys: names }) => names as readonly string[]);
  if (!whole && keys.length === 0 && orders.length === 0) return undefined;
  const { header: _, ...rules } = whole ? spec.rules : {};
  const order = orders.length > 0 ? orders : ((rules.order ?? []) as readonly string[]);
  return { whole, keys, order, rules };
};

/** What sentences say of one key. */
export const asksFor = ({ keys }: Asked, key: string): readonly KeyAsk[] =>
  keys.filter((ask) => isSameKey(ask.key, key));
