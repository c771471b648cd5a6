// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { decodeMarkdown, isRefused } from './decode-markdown.ts';
import { splitFrontmatter } from './frontmatter.ts';
import { blankBlocks, blankCodeSpans } from './prose.ts';

/** A link's target as written, without title, angle brackets and alias, and where in the body it starts. */
export type Link = {
  readonly kind: 'inline' | 'reference' | 'wiki';
  readonly target: string;
  readonly start: number;
};

// Every class stops at what the next one takes, so that no text makes them try twice.
const patterns: readonly (readonly [Link['kind'], RegExp])[] = [
  [
    'inline',
    /\]\(\s*(?=\S)(?:<([^<>\n]*)>[^()\n]*|([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:[^\S\n][^()\n]*)?)\)/dg,
  ],
  // `[^1]:` begins a footnote, and its first word is not a target.
  ['reference', /^ {0,3}\[(?!\^)[^[\]\n]+\]:[ \t]*(?:<([^<>\n]*)>|(\S+))/dgm],
  ['wiki', /\[\[([^[\]|#\n]*)(?:[|#][^[\]\n]*)?\]\]/dg],
];

/** The links of a body, in the order of their kinds; not those in code or comments. */
export const linksOf = (body: string): readonly Link[] => {
  const text = blankCodeSpans(blankBlocks(body));
  return patterns.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].flatMap(({ 1: bracketed, 2: plain, indices }) => {
      const said = bracketed ?? plain ?? '';
      const target = said.trim();
      const [at] = indices?.[1] ?? indices?.[2] ?? [0];
      return target === '' ? [] : [{ kind, target, start: at + said.indexOf(target) }];
    }),
  );
};

/**
 * Whether a link of the document at `path` leads to a file or folder among `files`; `undefined` for
 * what is not a path in the tree (another site, an address, a place in the same document).
 */
export const linkResolves = (
  link: Pick<Link, 'kind' | 'target'>,
  path: string,
  files: ReadonlySet<string>,
): boolean | undefined => {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/|#|\?|\{)/i.test(link.target)) return undefined;
  const bare = decode(link.target.replace(/[#?].*$/s, ''));
  if (bare === '') return undefined;
  const from = bare.startsWith('/') ? '' : posix.dirname(path);
  const target = posix.join(from, bare).replace(/^\/+/, '').replace(/\/$/, '');
  if (target.startsWith('../') || target === '..') return false;
  if (target === '.' || target === '' || files.has(target) || foldersOf(files).has(target))
    return true;
  if (link.kind !== 'wiki') return false;
  if (files.has(`${target}.md`)) return true;
  return namesOf(files).has(posix.basename(bare).toLowerCase());
};

/** How many links of documents are to files, and which of them lead nowhere. */
export type FollowedLinks = {
  readonly count: number;
  readonly broken: readonly { readonly path: string; readonly target: string }[];
};

/** Follows the links of the documents at these paths, as far as they lead to one of `files`. */
export const followLinks = async (
  paths: readonly string[],
  files: ReadonlySet<string>,
  read: (path: string) => Promise<Uint8Array | undefined>,
): Promise<FollowedLinks> => {
  const followed: { readonly path: string; readonly target: string; readonly isThere: boolean }[] =
    [];
  for (const path of paths) {
    const bytes = await read(path);
    const decoded = bytes && decodeMarkdown(bytes);
    if (!decoded || isRefused(decoded)) continue;
    const { body } = { body: decoded.text, ...splitFrontmatter(decoded.text) };
    for (const link of linksOf(body)) {
      const isThere = linkResolves(link, path, files);
      if (isThere !== undefined) followed.push({ path, target: link.target, isThere });
    }
  }
  return { count: followed.length, broken: followed.filter(({ isThere }) => !isThere) };
};

const decode = (target: string): string => {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
};

/** A value worked out once per set of files. */
const once = <T>(work: (files: ReadonlySet<string>) => T): ((files: ReadonlySet<string>) => T) => {
  const cache = new WeakMap<ReadonlySet<string>, { readonly value: T }>();
  return (files) => {
    const entry = cache.get(files) ?? { value: work(files) };
    cache.set(files, entry);
    return entry.value;
  };
};

const foldersOf = once((files) => {
  const folders = new Set<string>();
  for (const file of files) {
    for (
      let folder = posix.dirname(file);
      folder !== '.' && !folders.has(folder);
      folder = posix.dirname(folder)
    ) {
      folders.add(folder);
    }
  }
  return folders;
});

/** File names as wiki links name them: without `.md`, case aside. */
const namesOf = once(
  (files) =>
    new Set(
      [...files].flatMap((file) => {
        const name = posix.basename(file).toLowerCase();
        return name.endsWith('.md') ? [name, name.slice(0, -3)] : [name];
      }),
    ),
);
