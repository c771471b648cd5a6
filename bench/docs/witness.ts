// SPDX-License-Identifier: GPL-3.0-only
import type { Trial } from './variants.ts';

/*
 * Looks at bytes before and after and shares no code with what made them. Texts are latin1: one
 * character per byte.
 */

/** Text below the frontmatter much as Jekyll finds it (YAML_FRONT_MATTER_REGEXP in its lib/jekyll/document.rb). */
export const textBelow = (text: string): string => {
  const found = /^---[ \t]*\r?\n[\s\S]*?^(?:---|\.\.\.)[ \t]*\r?(?:\n|$(?![\s\S]))/m.exec(text);
  return found?.index === 0 &&
    /^---[ \t]*\r?\n(?:\s*#.*\r?\n|\s*\r?\n)*(?:[^\r\n]*:|---|\.\.\.|\{)/.test(found[0])
    ? text.slice(found[0].length)
    : text;
};

/** What is damaged in a document that was changed; nothing where all is well. */
export const findDamage = (trial: Trial, after: Buffer): string | undefined => {
  const [was, is] = [trial.bytes.toString('latin1'), after.toString('latin1')];
  const mark = was.startsWith('\xef\xbb\xbf') ? '\xef\xbb\xbf' : '';
  if (is.startsWith('\xef\xbb\xbf') !== (mark !== '')) return 'byte order mark';
  const text = was.slice(mark.length);
  const body = trial.body ?? textBelow(text);
  if (!is.endsWith(body)) return 'text';
  const front = is.slice(mark.length, is.length - body.length);
  const lines = front.split('\n');
  const last = lines.at(-1) === '' ? lines.at(-2) : lines.at(-1);
  if (!/^---[ \t]*\r?$/.test(lines[0] ?? '')) return 'first fence';
  if (!/^(?:---|\.\.\.)[ \t]*\r?$/.test(last ?? '')) return 'last fence';
  const inner = lines.slice(1, lines.at(-1) === '' ? -2 : -1);
  if (inner.some((line) => /^(?:---|\.\.\.)[ \t]*\r?$/.test(line))) return 'a fence inside';
  const lost = trial.kept?.find((piece) => !front.includes(piece));
  if (lost !== undefined) return `lost ${JSON.stringify(lost)}`;
  const old = text.slice(0, text.length - body.length);
  for (const line of old.split('\n').slice(1)) {
    const own =
      /^\s*(?:["']?(?:title|tags)["']?\s*:|-\s|\]|\{)/i.test(line) ||
      /^[ \t]+[^\s:]+,?\r?$/.test(line);
    if (!own && !front.includes(line)) return `lost the line ${JSON.stringify(line)}`;
  }
  const crlf = /\r\n/.test(was);
  const lf = /[^\r]\n|^\n/.test(was);
  if (crlf && !lf && /[^\r]\n|^\n/.test(is)) return 'a line break of another kind';
  if (!crlf && /\r\n/.test(is)) return 'a line break of another kind';
  if (!/^[ \t]*["']?title["']? ?:|[{,] ?title:/im.test(front)) return 'no title';
  const noTags = /^[ \t]*tags: \[\]|[{,] ?tags: \[\]/m;
  if (noTags.test(front) && !noTags.test(old)) return 'an empty list of tags';
  return undefined;
};
