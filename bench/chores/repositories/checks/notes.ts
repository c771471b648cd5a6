// SPDX-License-Identifier: GPL-3.0-only
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { parseDocument } from 'yaml';
import type { Check } from './patched.ts';

/** Just these notes are changed, each to a head with these values and the body it had. */
export const headed =
  (heads: Readonly<Record<string, object>>): Check =>
  ({ base, changes }) => {
    const other = [...changes.keys()].find((path) => !Object.hasOwn(heads, path));
    if (other !== undefined) return `${other} is changed`;
    for (const [path, values] of Object.entries(heads)) {
      const [old, now] = [split(base.get(path) ?? ''), split(changes.get(path) ?? '')];
      if (now.body !== old.body) return `${path}: the body is changed`;
      const [was, is] = [old.head, now.head].map((head) => parseDocument(head).toJS() ?? {});
      const right = JSON.stringify(sorted({ ...was, ...values }));
      if (JSON.stringify(sorted(is)) !== right)
        return `${path}: ${JSON.stringify(is)}, not ${right}`;
    }
    return undefined;
  };

const sorted = (value: object): object =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const split = (text: string): { readonly head: string; readonly body: string } => {
  const [whole = '', head = ''] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text) ?? [];
  return { head, body: text.slice(whole.length) };
};

/** Notes without blanks at the ends of lines, which read as they did. */
export const withoutBlanks =
  (files: RegExp): Check =>
  ({ base, changes }) => {
    const other = [...changes.keys()].find((path) => !files.test(path));
    if (other !== undefined) return `${other} is changed`;
    for (const [path, text] of base) {
      if (!files.test(path)) continue;
      const now = changes.get(path) ?? text;
      if (treeOf(now) !== treeOf(text)) return `${path} reads otherwise`;
      if (now.replaceAll(/[ \t]+$/gm, '') !== text.replaceAll(/[ \t]+$/gm, ''))
        return `${path}: more is changed`;
      const left = outsideCode(now).findIndex((line) => /(?:[^ ] |\t)$/.test(line));
      if (left >= 0) return `${path}:${left + 1} has a blank at its end`;
    }
    return undefined;
  };

const outsideCode = (text: string): readonly string[] => {
  let isCode = false;
  return text.split('\n').map((line) => {
    if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
    return isCode ? '' : line;
  });
};

const treeOf = (text: string): string => {
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return JSON.stringify(tree, (key, value) => (key === 'position' ? undefined : value));
};
