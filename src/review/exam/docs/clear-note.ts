// SPDX-License-Identifier: GPL-3.0-only
import type { ExamNote, HeadKey } from './exam-notes.ts';

const maxLength = 20_000;

/**
 * A file of the repository as an exam note, where what its frontmatter ought to say is plain to see: a title
 * on top in plain words, hashtags in plain sight, keys of one line. `undefined` for all others.
 */
export const readClearNote = (path: string, text: string): ExamNote | undefined => {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const whole = text.slice(bom.length);
  if (!path.endsWith('.md')) return undefined;
  const odd = /\0|^(?:<{7}|>{7}|\|{7})|^version https:\/\/git-lfs/m.test(whole);
  if (odd || text.length > maxLength || whole.replaceAll(eol, '').match(/[\r\n]/)) return undefined;
  const lines = whole.split(eol);
  const close = lines[0] === '---' ? lines.indexOf('---', 1) : 0;
  const head = close > 0 ? readHead(lines.slice(1, close)) : undefined;
  if (/^-{3}/.test(lines[0] ?? '') && !head) return undefined;
  const body = (close > 0 ? lines.slice(close + 1) : lines).join(eol);
  const heading = firstWords(body);
  const hashtags = clearHashtags(body);
  if (heading === undefined || !hashtags) return undefined;
  const title = valueOfKey(head, 'title');
  const listed = listOfKey(head);
  if (title === null || !listed) return undefined;
  return {
    path,
    bom,
    eol,
    head,
    body,
    title: title ?? heading,
    hasTitle: title !== undefined,
    heading,
    tags: [...new Set([...hashtags, ...listed])].sort(),
  };
};

/** Any text with what spoils need to know of it: where its body begins. */
export const bareNote = (path: string, text: string): ExamNote => {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const front = /^---\r?\n(?:[^\n]*\n)*?---\r?\n/.exec(text.slice(bom.length))?.[0] ?? '';
  const body = text.slice(bom.length + front.length);
  return {
    path,
    bom,
    eol,
    body,
    head: undefined,
    heading: undefined,
    title: '',
    hasTitle: false,
    tags: [],
  };
};

const readHead = (lines: readonly string[]): readonly HeadKey[] | undefined => {
  const keys: HeadKey[] = [];
  for (const line of lines) {
    const key = /^([a-z][\w-]*): [A-Za-z0-9][\w ./-]*$/.exec(line)?.[1];
    const list = /^(tags): \[[a-z]+(?:, [a-z]+)*\]$/.exec(line)?.[1];
    const name = key ?? list;
    if (name === undefined || keys.some((other) => other.key === name)) return undefined;
    keys.push({ key: name, lines: [line] });
  }
  return keys.length > 0 ? keys : undefined;
};

/** `undefined` where there is none, `null` where it is not plain words. */
const valueOfKey = (
  head: readonly HeadKey[] | undefined,
  name: string,
): string | null | undefined => {
  const line = head?.find(({ key }) => key === name)?.lines[0];
  if (line === undefined) return undefined;
  const value = line.slice(name.length + 2);
  return /^[A-Z][A-Za-z ]*$/.test(value) && !/^(?:Yes|No|On|Off|True|False|Null|Y|N)$/.test(value)
    ? value
    : null;
};

const listOfKey = (head: readonly HeadKey[] | undefined): readonly string[] | undefined => {
  const line = head?.find(({ key }) => key === 'tags')?.lines[0];
  if (line === undefined) return [];
  return /^tags: \[(.*)\]$/.exec(line)?.[1]?.split(', ');
};

const firstWords = (body: string): string | undefined => {
  const line = body.split(/\r?\n/).find((text) => text.trim() !== '') ?? '';
  const text = /^# ([A-Z][A-Za-z0-9 ]*[A-Za-z0-9])$/.exec(line)?.[1];
  return text?.includes('  ') ? undefined : text;
};

/** Tags that anybody would see; `undefined` where some `#` could be read in two ways. */
const clearHashtags = (body: string): readonly string[] | undefined => {
  const tags: string[] = [];
  for (const line of body.split(/\r?\n/)) {
    const rest = line
      .replace(/^#{1,6} /, '')
      .replace(/(?<=^|\s)#([a-z][a-z-]*[g-z])(?=$|\s)/g, (_, tag: string) => {
        tags.push(tag);
        return '';
      });
    if (rest.includes('#')) return undefined;
    if (tags.length > 0 && /[`<>[\]{}$]|^\s{2,}|https?:/.test(line)) return undefined;
  }
  // A fence could hide any of them.
  return tags.length > 0 && /^[ \t>]*(?:`{3}|~{3})|<!--/m.test(body) ? undefined : tags;
};
