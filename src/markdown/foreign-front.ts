// SPDX-License-Identifier: GPL-3.0-only
import { linesOf } from './text-lines.ts';

const toml = /^\+\+\+[ \t]*(?:\r\n|\n|\r)(?:[\s\S]*?(?:\r\n|\n|\r))?\+\+\+[ \t]*(?:[\r\n]|$)/;
const jsonStart = /^\{\s*"(?:[^"\\\r\n]|\\.)*"\s*:/;

/** What gray-matter and Eleventy call a language behind the first fence (`---toml`). */
const languages: Readonly<Record<string, string>> = {
  toml: 'TOML',
  json: 'JSON',
  js: 'JavaScript',
  javascript: 'JavaScript',
};

/**
 * The form of metadata that a document begins with where it is not YAML between `---`, in words: TOML or
 * JSON as Hugo knows them (https://gohugo.io/content-management/front-matter/), a language behind the
 * fence, Pandoc's title block, Logseq's properties, and the keys of MultiMarkdown, Pelican and MkDocs.
 */
export const foreignFront = (text: string): string | undefined => {
  const rest = text.replace(/^\uFEFF/, '').replace(/^\s+/, '');
  if (toml.test(rest)) return 'TOML frontmatter';
  if (jsonStart.test(rest)) return 'JSON frontmatter';
  const language = /^---[ \t]*([a-z]+)[ \t]*[\r\n]/i.exec(rest)?.[1]?.toLowerCase();
  if (language !== undefined && language in languages) return `${languages[language]} frontmatter`;
  if (/^% \S/.test(rest)) return "Pandoc's title block";
  if (/^[\w-]+:: \S/.test(rest)) return "Logseq's properties";
  return hasPlainKeys(rest) ? 'metadata without "---" around it' : undefined;
};

/** Keys that no text begins its first lines with by chance. */
const usualKeys =
  /^(?:title|subtitle|date|modified|tags|keywords|categor(?:y|ies)|authors?|slug|summary|description|status|template|lang|layout)$/i;
const mostLines = 50;

/** `Key: value` lines from the first one up to an empty line, a usual key among them. */
const hasPlainKeys = (text: string): boolean => {
  let usual = false;
  let count = 0;
  for (const line of linesOf(text)) {
    if (line.text.trim() === '') break;
    const key = /^([A-Za-z][\w -]{0,40}):(?:[ \t]|$)/.exec(line.text)?.[1];
    if (
      count === mostLines ||
      (key === undefined && (count === 0 || !/^(?: {4}|\t)/.test(line.text)))
    )
      return false;
    usual ||= key !== undefined && usualKeys.test(key);
    count += 1;
  }
  return usual;
};
