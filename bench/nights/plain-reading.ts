// SPDX-License-Identifier: GPL-3.0-only

/*
 * Headings and hashtags read once more and more plainly than the chore reads them, sharing no code
 * with it: what both find is more than one program's opinion.
 */

const fence = /^[ \t>]*(?:[-*+] |\d+[.)] )*(`{3,}|~{3,})/;

/** The lines that are text: not those in fences, comments, `pre` or `highlight`. */
const textLines = (body: string): readonly string[] => {
  const shown = body.replace(
    /<!--[\s\S]*?-->|<pre[\s>][\s\S]*?<\/pre>|\{% highlight[\s\S]*?endhighlight %\}/g,
    (hidden) => hidden.replace(/[^\n]/g, ' '),
  );
  let open = '';
  return shown.split(/\r\n|\n/).map((line) => {
    const mark = fence.exec(line)?.[1] ?? '';
    if (open === '') {
      open = mark;
      return mark === '' ? line : '';
    }
    if (mark.startsWith(open) && /^[ \t>]*[`~]+[ \t]*$/.test(line)) open = '';
    return '';
  });
};

/** What a reader sees of a heading, in lower case and without spaces: enough to tell two apart. */
export const letters = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]/gu, '');

const seen = (heading: string): string =>
  heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]*>|\{%.*?%\}|\{\{.*?\}\}|\{:.*?\}|\{#\S*\}/g, '')
    .replace(/\p{Extended_Pictographic}|\u{FE0F}|\u{20E3}/gu, '')
    .trim();

/** The first heading that a reader can read, if it is a title; `undefined` where it is not, or there is none. */
export const readTitle = (body: string): string | undefined => {
  const lines = textLines(body);
  for (const [index, line] of lines.entries()) {
    const [, marks, atx] = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]#+)?[ \t]*$/.exec(line) ?? [];
    if (atx !== undefined && seen(atx) !== '') return marks === '#' ? seen(atx) : undefined;
    const under = lines[index + 1] ?? '';
    const isText = /^ {0,3}[^\s#>|*+-]/.test(line) && !/^ {0,3}\d+[.)] /.test(line);
    if (isText && /^ {0,3}(?:=+|-+)[ \t]*$/.test(under))
      return under.includes('=') ? seen(line.trim()) : undefined;
  }
  return undefined;
};

/** What is code, a link, an address or markup; its place is held by a word. */
const notProse: readonly RegExp[] = [
  /(`+)(?:(?!\n[ \t]*\n)[\s\S])*?[^`]\1(?!`)/g,
  // What a link shows is read.
  /!\[[^[\]]*\]\([^)\n]*\)|(?<=\])\([^)\n]*\)|\[\[.*?\]\]/g,
  /<[a-z/][^<>]*>|\{%.*?%\}|\{\{.*?\}\}|\{:.*?\}|https?:\S+/gi,
];

const isCode = (line: string): boolean =>
  /^(?: {4}|\t)/.test(line) && !/^\s*(?:[-*+]|\d+\.) /.test(line);

/** The hashtags that a reader would name, sorted by code unit; `#tags: #a` names but one. */
export const readHashtags = (body: string): readonly string[] => {
  const text = textLines(body)
    .map((line) => (isCode(line) ? '' : line))
    .join('\n');
  const prose = notProse.reduce((all, pattern) => all.replace(pattern, ' x '), text);
  const found = prose.matchAll(
    /(?<=^|\s)#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_/-]*)(\S*)(?=([ \t]*#?))/gmu,
  );
  const tags = [...found].flatMap(([, word = '', rest = '', next = '']) => {
    const tag = word.replace(/[/-]+$/, '');
    const ends = /^[^\p{L}\p{N}#(\\=]*$/u.test(rest) && !(rest === ':' && next.endsWith('#'));
    const isColour = /^[0-9a-f]+$/i.test(tag) && /\d/.test(tag);
    return ends && /[\p{L}_]/u.test(tag) && !isColour ? [tag] : [];
  });
  return [...new Set(tags)].sort();
};
