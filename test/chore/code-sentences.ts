// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { each } from '../each.ts';
import { reads } from './reads.ts';

const { read } = openChores();

const typescript = ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.cts'];
const under = (folder: string, globs: readonly string[]) =>
  globs.map((glob) => `${folder}/${glob}`);

each(reads, {
  'a licence header by family': [
    { chore: 'header', files: ['**/*.md'], licence: 'GPL' },
    'All *.md have GPL header',
    'All *.md have a GPL header.',
    'Every `*.md` file has a GPL licence header',
    'Each *.md must carry the GPL license header',
    '- [ ] every *.md file starts with a GPL header',
    'Add a GPL header to all *.md files',
    'Insert the GPL licence notice at the top of every *.md',
    'A GPL header is present in all *.md files',
  ],
  'a licence header by version and kind of file': [
    { chore: 'header', files: under('src', typescript), licence: 'GPL-3.0-only' },
    'All TypeScript files under src/ have a GPL-3.0-only header',
    'Every TypeScript file in `src` starts with an SPDX-License-Identifier: GPL-3.0-only line',
    'Add a GPLv3 header to every TypeScript module in src/',
    'each ts file below src/ has a GPL-3.0-only SPDX licence identifier',
  ],
  'a quoted licence header': [
    {
      chore: 'header',
      files: ['**/*.ts'],
      text: '// SPDX-License-Identifier: MIT',
      licence: 'MIT',
    },
    'All *.ts start with "// SPDX-License-Identifier: MIT"',
    'Each `.ts` file has the header `// SPDX-License-Identifier: MIT`',
    'Every *.ts file begins with the line `// SPDX-License-Identifier: MIT`',
    '`// SPDX-License-Identifier: MIT` is the first line of every *.ts file',
  ],
  'a licence line that is not quoted': [
    { chore: 'header', files: typescript, licence: 'MIT' },
    'every typescript file starts with // SPDX-License-Identifier: MIT',
    'Every TypeScript file starts with an SPDX-License-Identifier: MIT line',
    'All TypeScript files start with /* SPDX-License-Identifier: MIT */',
  ],
  'any licence of the SPDX list': [
    { chore: 'header', files: ['**/*.ts'], licence: 'EUPL-1.2' },
    'All *.ts have EUPL-1.2 header',
    'All *.ts have an eupl-1.2 licence header',
    'Add an EUPL-1.2 header to all *.ts files',
  ],
  'an expression': [
    { chore: 'header', files: ['**/*.ts'], licence: 'GPL-3.0-only OR MIT' },
    'All *.ts have a GPL-3.0-only OR MIT header',
    'All *.ts start with // SPDX-License-Identifier: GPL-3.0-only OR MIT',
  ],
  'a quoted expression': [
    {
      chore: 'header',
      files: ['**/*.ts'],
      text: '// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0',
      licence: 'GPL-2.0-only WITH Classpath-exception-2.0',
    },
    'All *.ts start with `// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0`',
  ],
  'a licence that is not in the list, to be told so': [
    { chore: 'header', files: ['**/*.ts'], licence: 'EUPL-1.3' },
    'All *.ts have EUPL-1.3 header',
    'All *.ts start with // SPDX-License-Identifier: EUPL-1.3',
  ],
  'a header that names nothing': [
    { chore: 'header' },
    'Add header',
    'Add missing licence headers',
    'All files have a license header',
    'Every file in scope has an SPDX header',
  ],
  'one export': [
    { chore: 'export', names: ['toSlug'], index: 'src/index.ts' },
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
  ],
  'several exports, and where they come from': [
    { chore: 'export', names: ['a', 'b', 'C'], from: 'src/x.ts', index: 'src/index.ts' },
    '`a`, `b` and `C` are exported from `src/x.ts` in `src/index.ts`',
    'Re-export `a`, `b`, and `C` from src/x.ts in src/index.ts',
    'Export `a`, `b` and `C` in src/index.ts from src/x.ts',
    '`src/index.ts` re-exports `a`, `b`, and `C` from `src/x.ts`',
  ],
  'an export from the package': [
    { chore: 'export', names: ['toSlug'] },
    '`toSlug` is exported from the package',
    '`toSlug` is exported from the index',
    'Export `toSlug` from the package index',
    'toSlug can be imported from the package root',
    '`toSlug()` is exported',
  ],
  'a rename': [
    { chore: 'rename', from: 'getCwd', to: 'currentFolder' },
    'Rename getCwd to currentFolder',
    'Rename `getCwd` to `currentFolder`',
    'Rename the function `getCwd()` to `currentFolder()` everywhere',
    'rename the exported constant `getCwd` into `currentFolder` with all its uses',
    '`getCwd` is renamed to `currentFolder`',
    'The function `getCwd` is now called `currentFolder`',
    '`getCwd` is named "currentFolder"',
    'Change the name of `getCwd` to `currentFolder`',
    'Replace the name `getCwd` with `currentFolder`',
    'Change the identifier `getCwd` to `currentFolder` everywhere',
    'All uses of `getCwd` are renamed to `currentFolder`',
  ],
  'the uses of a name that another sentence renames': [
    { chore: 'uses-renamed', from: 'getCwd', to: 'currentFolder' },
    'All uses of `getCwd` use `currentFolder`',
    'Every caller of `getCwd` is updated to use `currentFolder`',
  ],
  'no rename: a call, or another thing in its place': [
    undefined,
    '`onDone` is called once',
    '`close` is called automatically',
    'All uses of `deepClone` are replaced by `structuredClone`',
    'Replace the function `request` with `fetch`',
    'Change the function `request` to `fetch`',
  ],
  'a rename in some files': [
    { chore: 'rename', from: 'a', to: 'b', files: ['src/**'] },
    'Rename `a` to `b` in src/',
    'Rename `a` to `b` across `src/**`',
    '`a` is renamed to `b` in all files under src/',
  ],
  'the uses follow': [
    { chore: 'uses-renamed' },
    'All uses are renamed',
    'all its references are updated',
    'Every import is updated accordingly',
    'All call sites are updated',
    'Update all uses',
    'Update its callers too',
    'All callers use the new name',
    'Nothing refers to the old name any more',
  ],
  'a name that is gone': [
    { chore: 'absent', name: 'getCwd' },
    '`getCwd` no longer appears',
    '`getCwd` does not occur anywhere',
    'No use of `getCwd` remains',
    'No references to `getCwd` are left',
    'There are no uses of `getCwd` left',
    'Nothing refers to `getCwd` any more',
  ],
  'a doc comment': [
    { chore: 'doc-comment', names: ['parseTag'] },
    '`parseTag` has a doc comment',
    'parseTag has a JSDoc comment',
    'The function `parseTag` must have a documentation comment.',
    'Add a doc comment to `parseTag`',
    'Write a TSDoc comment for `parseTag()`',
    'There is a TSDoc comment on `parseTag`',
    'Document `parseTag` with a doc comment',
    'function parseTag is documented in a doc comment',
  ],
  'a doc comment with its words and its place': [
    {
      chore: 'doc-comment',
      names: ['parseTag'],
      files: ['src/tag.ts'],
      text: 'Reads one tag, throws nothing.',
    },
    '`parseTag` in `src/tag.ts` has a doc comment saying "Reads one tag, throws nothing."',
    'Add a doc comment to `parseTag` in src/tag.ts that says "Reads one tag, throws nothing."',
    'Add a doc comment to parseTag in `src/tag.ts`: "Reads one tag, throws nothing."',
  ],
  'doc comments all over': [
    { chore: 'doc-comment', files: ['src/tag.ts'] },
    'All exported symbols in src/tag.ts have doc comments',
    'Every exported declaration in `src/tag.ts` has a doc comment',
  ],
  'doc comments on every function': [
    { chore: 'doc-comment', which: 'function', files: ['src/tag.ts'] },
    'Every exported function in `src/tag.ts` has a doc comment',
    'Add doc comments to all exported functions in src/tag.ts',
  ],
  'documented means by a doc comment': [
    { chore: 'doc-comment', which: 'function' },
    'Each exported function is documented',
    'All exported functions must be documented',
  ],
  'documented in a folder': [
    { chore: 'doc-comment', which: 'function', files: ['src/**'] },
    'Every exported function in src/ is documented',
  ],
});

test('documented somewhere else is another matter', (t) => {
  for (const sentence of [
    'Everything is documented',
    'Each exported function is documented in README.md',
  ])
    t.is(read(sentence), undefined, sentence);
});

test(
  'a test skeleton for a name',
  reads,
  { chore: 'test-skeleton', names: ['toSlug'], test: 'test/slug.test.ts' },
  'There is an AVA test for `toSlug` in `test/slug.test.ts`',
  'Add a test skeleton for `toSlug` in test/slug.test.ts',
  'Create a unit test for the function `toSlug` at test/slug.test.ts',
  '`toSlug` has a test in `test/slug.test.ts`',
  '`toSlug` is tested in `test/slug.test.ts`',
  'A test for `toSlug` exists in test/slug.test.ts',
  '`test/slug.test.ts` tests `toSlug`',
  'Add a test file `test/slug.test.ts` for `toSlug`',
);

test(
  'a test skeleton for a module',
  reads,
  { chore: 'test-skeleton', source: 'src/slug.ts' },
  '`src/slug.ts` has a test skeleton',
  'Add tests for src/slug.ts',
  'Add a test file for `src/slug.ts`',
);
