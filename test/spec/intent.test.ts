// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { readIntent, readIntents } from '../../src/spec/intent.ts';
import type { Intent } from '../../src/spec/intent-kinds.ts';

const markdown = ['**/*.md', '**/*.markdown'];
const typescript = ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.cts'];
const under = (folder: string, globs: readonly string[]) =>
  globs.map((glob) => `${folder}/${glob}`);

const reads = test.macro((t, intent: Intent, sentences: readonly string[]) => {
  for (const sentence of sentences) t.deepEqual(readIntent(sentence), intent, sentence);
});

test('a licence header by family', reads, { kind: 'header', files: ['**/*.md'], licence: 'GPL' }, [
  'All *.md have GPL header',
  'All *.md have a GPL header.',
  'Every `*.md` file has a GPL licence header',
  'Each *.md must carry the GPL license header',
  '- [ ] every *.md file starts with a GPL header',
  'Add a GPL header to all *.md files',
  'Insert the GPL licence notice at the top of every *.md',
  'A GPL header is present in all *.md files',
]);

test(
  'a licence header by version and kind of file',
  reads,
  { kind: 'header', files: under('src', typescript), licence: 'GPL-3.0-only' },
  [
    'All TypeScript files under src/ have a GPL-3.0-only header',
    'Every TypeScript file in `src` starts with an SPDX-License-Identifier: GPL-3.0-only line',
    'Add a GPLv3 header to every TypeScript module in src/',
    'each ts file below src/ has a GPL-3.0-only SPDX licence identifier',
  ],
);

test(
  'a quoted licence header',
  reads,
  {
    kind: 'header',
    files: ['**/*.ts'],
    text: '// SPDX-License-Identifier: MIT',
    licence: 'MIT',
  },
  [
    'All *.ts start with "// SPDX-License-Identifier: MIT"',
    'Each `.ts` file has the header `// SPDX-License-Identifier: MIT`',
    'Every *.ts file begins with the line `// SPDX-License-Identifier: MIT`',
    '`// SPDX-License-Identifier: MIT` is the first line of every *.ts file',
  ],
);

test('a header that names nothing', reads, { kind: 'header', files: [] }, [
  'Add header',
  'Add missing licence headers',
  'All files have a license header',
  'Every file in scope has an SPDX header',
]);

test('one export', reads, { kind: 'export', names: ['toSlug'], index: 'src/index.ts' }, [
  '`toSlug` is exported from `src/index.ts`',
  'toSlug is exported from src/index.ts',
  'The function `toSlug` must be exported from src/index.ts.',
  'Export `toSlug` from `src/index.ts`',
  're-export toSlug through ./src/index.ts',
  '`src/index.ts` exports `toSlug`',
  'src/index.ts should export the toSlug function',
  'Add the missing export of `toSlug` to `src/index.ts`',
  'Add an export for `toSlug` in src/index.ts',
  'Add `toSlug` to the exports of `src/index.ts`',
  '`toSlug` can be imported from `src/index.ts`',
]);

test(
  'several exports, and where they come from',
  reads,
  { kind: 'export', names: ['a', 'b', 'C'], from: 'src/x.ts', index: 'src/index.ts' },
  [
    '`a`, `b` and `C` are exported from `src/x.ts` in `src/index.ts`',
    'Re-export `a`, `b`, and `C` from src/x.ts in src/index.ts',
    'Export `a`, `b` and `C` in src/index.ts from src/x.ts',
    '`src/index.ts` re-exports `a`, `b`, and `C` from `src/x.ts`',
  ],
);

test('an export from the package', reads, { kind: 'export', names: ['toSlug'] }, [
  '`toSlug` is exported from the package',
  '`toSlug` is exported from the index',
  'Export `toSlug` from the package index',
  'toSlug can be imported from the package root',
  '`toSlug()` is exported',
]);

test('a rename', reads, { kind: 'rename', from: 'getCwd', to: 'currentFolder', files: [] }, [
  'Rename getCwd to currentFolder',
  'Rename `getCwd` to `currentFolder`',
  'Rename the function `getCwd()` to `currentFolder()` everywhere',
  'rename the exported constant `getCwd` into `currentFolder` with all its uses',
  '`getCwd` is renamed to `currentFolder`',
  'The function `getCwd` is now called `currentFolder`',
  'Change the name of `getCwd` to `currentFolder`',
  'Replace the name `getCwd` with `currentFolder`',
  'Change the identifier `getCwd` to `currentFolder` everywhere',
  'All uses of `getCwd` are renamed to `currentFolder`',
  'All uses of `getCwd` use `currentFolder`',
  'Every caller of `getCwd` is updated to use `currentFolder`',
]);

test('a rename in some files', reads, { kind: 'rename', from: 'a', to: 'b', files: ['src/**'] }, [
  'Rename `a` to `b` in src/',
  'Rename `a` to `b` across `src/**`',
  '`a` is renamed to `b` in all files under src/',
]);

test('the uses follow', reads, { kind: 'uses-renamed' }, [
  'All uses are renamed',
  'all its references are updated',
  'Every import is updated accordingly',
  'All call sites are updated',
  'Update all uses',
  'Update its callers too',
  'All callers use the new name',
  'Nothing refers to the old name any more',
]);

test('a name that is gone', reads, { kind: 'absent', name: 'getCwd', files: [] }, [
  '`getCwd` no longer appears',
  '`getCwd` does not occur anywhere',
  'No use of `getCwd` remains',
  'No references to `getCwd` are left',
  'There are no uses of `getCwd` left',
  'Nothing refers to `getCwd` any more',
]);

test('a doc comment', reads, { kind: 'doc-comment', names: ['parseTag'], files: [] }, [
  '`parseTag` has a doc comment',
  'parseTag has a JSDoc comment',
  'The function `parseTag` must have a documentation comment.',
  'Add a doc comment to `parseTag`',
  'Write a TSDoc comment for `parseTag()`',
  'Document `parseTag` with a doc comment',
  'function parseTag is documented in a doc comment',
]);

test(
  'a doc comment with its words and its place',
  reads,
  {
    kind: 'doc-comment',
    names: ['parseTag'],
    files: ['src/tag.ts'],
    text: 'Reads one tag, throws nothing.',
  },
  [
    '`parseTag` in `src/tag.ts` has a doc comment saying "Reads one tag, throws nothing."',
    'Add a doc comment to `parseTag` in src/tag.ts that says "Reads one tag, throws nothing."',
    'Add a doc comment to parseTag in `src/tag.ts`: "Reads one tag, throws nothing."',
  ],
);

test('doc comments all over', reads, { kind: 'doc-comment', names: [], files: ['src/tag.ts'] }, [
  'All exported symbols in src/tag.ts have doc comments',
  'Every exported declaration in `src/tag.ts` has a doc comment',
]);

test(
  'doc comments on every function',
  reads,
  { kind: 'doc-comment', names: [], which: 'function', files: ['src/tag.ts'] },
  [
    'Every exported function in `src/tag.ts` has a doc comment',
    'Add doc comments to all exported functions in src/tag.ts',
  ],
);

test(
  'a test skeleton for a name',
  reads,
  { kind: 'test-skeleton', names: ['toSlug'], test: 'test/slug.test.ts' },
  [
    'There is an AVA test for `toSlug` in `test/slug.test.ts`',
    'Add a test skeleton for `toSlug` in test/slug.test.ts',
    'Create a unit test for the function `toSlug` at test/slug.test.ts',
    '`toSlug` has a test in `test/slug.test.ts`',
    '`toSlug` is tested in `test/slug.test.ts`',
    'A test for `toSlug` exists in test/slug.test.ts',
    '`test/slug.test.ts` tests `toSlug`',
    'Add a test file `test/slug.test.ts` for `toSlug`',
  ],
);

test(
  'a test skeleton for a module',
  reads,
  { kind: 'test-skeleton', names: [], source: 'src/slug.ts' },
  [
    '`src/slug.ts` has a test skeleton',
    'Add tests for src/slug.ts',
    'Add a test file for `src/slug.ts`',
  ],
);

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

test('a sentence of several clauses', (t) => {
  const kinds = (sentence: string) => readIntents(sentence)?.map(({ kind }) => kind);
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
    'Nothing',
    '',
    '   ',
    'and and and',
    '`',
  ]) {
    t.is(readIntents(sentence), undefined, sentence);
  }
});

test('hostile sentences end quickly and never throw', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000, unit: 'grapheme' }), (sentence) => {
      readIntents(sentence);
    }),
    { numRuns: 100 },
  );
  const started = performance.now();
  for (const part of ['a and ', 'all of the ', 'rename a to ', '`x` in ', ', ', 'no uses of ']) {
    readIntents(part.repeat(400));
    readIntents(part.repeat(Math.floor(240 / part.length)));
  }
  t.true(performance.now() - started < 5000);
});

test(
  'a licence line that is not quoted',
  reads,
  { kind: 'header', files: typescript, licence: 'MIT' },
  [
    'every typescript file starts with // SPDX-License-Identifier: MIT',
    'Every TypeScript file starts with an SPDX-License-Identifier: MIT line',
    'All TypeScript files start with /* SPDX-License-Identifier: MIT */',
  ],
);

test(
  'documented means by a doc comment',
  reads,
  { kind: 'doc-comment', names: [], which: 'function', files: [] },
  ['Each exported function is documented', 'All exported functions must be documented'],
);

test(
  'documented in a folder',
  reads,
  {
    kind: 'doc-comment',
    names: [],
    which: 'function',
    files: ['src/**'],
  },
  ['Every exported function in src/ is documented'],
);

test('documented somewhere else is another matter', (t) => {
  for (const sentence of [
    'Everything is documented',
    'Each exported function is documented in README.md',
  ])
    t.is(readIntents(sentence), undefined, sentence);
});
