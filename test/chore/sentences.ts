// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import fc from 'fast-check';
import { checkSchema } from '../../src/agent/json-validator.ts';
import { openChores } from '../../src/chore/chores.ts';
import type { Arguments } from '../../src/spec/asked.ts';
import { cpuTime } from '../cpu-time.ts';
import { each } from '../each.ts';
import { reads, type Said } from './reads.ts';

const { read } = openChores();

test('a sentence of several clauses', (t) => {
  const kinds = (sentence: string) => read(sentence)?.map(({ chore }) => chore);
  t.deepEqual(kinds('Every *.md file has a GPL header and nothing else changes'), [
    'header',
    'unchanged',
  ]);
  t.deepEqual(kinds('`a` is exported from `src/index.ts` and has a doc comment; tests pass'), [
    'export',
    'doc-comment',
    'checks-pass',
  ]);
  t.deepEqual(kinds('Rename `a` to `b`, update all uses and keep everything tidy'), undefined);
  t.deepEqual(kinds('The status is one of draft or live and tags are removed'), ['key', 'key']);
  t.deepEqual(kinds('Rename `a` to `b` and update all uses'), ['rename', 'uses-renamed']);
  t.deepEqual(kinds('All *.md have a GPL header and the code is faster'), undefined);
});

test('what cannot be checked is not understood', (t) => {
  for (const sentence of [
    'Rewrite the architecture',
    'Make it faster',
    'The code is clean',
    'Everything works',
    'Users love the new header',
    'All files are better',
    'Every note has a picture',
    'All *.md have a friendly header',
    'Every *.md starts with a heading',
    'Rename things sensibly',
    'Rename the module',
    'Rename `a` to something better',
    'Rename `a b` to `c`',
    'Everything is exported from `src/index.ts`',
    '`x` is exported from `../outside.ts`',
    'It has a doc comment',
    'Every file has a doc comment',
    'Translate the docs to French',
    'Fix the bug in `parse`',
    'Add a test',
    'Improve the tests',
    'The function is documented',
    'All *.md in /etc/ have a GPL header',
    '`status` is nice',
    'The status is one of draft or live, and never archived',
    'The tags are a sorted list for once',
    'Keep all keys',
    'Remove every field',
    'Remove empty fields',
    'Unknown keys are removed',
    'Every note has required fields',
    'The keys are sorted',
    'Remove the old key',
    'The key order is unchanged',
    'Sort the keys alphabetically',
    'No note has tags and has a title',
    'No post has `draft` and must have a title',
    'Nothing',
    '',
    '   ',
    'and and and',
    '`',
  ]) {
    t.is(read(sentence), undefined, sentence);
  }
});

test('hostile sentences end quickly and never throw', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000, unit: 'grapheme' }), (sentence) => {
      read(sentence);
    }),
    { numRuns: 100 },
  );
  const spent = cpuTime(() => {
    for (const part of ['a and ', 'all of the ', 'rename a to ', '`x` in ', ', ', 'no uses of ']) {
      read(part.repeat(400));
      read(part.repeat(Math.floor(240 / part.length)));
    }
  });
  t.true(spent < 5000, `${spent} ms`);
});

test('each example is read as the chore that gives it', (t) => {
  const { all } = openChores();
  for (const { manifest } of all.values()) {
    for (const example of manifest.examples) {
      t.is(read(example)?.[0]?.chore, manifest.name, example);
    }
  }
});

test('the sentences of each chore that ships are matched in good time', (t) => {
  for (const { manifest, sayings, near } of openChores().all.values()) {
    const ways = [...sayings, ...near].flatMap((saying) => saying.ways);
    const steps = ways.reduce((sum, way) => sum + way.steps().length, 0);
    t.true(steps <= 5000, `${manifest.name}: ${steps}`);
  }
});

test('the arguments of each chore are a schema', (t) => {
  for (const { manifest } of openChores().all.values())
    t.notThrows(() => checkSchema(manifest.args), manifest.name);
});

const rows: Readonly<Record<string, string | undefined>> = {
  'Each exported function should be explained': 'Every exported function in src/ has a doc comment',
  'Functions carry comments': 'Every exported function in src/ has a doc comment',
  'Pages deserve better titles and tags': 'Every note has a title and tags',
  'Old names are renamed': 'All uses of the old name are updated',
  'The licence headers are right': 'All *.md have GPL header',
  'It feels nicer': undefined,
  'All files are better': undefined,
};

for (const [sentence, expected] of Object.entries(rows)) {
  test(`nearest to: ${sentence}`, (t) => {
    t.is(read(sentence), undefined);
    t.is(openChores().likely(sentence)?.example, expected);
  });
}

test('a guess needs a word that tells it from others', (t) => {
  const { likely } = openChores();
  const guess = (sentence: string) => likely(sentence)?.asked?.[0];
  t.is(guess('Every note has the tag project'), undefined, 'of no style');
  t.is(guess('All tags have one style'), undefined, 'of one of two styles');
  t.is(guess('Delete the file old.md'), undefined, 'of no chore');
  t.deepEqual(guess('Tags are lowercase and sorted'), {
    chore: 'tag-style',
    args: { style: 'lower' },
  });
});

const markdown = ['**/*.[mM][dD]', '**/*.[mM][aA][rR][kK][dD][oO][wW][nN]'];

test(
  'frontmatter',
  reads,
  { chore: 'frontmatter', files: markdown },
  'Every note has normalised frontmatter',
  'All Markdown files have valid front matter',
  'Normalise the frontmatter of all notes',
  'The frontmatter of every page is normalized',
);

test(
  'keys that must be there',
  reads,
  { chore: 'key', keys: ['title', 'tags'], files: markdown, state: 'present' },
  'Every note has a title and tags',
  'All pages have a `title` and `tags`',
  'Each note has the keys `title` and `tags` in its frontmatter',
);

test(
  'a value that a key is to have',
  reads,
  { chore: 'key', keys: ['status'], files: markdown, value: 'draft' },
  'Every note has the key `status` with the value `draft`',
  'Each note gets a status with value "draft"',
  'Every note has a status with the value draft',
  'Add a status field with the value draft to all notes',
  'Give every note a status of `draft`',
  'Every note has `status` set to "draft"',
);

test(
  'the frontmatter alone',
  reads,
  { chore: 'unchanged', part: 'body' },
  'Only the frontmatter is changed',
  'Nothing but the frontmatter of each note changes',
  'Only touch the front matter',
);

test(
  'files left out of a folder, from its own place and from the root',
  reads,
  { chore: 'format', part: 'all', files: ['src/**', '!gen/**', '!src/gen/**', '!src/old/a.ts'] },
  'Every file in src/ except gen/ and src/old/a.ts is formatted',
  'Format src/ except gen/ and src/old/a.ts',
);

const key = (name: string, rule: Arguments): Said => ({ chore: 'key', keys: [name], ...rule });

each(reads, {
  'key of a set': [
    key('status', { oneOf: ['draft', 'done'] }),
    '`status` is one of draft, done',
    'status must be one of `draft` or `done`',
  ],
  'key equal': [key('status', { value: 'draft' }), '`status` is "draft"'],
  'key sorted': [
    key('tags', { shape: 'sorted-list' }),
    'Tags are a sorted list',
    'The tags are sorted',
  ],
  'key as date': [
    key('date', { shape: 'date' }),
    'date is an ISO date',
    'The `date` is a valid ISO 8601 date',
  ],
  'key from heading': [
    key('title', { from: 'heading' }),
    'The title is the first heading',
    '`title` comes from the first heading',
  ],
  'key order': [
    { chore: 'key-order', keys: ['title', 'tags', 'mood'] },
    'The key order is title, tags, mood',
  ],
});

const unchanged = (part: 'elsewhere' | 'body' | 'behaviour' | 'format' | 'keys'): Said => ({
  chore: 'unchanged',
  part,
});

each(reads, {
  'nothing else': [
    unchanged('elsewhere'),
    'Nothing else changes',
    'nothing else is changed.',
    'No other file is touched',
    'No other files change',
    'All other files stay unchanged',
    'Everything else stays exactly as it was',
    'The rest of the file is unchanged',
  ],
  bodies: [
    unchanged('body'),
    'The body is unchanged',
    'Bodies stay unchanged byte for byte',
    'The text of every note remains untouched',
    'No body changes',
  ],
  behaviour: [
    unchanged('behaviour'),
    'Behaviour does not change',
    'No functional changes',
    'The behavior stays the same',
  ],
  formatting: [
    unchanged('format'),
    'Comments and line endings are preserved',
    'The formatting is unchanged',
  ],
  'other keys': [unchanged('keys'), 'All other keys are kept', 'No other key is added'],
  'only some files': [
    { chore: 'only-files', files: ['src/index.ts'] },
    'Only `src/index.ts` changes',
    'No file other than src/index.ts is changed',
  ],
});

const check = (name: 'tests' | 'types' | 'lint' | 'build'): Said => ({
  chore: 'checks-pass',
  check: name,
});

each(reads, {
  'tests pass': [
    check('tests'),
    'tests pass',
    'All tests pass',
    'The existing tests still pass.',
    'the test suite stays green',
    '`npm test` passes',
    'All tests must continue to pass',
  ],
  types: [
    check('types'),
    'The code compiles',
    'tsc reports no errors',
    'There are no type errors',
    'The package type-checks',
  ],
  lint: [check('lint'), 'Biome passes', 'the linter reports no problems'],
  links: [
    { chore: 'checks-pass', check: 'links' },
    'All links still resolve',
    'No link is broken',
    'There are no broken links',
    'Every relative link works',
  ],
});
