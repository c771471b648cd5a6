// SPDX-License-Identifier: GPL-3.0-only
import type { Form } from './module-uses.ts';

export type Renamed = { readonly from: string; readonly to: string };

/** A word that is changed: where it was, where it is now, and how it was written there. */
export type WordChange = {
  /** In the text with the changes taken back. */
  readonly before: number;
  /** Where the new word stands in the text as it is. */
  readonly after: number;
  readonly form: Form;
};

/** A text with one rename taken back, or the place from which on more than words is changed. */
export type TakenBack =
  | { readonly text: string; readonly changes: readonly WordChange[] }
  | { readonly strayAt: number };

type Word = { readonly text: string; readonly at: number; readonly gap: string };

const words = /[\p{ID_Continue}$\u200c\u200d]+/gu;

/** Words with what stands before each; the last one is empty. */
const split = (text: string): readonly Word[] => {
  const list: Word[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(words)) {
    list.push({ text: word, at: index, gap: text.slice(end, index) });
    end = index + word.length;
  }
  return [...list, { text: '', at: text.length, gap: text.slice(end) }];
};

/** Walks a text beside its base, word by word; `others` are renames that are taken back elsewhere. */
export const takeBack = (
  base: string,
  text: string,
  rename: Renamed,
  others: readonly Renamed[],
): TakenBack => {
  const [old, now] = [split(base), split(text)];
  const changes: WordChange[] = [];
  let back = '';
  let end = 0;
  let j = 0;
  for (let i = 0; i < old.length; i += 1, j += 1) {
    const [was, is] = [old[i], now[j]];
    if (!was || !is || was.gap !== is.gap) return { strayAt: is?.at ?? text.length };
    const after = old[i + 1]?.gap;
    const step = [rename, ...others]
      .map((one) => ({ one, step: compare(was, now, j, after, one) }))
      .find(({ step }) => step !== undefined);
    if (!step?.step) {
      if (was.text !== is.text) return { strayAt: is.at };
      continue;
    }
    const { form, span, at } = step.step;
    if (step.one === rename) {
      back += text.slice(end, is.at);
      changes.push({ before: back.length, after: at, form });
      back += rename.from;
      const last = now[j + span - 1] ?? is;
      end = last.at + last.text.length;
    }
    j += span - 1;
  }
  if (j !== now.length) return { strayAt: now[j]?.at ?? text.length };
  return { text: back + text.slice(end), changes };
};

/** How a word is written with the new name from here on, in how many words; none: it is not. */
const compare = (
  was: Word,
  now: readonly Word[],
  j: number,
  gapAfter: string | undefined,
  { from, to }: Renamed,
): { readonly form: Form; readonly span: number; readonly at: number } | undefined => {
  const [is, next, last] = [now[j], now[j + 1], now[j + 2]];
  if (was.text !== from || !is) return undefined;
  const paired = next?.gap === ': ' && gapAfter !== ': ' && last?.gap === gapAfter;
  if (is.text === from) {
    return paired && next.text === to ? { form: 'value', span: 2, at: next.at } : undefined;
  }
  if (is.text !== to) return undefined;
  return paired && next.text === from
    ? { form: 'key', span: 2, at: is.at }
    : { form: 'plain', span: 1, at: is.at };
};
