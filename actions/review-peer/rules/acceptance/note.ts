// SPDX-License-Identifier: GPL-3.0-only
import { blankShownCode } from '../../../../src/markdown/prose.ts';
import type { Asked } from './asked.ts';
import { type Front, hasField, isSameKey, readFront, readRemarks, sameValue } from './front.ts';
import { judgeHeader } from './header.ts';
import { judgeRule } from './key-rules.ts';
import type { FilePatch } from './patch.ts';
import { judgeRules } from './rules.ts';
import { judgeTags, judgeTitle } from './title-and-tags.ts';

/** What a patch of one note does that no sentence asks for, or fails to do; empty when all is well. */
export const judgeNote = (file: FilePatch, asked: Asked): readonly string[] => {
  const [before, after] = [file.base.join(''), file.patched.join('')];
  if (file.status !== 'changed') return [`a whole note is ${file.status}`];
  if (/^(?:<{7}|>{7})(?:[ \t]|\r?$)/m.test(blankShownCode(after)))
    return ['it has unresolved conflict markers'];
  const [old, now] = [readFront(before), readFront(after)];
  if (!old) return ['its old frontmatter cannot be read, so nothing in it may be rewritten'];
  if (!now) return ['its new frontmatter is not valid YAML'];
  const findings = [...judgeBody(file.path, old, now, asked)];
  if (old.bom !== now.bom) findings.push('its byte order mark has changed');
  if (asked.frontmatter && !old.block && foreignFence(before)) {
    findings.push(`it has ${foreignFence(before)} frontmatter; YAML must not be added above it`);
  }
  if (!asked.frontmatter) {
    const head = (text: string, { body }: Front) => text.slice(0, text.length - body.length);
    if (head(before, old) !== head(after, now))
      findings.push('its frontmatter is changed, which no sentence asks for');
    return findings;
  }
  return [...findings, ...judgeFront(file, old, now, asked)];
};

/** By the first lines alone; `+++` in prose needs a second one to close it. */
const foreignFence = (text: string): string | undefined => {
  const lines = text
    .replace(/^\uFEFF?\s*/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.trimEnd());
  if (lines[0] === '+++' && lines.indexOf('+++', 1) > 0) return 'TOML';
  return /^\{ *"|^\{\n\s*"/.test(lines.slice(0, 3).join('\n')) ? 'JSON' : undefined;
};

const judgeBody = (path: string, old: Front, now: Front, asked: Asked): readonly string[] => {
  if (old.body === now.body) {
    return asked.headers.every((header) => header.inPlace(now.body))
      ? []
      : ['the header is still missing'];
  }
  if (asked.headers.length === 0) return ['its body has changed'];
  const verdicts = asked.headers.map(({ intent }) => judgeHeader(old.body, now.body, path, intent));
  const wrong = verdicts.find((verdict) => !verdict.ok);
  return wrong && !wrong.ok ? [wrong.why] : [];
};

const judgeFront = (file: FilePatch, old: Front, now: Front, asked: Asked): readonly string[] => {
  if (!now.block && (old.block || asked.title)) return ['it has no frontmatter'];
  const open = [...(asked.title ? ['title'] : []), ...(asked.tags ? ['tags'] : []), ...asked.keys];
  const isFree = (key: string): boolean => open.some((name) => isSameKey(name, key));
  return [
    ...respelled(old, now, isFree),
    ...old.entries
      .filter(({ key }) => !isFree(key))
      .flatMap((entry) => {
        const kept = now.entries.find(({ key }) => key === entry.key);
        if (!kept) return [`the key "${entry.key}" was removed`];
        return kept.source === entry.source && sameValue(kept.value, entry.value)
          ? []
          : [`the key "${entry.key}" is changed, which no sentence asks for`];
      }),
    ...now.entries
      .filter(({ key }) => !isFree(key) && !old.entries.some((entry) => entry.key === key))
      .map(({ key }) => `the key "${key}" is added, which no sentence asks for`),
    ...orderOf(old, now, asked),
    ...lostComments(old, now, asked),
    ...(asked.title ? judgeTitle(file.path, old, now) : []),
    ...(asked.tags ? judgeTags(old, now) : []),
    ...judgeRules(asked.rules, file.path, old, now),
    ...asked.keyRules.flatMap((rule) => judgeRule(rule, file.path, old, now)),
  ];
};

/** Free keys that are there in two spellings, before and after taken together. */
const respelled = (old: Front, now: Front, isFree: (key: string) => boolean): readonly string[] => {
  const names = [...new Set([...old.entries, ...now.entries].map(({ key }) => key))].filter(isFree);
  return names
    .filter((key) => names.some((other) => other !== key && isSameKey(other, key)))
    .map((key) => `the key "${key}" is spelled in two ways`);
};

/** Keys that stay also stay in their order, unless a sentence or rule sets one. */
const orderOf = (old: Front, now: Front, asked: Asked): readonly string[] => {
  if (asked.order !== undefined) {
    const order = asked.order.map((key) => key.toLowerCase());
    const present = now.entries
      .map(({ key }) => key.toLowerCase())
      .filter((key) => order.includes(key));
    const wanted = order.filter((key) => present.includes(key));
    return sameValue(present, wanted) ? [] : ['the keys are not in the requested order'];
  }
  const keys = ({ entries }: Front) => entries.map(({ key }) => key);
  const common = keys(now).filter((key) => hasField(old, key));
  const before = keys(old).filter((key) => hasField(now, key));
  return sameValue(common, before) ? [] : ['the order of the other keys has changed'];
};

/** Only what is said within a value may go with it, where its key is to go. */
const lostComments = (old: Front, now: Front, asked: Asked): readonly string[] => {
  const gone = asked.keyRules.flatMap(({ key, rule }) =>
    rule.is === 'absent' ? old.entries.filter((entry) => isSameKey(entry.key, key)) : [],
  );
  const left = [...now.comments, ...gone.flatMap(({ source }) => readRemarks(source))];
  return old.comments.flatMap((comment) => {
    const at = left.indexOf(comment);
    if (at < 0) return [`the comment "${comment}" was removed`];
    left.splice(at, 1);
    return [];
  });
};
