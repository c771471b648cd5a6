// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Intent } from '../../src/spec/intent-kinds.ts';
import { reads } from './reads.ts';

const markdown = ['**/*.md', '**/*.markdown'];

test('frontmatter', reads, { kind: 'frontmatter', files: markdown }, [
  'Every note has normalised frontmatter',
  'All Markdown files have valid front matter',
  'Normalise the frontmatter of all notes',
  'The frontmatter of every page is normalized',
]);

test(
  'keys that must be there',
  reads,
  { kind: 'frontmatter-keys', keys: ['title', 'tags'], files: markdown, rule: { is: 'present' } },
  [
    'Every note has a title and tags',
    'All pages have a `title` and `tags`',
    'Each note has the keys `title` and `tags` in its frontmatter',
  ],
);

const key = (name: string, rule: object): Intent =>
  ({ kind: 'frontmatter-keys', keys: [name], files: [], rule }) as Intent;

test('key of a set', reads, key('status', { is: 'one-of', values: ['draft', 'done'] }), [
  '`status` is one of draft, done',
  'status must be one of `draft` or `done`',
]);
test('key equal', reads, key('status', { is: 'equal', value: 'draft' }), ['`status` is "draft"']);
test('key sorted', reads, key('tags', { is: 'shaped', shape: 'sorted-list' }), [
  'Tags are a sorted list',
  'The tags are sorted',
]);
test('key as date', reads, key('date', { is: 'shaped', shape: 'date' }), [
  'date is an ISO date',
  'The `date` is a valid ISO 8601 date',
]);
test('key from heading', reads, key('title', { is: 'taken', from: 'heading' }), [
  'The title is the first heading',
  '`title` comes from the first heading',
]);
test('key order', reads, { kind: 'key-order', keys: ['title', 'tags', 'mood'] }, [
  'The key order is title, tags, mood',
]);

const unchanged = (part: 'elsewhere' | 'body' | 'behaviour' | 'format' | 'keys'): Intent => ({
  kind: 'unchanged',
  part,
});
test('nothing else', reads, unchanged('elsewhere'), [
  'Nothing else changes',
  'nothing else is changed.',
  'No other file is touched',
  'No other files change',
  'All other files stay unchanged',
  'Everything else stays exactly as it was',
  'The rest of the file is unchanged',
]);
test('bodies', reads, unchanged('body'), [
  'The body is unchanged',
  'Bodies stay unchanged byte for byte',
  'The text of every note remains untouched',
  'No body changes',
]);
test('behaviour', reads, unchanged('behaviour'), [
  'Behaviour does not change',
  'No functional changes',
  'The behavior stays the same',
]);
test('formatting', reads, unchanged('format'), [
  'Comments and line endings are preserved',
  'The formatting is unchanged',
]);
test('other keys', reads, unchanged('keys'), ['All other keys are kept', 'No other key is added']);
test('only some files', reads, { kind: 'only-files', files: ['src/index.ts'] }, [
  'Only `src/index.ts` changes',
  'No file other than src/index.ts is changed',
]);

const check = (name: 'tests' | 'types' | 'lint' | 'build'): Intent => ({
  kind: 'checks-pass',
  check: name,
});
test('tests pass', reads, check('tests'), [
  'tests pass',
  'All tests pass',
  'The existing tests still pass.',
  'the test suite stays green',
  '`npm test` passes',
  'All tests must continue to pass',
]);
test('types', reads, check('types'), [
  'The code compiles',
  'tsc reports no errors',
  'There are no type errors',
  'The package type-checks',
]);
test('lint', reads, check('lint'), ['Biome passes', 'the linter reports no problems']);
test('links', reads, { kind: 'links-resolve' }, [
  'All links still resolve',
  'No link is broken',
  'There are no broken links',
  'Every relative link works',
]);
