// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { headingsOf } from '../../src/markdown/headings.ts';
import { linksOf } from '../../src/markdown/links.ts';

// Headings and links are read here by scanners of our own; micromark says what a document contains.

type Outline = { readonly headings: readonly string[]; readonly links: readonly string[] };

type MarkdownNode =
  | ReturnType<typeof fromMarkdown>
  | ReturnType<typeof fromMarkdown>['children'][number];

const lettersOf = (text: string): string =>
  text.replace(/:[a-z0-9_+-]+:/g, '').replace(/[^\p{L}\p{N}]+/gu, '');

const textOf = (node: object): string => {
  if ('type' in node && node.type === 'html') return '';
  if ('value' in node) return String(node.value);
  const alternative = 'alt' in node ? String(node.alt) : '';
  return 'children' in node
    ? alternative + (node.children as object[]).map(textOf).join('')
    : alternative;
};

const decoded = (target: string): string => {
  try {
    return decodeURI(target);
  } catch {
    return target;
  }
};

/** Headings at the top of the document, and links with a text of their own, as micromark reads them. */
const outlineByMicromark = (body: string): Outline => {
  const headings: string[] = [];
  const links: string[] = [];
  const visit = (node: MarkdownNode, parent?: MarkdownNode): void => {
    if (node.type === 'heading' && parent?.type === 'root') {
      headings.push(`${node.depth} ${lettersOf(textOf(node))}`);
    }
    const start = node.position?.start.offset ?? 0;
    const isInline = node.type === 'image' || (node.type === 'link' && body[start] === '[');
    if (isInline) links.push(`inline ${decoded(node.url)}`);
    if (node.type === 'definition') links.push(`reference ${decoded(node.url)}`);
    if ('children' in node) for (const child of node.children) visit(child as MarkdownNode, node);
  };
  visit(fromMarkdown(body, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  return { headings, links: links.sort() };
};

const outlineByPantheon = (body: string): Outline => ({
  headings: headingsOf(body).map(({ level, text }) => `${level} ${lettersOf(text)}`),
  links: linksOf(body)
    .filter(({ kind }) => kind !== 'wiki')
    .map(({ kind, target }) => `${kind} ${decoded(target)}`)
    .sort(),
});

/** Jekyll's additions to Markdown: an output becomes a word, a tag and an attribute list nothing. */
const withoutJekyll = (body: string): string =>
  body
    .replace(/\{\{[^{}]*\}\}|\{%-?\s*(?:link|post_url|include)\b[^{}]*%\}/g, 'liquid')
    .replace(/^\{%-?\s*(?:assign|for|endfor|if|endif|else)\b[^{}]*%\}$|\{[:#][^{}]*\}/gm, '');

const compare = (t: ExecutionContext, folder: string, files: readonly string[]): void => {
  let compared = 0;
  for (const file of files) {
    const split = splitFrontmatter(readFileSync(file, 'utf8'));
    if (isRefused(split)) continue;
    const body = withoutJekyll(split.body);
    t.deepEqual(outlineByPantheon(body), outlineByMicromark(body), relative(folder, file));
    compared += 1;
  }
  t.log(`${compared} documents`);
  t.true(compared > 0);
};

const markdownIn = (folder: string, patterns: readonly string[]): readonly string[] =>
  globSync(patterns, { cwd: folder, exclude: ['**/node_modules/**'] }).map((file) =>
    join(folder, file),
  );

const project = join(import.meta.dirname, '../..');
const corpus = join(project, '../shared/corpus');

test('headings and links of the project’s own documents are what micromark reads', (t) => {
  const patterns = ['*.md', '{actions,bench,docs,examples,specs,test}/**/*.{md,markdown}'];
  compare(t, project, markdownIn(project, patterns));
});

const corpusTest = existsSync(corpus) ? test : test.skip;
if (!existsSync(corpus)) process.stderr.write('skipped: ../shared/corpus is not there\n');

corpusTest('headings and links of real notes and pages are what micromark reads', (t) => {
  compare(t, corpus, markdownIn(corpus, ['**/*.{md,markdown}']));
});

const footnotes = test.macro({
  title: (name) => `footnotes: ${name}`,
  exec(t, body: string, ...links: readonly string[]) {
    t.deepEqual(outlineByPantheon(body).links, links);
    t.deepEqual(outlineByMicromark(body).links, links);
  },
});

test('the text of a footnote is not a target', footnotes, 'A.[^1]\n\n[^1]: The source.\n');
test(
  'links in a footnote count',
  footnotes,
  'A.[^note] [b][r]\n\n[^note]: See [c](c.md).\n\n[r]: r.md\n',
  'inline c.md',
  'reference r.md',
);
