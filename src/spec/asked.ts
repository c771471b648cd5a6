// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson, type Json } from '../data/digest.ts';

/** A chore's arguments, as its `chore.yaml` describes them. */
export type Arguments = Readonly<Record<string, Json>>;

/** One thing that a spec asks for: a chore by its name, with arguments. */
export type Asked = { readonly chore: string; readonly args: Arguments };

/** The exact form of asking, which stands among the acceptance sentences: `rename: {"from":"a","to":"b"}`. */
export const askedText = ({ chore, args }: Asked): string => `${chore}: ${canonicalJson(args)}`;

const exact = /^(?<chore>[a-z][a-z0-9-]*): (?<args>\{.*\})$/s;

/** Reads `askedText` back; `undefined` for any other text. */
export const readAskedText = (text: string): Asked | undefined => {
  const { chore, args } = exact.exec(text.trim())?.groups ?? {};
  if (chore === undefined || args === undefined) return undefined;
  try {
    return { chore, args: JSON.parse(args) };
  } catch {
    return undefined;
  }
};
