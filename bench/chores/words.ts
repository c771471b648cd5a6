// SPDX-License-Identifier: GPL-3.0-only

/*
 * Specs in the words of people who ask for such things in public trackers, on one small repository.
 * `right` is what a person would expect: a text that the changed files then have, or an answer that leads
 * to it within one edit.
 */

export type WordedSpec = {
  readonly spec: object;
  readonly right:
    | { readonly changed: Readonly<Record<string, RegExp>> }
    | { readonly answer: RegExp };
};

export const files: Readonly<Record<string, string>> = {
  'package.json':
    '{ "name": "shop", "type": "module", "scripts": { "test": "ava" }, "devDependencies": { "ava": "*" }, "ava": { "extensions": ["ts"], "files": ["test/**/*.test.ts"] } }\n',
  'biome.json': '{ "formatter": { "indentStyle": "space" } }\n',
  'src/index.ts': "export { priceOf } from './price.ts';\n",
  'src/price.ts':
    'const tax = 0.2;\n\nexport function priceOf(net: number): number {\n  return net * (1 + tax);\n}\n',
  'src/slug.ts':
    "import { priceOf } from './price.ts';\n\nexport const slugify = (text: string): string => text.toLowerCase();\n\nexport const label = (net: number): string => `${priceOf(net)} EUR`;\n",
  'src/messy.ts':
    'export const list=[1,2,\n3]  \n\nexport const twice = (n: number) => { return n*2 }\t\n',
  'src/old.ts': '// Copyright (c) 2021 Shop Inc.\nexport const old = true;',
  'test/price.test.ts':
    "import test from 'ava';\nimport { priceOf } from '../src/price.ts';\n\ntest('a price has tax', (t) => {\n  t.is(priceOf(100), 120);\n});\n",
  'posts/first.md': '# Hello world\n\nText. #news\n',
  'posts/second.md': '---\nTitle: Second\ntags: [b, a]\nlayout: post\n---\n# Number two\n\nText.\n',
  'posts/third-post.md': '---\ntags: [x]\ndraft: true\n---\nNo heading here.\n',
  'posts/Templates/daily.md': '# {{title}}\n',
  'guide/setup.md': '# Set up\n\nSee [the prices](../posts/first.md).\n',
};

export const specs: Readonly<Record<string, WordedSpec>> = {
  'titles-for-posts': {
    spec: {
      title: 'Some posts have no title',
      scope: 'posts',
      acceptance: [
        'Every post except those in posts/Templates/ has a title, and its body is unchanged',
      ],
    },
    right: {
      changed: {
        'posts/first.md': /^---\ntitle: Hello world\n---\n/,
        'posts/third-post.md': /title: Third post\n/,
      },
    },
  },
  'titles-are-headings': {
    spec: {
      title: 'Titles drift from the headings',
      scope: 'posts/second.md',
      acceptance: ['The title of each page matches its H1'],
    },
    right: { changed: { 'posts/second.md': /^---\nTitle: Number two\n/ } },
  },
  'sort-tags': {
    spec: {
      title: 'Sort tags',
      scope: 'posts/',
      exclude: 'posts/Templates/',
      acceptance: ['Tags are sorted alphabetically'],
    },
    right: { changed: { 'posts/second.md': /tags: \[a, b\]/ } },
  },
  'not-a-draft': {
    spec: {
      title: 'Publish',
      scope: './posts/third-post.md',
      acceptance: ['Set draft to false in every post', 'nothing else changes'],
    },
    right: { changed: { 'posts/third-post.md': /^draft: false$/m } },
  },
  'drop-layout': {
    spec: {
      title: 'We no longer use layouts',
      scope: 'posts/**',
      exclude: 'posts/Templates/**',
      acceptance: ['Remove the `layout` key from all posts'],
    },
    right: { changed: { 'posts/second.md': /^(?![\s\S]*layout)/ } },
  },
  'author-everywhere': {
    spec: {
      title: 'Add the author',
      scope: '`guide/`',
      acceptance: ['Add `author: Ada Shop` to every page'],
    },
    right: { changed: { 'guide/setup.md': /^---\nauthor: Ada Shop\n---\n/ } },
  },
  'rename-a-function': {
    spec: {
      title: 'priceOf is too short a name',
      scope: 'src/, test/',
      acceptance: [
        'Rename priceOf to grossPrice everywhere',
        'All call sites are updated',
        'Tests pass',
      ],
    },
    right: {
      changed: {
        'src/price.ts': /function grossPrice/,
        'src/index.ts': /grossPrice/,
        'test/price.test.ts': /grossPrice\(100\)/,
        'src/slug.ts': /grossPrice\(net\)/,
      },
    },
  },
  'should-be-called': {
    spec: { title: 'Name', scope: 'src/', acceptance: ['`label` should be called `priceLabel`'] },
    right: { changed: { 'src/slug.ts': /const priceLabel/ } },
  },
  'public-slugify': {
    spec: {
      title: 'slugify for users',
      scope: 'src/index.ts',
      context: 'src/',
      acceptance: ['Make `slugify` available from src/index.ts', 'Do not touch any other files'],
    },
    right: { changed: { 'src/index.ts': /slugify/ } },
  },
  'document-functions': {
    spec: {
      title: 'Docs',
      scope: 'src/price.ts',
      acceptance: ['Add JSDoc to all exported functions'],
    },
    right: { changed: { 'src/price.ts': /\/\*\*[\s\S]*\*\/\nexport function priceOf/ } },
  },
  'one-doc-comment': {
    spec: {
      title: 'Docs',
      scope: 'src/slug.ts',
      acceptance: ['`slugify` has a doc comment saying "Makes a text fit for a URL."'],
    },
    right: { changed: { 'src/slug.ts': /Makes a text fit for a URL\./ } },
  },
  'a-test-please': {
    spec: {
      title: 'slugify is untested',
      scope: ['test/slug.test.ts'],
      context: ['src/', 'package.json'],
      acceptance: ['There are tests for `slugify` in test/slug.test.ts', 'All tests pass'],
    },
    right: { changed: { 'test/slug.test.ts': /slugify/ } },
  },
  'spdx-lines': {
    spec: {
      title: 'Licence',
      scope: 'src/price.ts, src/slug.ts',
      acceptance: ['Every .ts file starts with an SPDX license header (MIT)'],
    },
    right: {
      changed: {
        'src/price.ts': /^\/\/ SPDX-License-Identifier: MIT\n/,
        'src/slug.ts': /^\/\/ SPDX-License-Identifier: MIT\n/,
      },
    },
  },
  'trailing-blanks': {
    spec: {
      title: 'Whitespace',
      scope: 'src/',
      acceptance: ['No trailing whitespace', 'Files end with a newline'],
    },
    right: { changed: { 'src/messy.ts': /^3\]\n/m, 'src/old.ts': /true;\n$/ } },
  },
  'new-year': {
    spec: { title: 'A new year', scope: 'src/', acceptance: ['Update copyright to 2026'] },
    right: { changed: { 'src/old.ts': /2021-2026 Shop Inc\./ } },
  },
  'format-it': {
    spec: {
      title: 'Format',
      scope: 'src/messy.ts',
      context: 'biome.json',
      acceptance: ['Format the code with biome'],
    },
    right: { changed: { 'src/messy.ts': /list = \[1, 2, 3\];/ } },
  },
  'faster-please': {
    spec: { title: 'Performance', scope: 'src/', acceptance: ['The shop is faster'] },
    right: { answer: /no chore covers .*pantheon chores/ },
  },
  'two-flows': {
    spec: {
      title: 'Both',
      scope: ['posts/first.md', 'src/price.ts'],
      acceptance: ['Every post has a title', '`priceOf` has a doc comment'],
    },
    right: { answer: /flow: docops|a spec of their own/ },
  },
  'lint-clean': {
    spec: {
      title: 'Types',
      scope: 'src/',
      acceptance: ['`tax` is renamed to `taxRate`', 'Types check'],
    },
    right: { answer: /checks/ },
  },
  'wrong-folder': {
    spec: { title: 'Titles', scope: 'post/', acceptance: ['Every note has a title'] },
    right: { answer: /posts/ },
  },
};
