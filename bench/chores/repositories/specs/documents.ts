// SPDX-License-Identifier: GPL-3.0-only
import type { Cases } from '../case.ts';
import { headed, withoutBlanks } from '../checks/notes.ts';
import { mapped } from '../checks/texts.ts';

const skills = [
  ...['adapter-aws-lambda', 'adapter-express', 'adapter-fastify', 'adapter-fetch'],
  ...['adapter-standalone', 'auth', 'caching', 'error-handling', 'middlewares'],
  ...[
    'non-json-content-types',
    'server-setup',
    'server-side-calls',
    'service-oriented-architecture',
  ],
  ...['subscriptions', 'trpc-router', 'validators'],
].map((name) => `skills/${name}/SKILL.md`);

const each = (paths: readonly string[], values: object): Readonly<Record<string, object>> =>
  Object.fromEntries(paths.map((path) => [path, values]));

/** By the headings below the marks, outside of code. */
const contentsOf = (text: string): string => {
  const [, below = ''] = text.split('<!-- tocstop -->');
  const headings = below.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^(#+) (.*)$/gm);
  return [...headings]
    .map(([, marks = '', title = '']) => {
      const address = title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-');
      return `${'  '.repeat(marks.length - 1)}* [${title}](#${address})\n`;
    })
    .join('');
};

/** Frontmatter, tables of contents and blanks of documents. */
export const documents: Cases = {
  fastify: {
    'titles-from-headings-and-names': {
      spec: {
        scope: [
          ...['docs/Guides/Style-Guide.md', 'docs/Guides/Migration-Guide-V4.md'],
          ...['docs/Reference/Principles.md'],
        ],
        acceptance: ['Every page has a title, and its body is unchanged'],
      },
      done: headed({
        'docs/Guides/Style-Guide.md': { title: 'Fastify Style Guide' },
        'docs/Guides/Migration-Guide-V4.md': { title: 'V4 Migration Guide' },
        'docs/Reference/Principles.md': { title: 'Technical Principles' },
      }),
    },
    'a-value-for-some': {
      spec: {
        scope: 'docs/Guides/Migration*.md',
        acceptance: ['Set `sidebar` to `false` in every page'],
      },
      done: headed(
        each(
          ['V3', 'V4', 'V5'].map((version) => `docs/Guides/Migration-Guide-${version}.md`),
          { sidebar: false },
        ),
      ),
    },
    'contents-without-marks': {
      spec: { scope: 'README.md', acceptance: ['Update the table of contents of README.md'] },
      declined: /<!-- toc -->/,
    },
    'broken-links-without-a-file': {
      spec: { scope: 'docs/', context: '**', acceptance: ['Fix broken relative links in docs/'] },
      declined: /Contributing\.md/,
    },
  },
  trpc: {
    'a-key-for-all': {
      spec: { scope: 'skills/*/SKILL.md', acceptance: ['Add `license: MIT` to every page'] },
      done: headed(each(skills, { license: 'MIT' })),
    },
    'a-key-to-go': {
      spec: { scope: 'skills/', acceptance: ['Remove the `sources` key from all pages'] },
      done: headed(each(skills, { sources: undefined })),
    },
    'a-key-to-be-renamed': {
      spec: {
        scope: 'skills/',
        acceptance: [
          'Rename the key `requires` to `dependencies` in all pages',
          'Nothing else changes',
        ],
      },
      done: mapped(/^skills\/[^/]+\/SKILL\.md$/, (text) =>
        text.replace(/^requires:/m, 'dependencies:'),
      ),
    },
    'a-title-from-a-name': {
      spec: {
        scope: 'skills/caching/SKILL.md',
        acceptance: ['The page has a `title` taken from its first heading'],
      },
      done: headed(each(['skills/caching/SKILL.md'], { title: 'Response Caching' })),
    },
  },
  pino: {
    'blanks-of-notes': {
      spec: { scope: 'docs/', acceptance: ['Remove trailing whitespace from all *.md files'] },
      done: withoutBlanks(/^docs\/.*\.md$/),
    },
  },
  site: {
    'pages-of-another-kind': {
      spec: { scope: 'templates/shared/docs/', acceptance: ['Every page has a title'] },
      declined: /mdx/,
    },
    'one-page': {
      spec: { scope: 'templates/shared/README.md', acceptance: ['The page has a title'] },
      done: headed(each(['templates/shared/README.md'], { title: 'Website' })),
    },
  },
  oclif: {
    'contents-with-marks': {
      spec: {
        scope: 'README.md',
        acceptance: ['The table of contents of README.md is up to date'],
      },
      done: mapped(/^README\.md$/, (text) =>
        text.replace(/(?<=<!-- toc -->\n)[\s\S]*?(?=<!-- tocstop -->)/, `\n${contentsOf(text)}\n`),
      ),
    },
  },
};
