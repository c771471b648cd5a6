// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { cpuTime } from '../cpu-time.ts';
import { each } from '../each.ts';

/* Sentences of people who have not read what chores understand, and what they are told of others. */
const { read, near, likely } = openChores();

const reads = test.macro((t, asked: Readonly<Record<string, object>>) => {
  const [, sentence = ''] = /^words: (.*)$/s.exec(t.title.slice(t.title.indexOf('words: '))) ?? [];
  t.deepEqual(
    Object.fromEntries((read(sentence) ?? []).map(({ chore, args }) => [chore, args])),
    asked,
  );
});

const notes = ['**/*.[mM][dD]', '**/*.[mM][aA][rR][kK][dD][oO][wW][nN]'];
const scripts = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'].map((one) => `**/*.${one}`);

for (const [sentence, asked] of Object.entries({
  'Give every note that lacks one a title': {
    key: { files: notes, keys: ['title'], state: 'present' },
  },
  'posts must have an ISO date': { key: { files: notes, keys: ['date'], shape: 'date' } },
  'slug should be derived from filename': { key: { keys: ['slug'], from: 'file-name' } },
  'The title in the frontmatter must be the same as the first heading': {
    key: { keys: ['title'], from: 'heading' },
  },
  'Delete the `draft` field everywhere': { key: { keys: ['draft'], state: 'absent' } },
  'Every note has a title, nothing else should change': {
    key: { files: notes, keys: ['title'], state: 'present' },
    unchanged: { part: 'elsewhere' },
  },
  'Tags should be lowercase with dashes instead of spaces': { 'tag-style': { style: 'kebab' } },
  'Use kebab-case for all tags': { 'tag-style': { style: 'kebab' } },
  'Tags in lowercase': { 'tag-style': { style: 'lower' } },
  'Use "JavaScript" instead of "js" as a tag': { 'tag-style': { to: 'JavaScript', from: 'js' } },
  'Put title first in the front matter': { 'key-order': { keys: ['title'] } },
  'Frontmatter keys should be in the order title, date': {
    'key-order': { keys: ['title', 'date'] },
  },
  'All our source files need the Apache-2.0 SPDX header': {
    header: { files: scripts, licence: 'Apache-2.0' },
  },
  'MIT license header on every .ts file': { header: { licence: 'MIT', files: ['**/*.ts'] } },
  'Bump the year in all copyright notices to 2026': { 'copyright-year': { year: 2026 } },
  'README.md needs a TOC': { toc: { files: ['README.md'] } },
  'Fix all dead links in the docs folder': { links: { files: ['docs/**'] } },
  'Repair links that point to moved files': { links: {} },
  'Get rid of trailing whitespace in docs': { 'no-trailing-whitespace': { files: ['docs/**'] } },
  'All files should have newline at EOF': { 'final-newline': {} },
  'Run the formatter over src': { format: { files: ['src/**'], part: 'all' } },
  'Format the repo': { format: { part: 'all' } },
  'Add missing JSDoc comments to exported functions in src/a.ts': {
    'doc-comment': { which: 'function', files: ['src/a.ts'] },
  },
  'Every exported type needs documentation': { 'doc-comment': { which: 'type' } },
  'The function `load` is now called `loadConfig`; adapt all callers': {
    rename: { from: 'load', to: 'loadConfig' },
    'uses-renamed': {},
  },
  'We should rename class HttpClient to ApiClient': {
    rename: { from: 'HttpClient', to: 'ApiClient' },
  },
  'Unused exports should go': { 'unused-export': {} },
  'Add `debounce` to the index exports': { export: { names: ['debounce'] } },
  'There should be a test file for src/slug.ts': { 'test-skeleton': { source: 'src/slug.ts' } },
  'src/math.ts needs tests': { 'test-skeleton': { source: 'src/math.ts' } },
  'No changes outside of src/': { 'only-files': { files: ['src/**'] } },
  'npm run lint passes': { 'checks-pass': { check: 'lint' } },
})) {
  test(`words: ${sentence}`, reads, asked);
}

each(
  test.macro((t, sentence: string, chore: string, args: object) => {
    t.is(read(sentence), undefined);
    t.deepEqual(near(sentence), [{ chore, args } as never]);
  }),
  {
    'a key that is changed to a word may be a value': [
      'Change the key `status` to `state`',
      'rename-key',
      { from: 'status', to: 'state' },
    ],
    'an export that is called dead': [
      'The export `old` is never used, drop it',
      'unused-export',
      { names: ['old'] },
    ],
    'an arrow alone': ['`isEmpty` → `isBare`', 'rename', { from: 'isEmpty', to: 'isBare' }],
    'an empty line at the end': ['Add an empty line at the end of files', 'final-newline', {}],
  },
);

each(
  test.macro((t, sentence: string, asked: object) => {
    t.is(read(sentence), undefined);
    const [one, ...others] = likely(sentence)?.asked ?? [];
    t.deepEqual([one && { [one.chore]: one.args }, others], [asked, []]);
  }),
  {
    'an aside at the end': [
      'Rename the function parseStrict to strictParse everywhere, docs included',
      { rename: { from: 'parseStrict', to: 'strictParse' } },
    ],
    'an aside in brackets': [
      'No line in `docs/**/*.md` ends with spaces (in poems they do)',
      { 'no-trailing-whitespace': { files: ['docs/**/*.md'] } },
    ],
    'names among other words': [
      'calcTotal is a misleading name, it ought to be `sumLines` (declared in lib/invoice.ts)',
      { rename: { from: 'calcTotal', to: 'sumLines', files: ['lib/invoice.ts'] } },
    ],
    'a file among other words': [
      'The TOC in docs/handbook.md is out of date; somebody should regenerate it',
      { toc: { files: ['docs/handbook.md'] } },
    ],
    'a licence among other words': [
      'For the audit an MPL-2.0 SPDX identifier has to be visible in packages/parser/',
      { header: { licence: 'MPL-2.0', files: ['packages/parser/**'] } },
    ],
    'a year, the last of two': [
      'Our copyright still says 2021 and ought to say 2026 throughout packages/core/',
      { 'copyright-year': { year: 2026, files: ['packages/core/**'] } },
    ],
    'a part of a chore': [
      'Imports are a mess in test/helpers/, get them alphabetised',
      { format: { files: ['test/helpers/**'], part: 'imports' } },
    ],
    'nothing made of words like "the"': [
      'Dead links are a shame in the new handbook',
      { links: {} },
    ],
  },
);

each(
  test.macro((t, sentence: string) => {
    t.is(likely(sentence)?.asked, undefined);
  }),
  {
    'names that are missing': ['Rename what is named badly'],
    'what is denied': ['Do not rename `a` to `b`, whatever they say'],
    'a wish': ['It should all feel nicer'],
  },
);

test('a long text is compared in good time', (t) => {
  const took = cpuTime(() => likely('`a` in docs/ has a title, and no link is dead. '.repeat(400)));
  t.true(took < 3000, `${took} ms`);
});
