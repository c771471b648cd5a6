// SPDX-License-Identifier: GPL-3.0-only
import type { WordedSpec } from './words.ts';

/*
 * Twenty more, after requests in public trackers: their kinds, and how people put them, in other words.
 */

export const moreFiles: Readonly<Record<string, string>> = {
  'src/currency.ts': "export type Currency = 'EUR' | 'CHF';\n",
  'posts/fourth.md':
    '---\ntitle: Four\ntags: [Big News, JavaScript]\ncategories: [a]\n---\nText.\n',
  'guide/long.md':
    '# Long\n\n<!-- toc -->\n\n- [Gone](#gone)\n\n<!-- tocstop -->\n\n## Begin\n\nText.\n\n## End\n',
  'guide/moved.md': '# Moved\n\nRead [the first post](../blog/first.md).\n',
  'README.md': '# Shop\n\n## Use\n\nText.\n',
};

export const requests: Readonly<Record<string, WordedSpec>> = {
  'licence-in-every-file': {
    spec: {
      title: 'None of the sources says under which license it is',
      scope: 'src/',
      acceptance: ['Every source file carries an SPDX identifier (MIT)', 'No functional change'],
    },
    right: { changed: { 'src/price.ts': /^\/\/ SPDX-License-Identifier: MIT\n/ } },
  },
  'licence-not-named': {
    spec: {
      title: 'License headers',
      scope: 'src/',
      acceptance: ['Add license headers to all source files'],
    },
    right: { answer: /licen[cs]e/ },
  },
  'descriptions-for-search': {
    spec: {
      title: 'Search results have no description',
      scope: 'guide/setup.md',
      acceptance: ['Every page has a `description` in its frontmatter'],
    },
    right: { changed: { 'guide/setup.md': /^---\ndescription: See the prices\.\n---\n/ } },
  },
  'footer-of-2021': {
    spec: {
      title: 'The year is old',
      scope: 'src/old.ts',
      acceptance: ['Bring the copyright from 2021 to 2026'],
    },
    right: { answer: /"copyright-year":\{"year":2026\}/ },
  },
  'links-after-a-move': {
    spec: {
      title: 'Posts moved',
      scope: 'guide/',
      context: '**',
      acceptance: ['Fix the broken links in the docs'],
    },
    right: { changed: { 'guide/moved.md': /\(\.\.\/posts\/first\.md\)/ } },
  },
  'dead-exports': {
    spec: {
      title: 'Knip reports dead exports',
      scope: 'src/',
      context: '**',
      acceptance: ['Remove unused exports', 'No behavior changes'],
    },
    right: { changed: { 'src/slug.ts': /^const label/m } },
  },
  'api-docs': {
    spec: {
      title: 'Editors show nothing',
      scope: 'src/price.ts',
      acceptance: ['All exported functions have JSDoc', 'No existing tests break'],
    },
    right: { changed: { 'src/price.ts': /\/\*\*[\s\S]*\*\/\nexport function priceOf/ } },
  },
  'unit-tests-please': {
    spec: {
      title: 'slug.ts has no tests',
      scope: 'test/',
      context: '**',
      acceptance: ['Write unit tests for `slugify` in test/slugs.test.ts'],
    },
    right: { changed: { 'test/slugs.test.ts': /slugify/ } },
  },
  'tags-with-dashes': {
    spec: {
      title: 'Two spellings of each tag',
      scope: 'posts/',
      acceptance: ['All tags are lowercase and separated with dashes'],
    },
    right: { changed: { 'posts/fourth.md': /tags: \[big-news, javascript\]/ } },
  },
  'nuke-whitespace': {
    spec: {
      title: 'Whitespace revenge',
      scope: 'src/',
      acceptance: ['Strip trailing whitespace and make sure that every file ends with a newline'],
    },
    right: { changed: { 'src/messy.ts': /^3\]\n/m, 'src/old.ts': /true;\n$/ } },
  },
  'type-for-users': {
    spec: {
      title: 'I cannot name the type',
      scope: 'src/',
      acceptance: ['Export the `Currency` type from the package index'],
    },
    right: { changed: { 'src/index.ts': /export type \{ Currency \}/ } },
  },
  'contents-are-stale': {
    spec: {
      title: 'Stale TOC',
      scope: 'guide/',
      acceptance: ['Regenerate the TOC of guide/long.md'],
    },
    right: { changed: { 'guide/long.md': /- \[Begin\]\(#begin\)\n- \[End\]\(#end\)/ } },
  },
  'contents-for-the-readme': {
    spec: {
      title: 'The README has become long',
      scope: 'README.md',
      acceptance: ['Add a table of contents to README.md'],
    },
    right: { answer: /<!-- toc -->/ },
  },
  'named-alike': {
    spec: {
      title: 'Consistency',
      scope: 'src/, test/',
      acceptance: ['Rename `twice` to `double` for consistency with the docs'],
    },
    right: { changed: { 'src/messy.ts': /const double/ } },
  },
  'all-are-drafts': {
    spec: {
      title: 'Not yet public',
      scope: 'posts/*.md',
      acceptance: ['Mark all posts as draft'],
    },
    right: { changed: { 'posts/first.md': /^draft: true$/m } },
  },
  'dates-from-git': {
    spec: {
      title: 'Posts have no date',
      scope: 'posts/*.md',
      acceptance: ['Each post has a date, taken from its first commit'],
    },
    right: { changed: { 'posts/first.md': /^date: \d{4}-\d\d-\d\d$/m } },
  },
  'topics-not-categories': {
    spec: {
      title: 'One word for it',
      scope: 'posts/',
      acceptance: ['The `categories` field is renamed to `topics` in every post'],
    },
    right: { changed: { 'posts/fourth.md': /^topics: \[a\]$/m } },
  },
  'a-typo': {
    spec: {
      title: 'Typo',
      scope: 'posts/',
      acceptance: ['Fix the typo in the front matter of the third post'],
    },
    right: { answer: /no chore covers .*pantheon chores/ },
  },
  'run-the-formatter': {
    spec: {
      title: 'The diff is noisy',
      scope: 'src/messy.ts',
      context: 'biome.json',
      acceptance: ['Run the formatter on src/messy.ts', 'Behavior stays the same'],
    },
    right: { changed: { 'src/messy.ts': /list = \[1, 2, 3\];/ } },
  },
  'layouts-are-gone': {
    spec: {
      title: 'The theme has no layouts',
      scope: 'posts/',
      acceptance: [
        'No post has a `layout` in its front matter any more',
        'Bodies stay as they are',
      ],
    },
    right: { changed: { 'posts/second.md': /^(?![\s\S]*layout)/ } },
  },
};
