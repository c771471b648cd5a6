// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import { refuseUnseen } from '../../src/chore/unseen.ts';
import type { Work } from '../../src/chore/work.ts';
import type { TextEdit } from '../../src/code/edits.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { type Link, linkResolves, linksOf } from '../../src/markdown/links.ts';

type Args = { readonly files?: readonly string[] };

/** More pages than this are not read one by one. */
const mostPages = 300;

/** Page by page; a link whose file is nowhere, or in two places, is left and named. */
export const work: Work<Args, CodeHands> = function* ({ files }, { tree, spec }) {
  refuseUnseen(spec, 'where files are');
  const all = yield* tree.files();
  const pages = all.filter(
    (path) => /\.(?:md|markdown)$/i.test(path) && coveredBy(files)(path) && tree.mayWrite(path),
  );
  if (pages.length === 0) throw new Declined('the scope has no Markdown page');
  if (pages.length > mostPages)
    throw new Declined(`${pages.length} pages are more than rules can read; name a folder`);
  const listed = new Set(all);
  const places = placesByName(all);
  const left: { readonly path: string; readonly reason: string }[] = [];
  let count = 0;
  for (const path of pages) {
    const text = yield* tree.readable(path);
    if (typeof text !== 'string') {
      left.push({ path, reason: text.refused });
      continue;
    }
    const split = splitFrontmatter(text);
    if (isRefused(split)) {
      left.push({ path, reason: split.refused });
      continue;
    }
    const before = text.length - split.body.length;
    const edits: TextEdit[] = [];
    for (const link of linksOf(split.body).filter((one) => isBroken(one, path, listed))) {
      const now = repaired(link, path, places, split.body[link.start - 1] === '<');
      if (typeof now === 'string') {
        const start = before + link.start;
        edits.push({ start, end: start + link.target.length, text: now });
      } else left.push({ path, reason: `links to ${link.target.slice(0, 100)}, ${now.reason}` });
    }
    yield* tree.edit(path, edits);
    count += edits.length;
  }
  const others = left.map(({ path, reason }) => `${path} ${reason}`).slice(0, 20);
  if (count === 0 && others.length > 0) throw new Declined(others.join('; '));
  return { notes: [`links: ${count} pointed at their files`, ...others].join('; '), left };
};

/** A relative path in the tree with nothing at its end. A template or an address from the top is for a site to know. */
const isBroken = (link: Link, path: string, files: ReadonlySet<string>): boolean =>
  link.kind !== 'wiki' &&
  !/^\/|[{}<>$\\]/.test(link.target) &&
  linkResolves(link, path, files) === false;

const placesByName = (files: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const places = new Map<string, string[]>();
  for (const path of files) {
    const name = posix.basename(path);
    places.set(name, [...(places.get(name) ?? []), path]);
  }
  return places;
};

/** The target that leads to the one file of that name, as it was written otherwise; or why there is none. */
const repaired = (
  { target }: Link,
  path: string,
  places: ReadonlyMap<string, readonly string[]>,
  isBracketed: boolean,
): string | { readonly reason: string } => {
  const [said = ''] = /^[^#?]*/.exec(target) ?? [];
  const name = posix.basename(decode(said));
  const candidates = said.endsWith('/') ? [] : (places.get(name) ?? []);
  const [only, second] = candidates;
  if (only === undefined) return { reason: 'of which name there is no file' };
  if (second !== undefined)
    return { reason: `which could be ${candidates.slice(0, 5).join(' or ')}` };
  const way = posix.relative(posix.dirname(path), only);
  const dot = said.startsWith('./') && !way.startsWith('../') ? './' : '';
  return dot + encode(way, isBracketed) + target.slice(said.length);
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** What would end or change a target is written as an address writes it; a space in brackets may stand. */
const encode = (path: string, isBracketed: boolean): string =>
  path.replace(
    isBracketed ? /[<>%#?\\]/g : /[\s<>()%#?\\]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
