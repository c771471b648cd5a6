// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../../src/chore/script.ts';
import type { CommitDays } from '../../../src/markdown/commit-days.ts';
import { isRefused } from '../../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../../src/markdown/frontmatter.ts';
import { blankShownCode } from '../../../src/markdown/prose.ts';
import type { Asked } from './asked.ts';
import { entryOf, type Front, isSameKey, readFront, sameValue } from './front.ts';
import { type NoteBefore, type Wanted, wantedOf } from './key-rules.ts';
import { ruledKeys } from './rules.ts';
import { findLeft, findParted } from './take-back.ts';
import { findMiswritten } from './written.ts';

/** A note before and after, as texts. */
export type NoteSides = {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly days: CommitDays;
};

/** What a patch does to one note's frontmatter that is not asked for, or fails to do. */
export const judgeNote = (sides: NoteSides, asked: Asked): readonly string[] => {
  try {
    const old = readSide(sides.before, 'before');
    return judgeFront({ ...sides, old }, readSide(sides.after, 'now'), asked);
  } catch (error) {
    if (error instanceof Declined) return [error.message];
    throw error;
  }
};

/** The text with the block that another has; only what stands between the fences is taken over. */
export const withBlockOf = (text: string, base: string): string => {
  const [now, old] = [readFront(text), readFront(base)];
  if (!now || !old || text === base) return text;
  if (old.open !== '') return now.bom + now.open + old.yaml + now.close + now.body;
  return now.bom + now.body;
};

/** A second reader has to see the same block. @throws Declined */
const readSide = (text: string, side: string): Front => {
  if (/^(?:<{7}|>{7}|\|{7})(?:[ \t\r]|$)/m.test(blankShownCode(text)))
    throw new Declined('it has unresolved merge conflict markers');
  const [front, split] = [readFront(text), splitFrontmatter(text)];
  if (isRefused(split)) throw new Declined(`${side}: ${split.refused}`);
  if (front?.body !== split.body || front.yaml !== split.yaml)
    throw new Declined(`${side}: where its frontmatter ends can be read in several ways`);
  return front;
};

const judgeFront = (note: NoteBefore, now: Front, asked: Asked): readonly string[] => {
  const { old } = note;
  const wanted = new Map(keysOf(asked).map((key) => [key, wantedOf(key, asked, note)]));
  const changed = [...wanted].flatMap(([key, { is }]) => (is === 'value' ? [key] : []));
  const removed = [...wanted].flatMap(([key, { is }]) => (is === 'gone' ? [key] : []));
  if (old.inBraces && removed.length > 0)
    return ['its frontmatter is in braces, from which no key is removed'];
  const findings = [
    ...[...wanted].flatMap(([key, want]) => judgeKey(key, want, old, now)),
    ...findSpellings(old, now, [...wanted.keys(), ...asked.order]),
    ...newFences(old, now),
    ...changed.flatMap((key) => lineBreaks(key, old, now)),
    ...orderOf(old, now, asked),
  ];
  if (findings.length > 0) return findings;
  const left =
    findLeft(old, now, { changed, removed, reordered: asked.order.length > 0 }) ??
    findParted(old, now);
  return left === undefined ? [] : [left];
};

/** All keys that are spoken of, each once. @throws Declined on a rule that is not known */
const keysOf = ({ whole, keys, rules }: Asked): readonly string[] => {
  const names = [
    ...keys.map(({ key }) => (/^(?:title|tags)$/i.test(key) ? key.toLowerCase() : key)),
    ...(whole ? ['title', 'tags'] : []),
    ...ruledKeys(rules),
  ];
  return names.filter((key, at) => names.findIndex((name) => isSameKey(name, key)) === at);
};

const judgeKey = (key: string, want: Wanted, old: Front, now: Front): readonly string[] => {
  const [before, after] = [entryOf(old, key), entryOf(now, key)];
  const wrong = (what: string): readonly string[] => [`the key "${key}" ${what}`];
  if (want.is === 'gone') {
    const remark = before?.behind.trim();
    if (remark) throw new Declined(`the comment "${remark}" would go with the key "${key}"`);
    return after ? wrong('is still there') : [];
  }
  if (want.is === 'same') {
    if (before?.source === after?.source) return [];
    return wrong(before ? 'must stay as it is' : 'is added, and must not be');
  }
  if (!after) return wrong('is missing');
  if (!before && after.key !== key) return wrong(`is spelled "${after.key}"`);
  if (!sameValue(after.value, want.value))
    return wrong(`is not ${JSON.stringify(want.value).slice(0, 200)}`);
  const fault = findMiswritten(after, before, want, now.inBraces);
  return fault === undefined ? [] : wrong(fault);
};

/** Keys that are asked for and there in two spellings, before and after taken together. */
const findSpellings = (old: Front, now: Front, keys: readonly string[]): readonly string[] =>
  keys.flatMap((key) => {
    const names = [...Object.keys(old.values), ...Object.keys(now.values)];
    const spellings = new Set(names.filter((name) => isSameKey(name, key)));
    return spellings.size > 1 ? [`the key "${key}" is spelled in two ways`] : [];
  });

/** New lines end as those of the note do, or as those did that they replace. */
const lineBreaks = (key: string, old: Front, now: Front): readonly string[] => {
  const [before, after] = [entryOf(old, key), entryOf(now, key)];
  if (!after || now.inBraces) return [];
  const end = /^(?:\r\n|\n|\r)/.exec(now.yaml.slice(after.to))?.[0] ?? '';
  const breaks = (text: string): readonly string[] => text.match(/\r\n|\n|\r/g) ?? [];
  const usual = [breakOf(old), ...breaks(before?.source ?? '')];
  return breaks(after.source + (before ? '' : end)).every((one) => usual.includes(one))
    ? []
    : [`the lines of the key "${key}" end in another way than the note's`];
};

const breakOf = ({ open, body }: Front): string =>
  (/\r\n|\n/.exec(open + body) ?? /\r/.exec(open + body))?.[0] ?? '\n';

/** A block that is new has plain fences, in the line breaks of the note. */
const newFences = (old: Front, now: Front): readonly string[] => {
  if (now.open === '' || old.open !== '') {
    return now.open === '' && old.open !== '' ? ['it has no frontmatter any more'] : [];
  }
  const end = breakOf(old);
  const breaks = (now.open + now.yaml + now.close).match(/\r\n|\n|\r/g) ?? [];
  const plain = now.open.trimEnd() === '---' && now.close === `---${end}` && now.open === now.close;
  return plain && breaks.every((one) => one === end) ? [] : ['its new fences are not "---" lines'];
};

/** Keys that an order names come first, the others stay in theirs. */
const orderOf = (old: Front, now: Front, { order }: Asked): readonly string[] => {
  if (order.length === 0) return [];
  const names = now.entries.map(({ key }) => key);
  const first = order.flatMap((key) => names.find((name) => isSameKey(name, key)) ?? []);
  const isFirst = (name: string): boolean => first.includes(name);
  const others = (keys: readonly string[]) =>
    keys.filter((name) => !isFirst(name) && entryOf(old, name) && entryOf(now, name));
  const before = others(old.entries.map(({ key }) => key));
  return sameValue(names.slice(0, first.length), [...new Set(first)]) &&
    sameValue(others(names), before)
    ? []
    : ['the keys are not in the requested order'];
};
