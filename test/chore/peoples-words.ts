// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { canonicalJson } from '../../src/data/digest.ts';

/* Sentences as people write them in issues, and the chores they ask for. */
const { read, near } = openChores();

const asks: Readonly<Record<string, readonly string[]>> = {
  'key {from: last-commit}': [
    "Every post's `lastmod` is the date of its last commit",
    'Each post has an `updated` date taken from its last commit',
    'lastmod matches the latest commit date in every post',
  ],
  'key {from: first-paragraph}': [
    'Every page has a description taken from its first paragraph',
    'Add a description from the first paragraph to every page',
    "Every page's description is its opening paragraph",
  ],
  'key {maxLength: 150}': [
    'Each page has a description, the first paragraph cut to 150 characters',
    'Every note has a description of 50 to 150 characters',
  ],
  'format {part: imports}': [
    'Sort the imports',
    'Imports are sorted',
    'The imports are in order',
    'Organize imports in src/',
    'Every file has sorted imports',
  ],
  'key {state: present}': [
    'Every blog post should have a title',
    'Each article has a title, tags and a description',
    'Every page in docs/ must have a title in its frontmatter',
    'Every markdown file in content/posts has a date field',
    'Every note has frontmatter with a title',
    'All notes except those in Templates/ have a title and tags',
    'Give every page a title',
    'Add a title to every post',
  ],
  'key {from: heading}': [
    'The title is the H1',
    'Titles match the first heading',
    'The title of each page matches its H1',
    'The title should be the same as the H1',
  ],
  'key {from: file-name}': ['Title comes from the file name', 'Slugs match the file name'],
  'key {files: posts/**}': ['The tags in posts are sorted', 'Tags in posts are a sorted list'],
  'only-files {files: **,!docs/**}': [
    'Everything in docs/ is unchanged',
    'Nothing in docs/ changes',
  ],
  'export {names: toSlug}': ['Export `toSlug`'],
  'key {shape: sorted-list}': ['tags are sorted alphabetically', 'Sort the tags in every note'],
  'key {shape: date}': [
    'The date is in ISO format',
    'All dates are YYYY-MM-DD',
    'Dates are ISO 8601',
  ],
  'key {state: absent}': [
    'Drop `draft` from the frontmatter',
    'Remove `draft` from the frontmatter of all posts',
    'Remove the `layout` key from all posts',
    'No note has the key `layout`',
    'no page has a layout field',
    'The key `layout` is removed',
    'No post has a `layout` in its front matter any more',
  ],
  'key {value: true}': ['Mark all posts as drafts'],
  'key {value: MIT}': ['Add `license: MIT` to every page'],
  'tag-style {style: kebab}': ['All tags are lowercase and separated with dashes'],
  toc: ['Add a table of contents to README.md'],
  'unused-export': ['`x` is not exported from `src/a.ts` any more'],
  'rename {to: double}': [
    'Rename `twice` to `double` for consistency with the docs',
    'Please make sure that `twice` is renamed to `double`',
  ],
  'key {state: kept}': ['Keep existing tags', 'The tags of every note are kept'],
  'key {value: false}': [
    'Every post has draft: false',
    'Set draft to false in all posts',
    'Set `draft: false` in every post',
    'draft is false everywhere',
  ],
  'key {value: "Ada"}': [
    'Add `author: Ada` to every post',
    'Every post has the author "Ada"',
    'The author of every post is "Ada"',
  ],
  frontmatter: [
    'Clean the frontmatter of all notes',
    'Clean up the frontmatter of all notes',
    'Tidy the front matter of every post',
  ],
  'key-order': [
    'Frontmatter keys are in the order title, date, tags',
    'Keys are ordered: title, date, tags',
    'Order the keys: title, date, tags',
  ],
  'header {licence: "MIT"}': [
    'All source files carry an SPDX header for MIT',
    'Every .ts file starts with an SPDX license header (MIT)',
    'Add `// SPDX-License-Identifier: MIT` to the top of every file in src/',
    'Every file in src has the MIT licence header',
  ],
  rename: [
    'Rename getUser to fetchUser everywhere',
    'rename getUser to fetchUser in the whole codebase',
    '`getUser` is called `fetchUser` in the whole project',
    'Rename `getUser` -> `fetchUser`',
    '`getUser` should be called `fetchUser`',
  ],
  absent: [
    'Nothing is called `getUser` any more',
    'getUser is gone',
    'No mentions of getUser remain',
  ],
  export: [
    'Make `slugify` available from src/index.ts',
    '`slugify` is part of the public API',
    'Expose `slugify` from the package',
  ],
  'doc-comment': [
    'Add JSDoc to all exported functions',
    'Every exported function has JSDoc',
    'Document every exported function',
  ],
  'test-skeleton': ['There are tests for `slugify`', 'Write a test for src/slug.ts'],
  'checks-pass {check: tests}': [
    'npm test passes',
    'Existing tests keep passing',
    'No existing tests break',
  ],
  'checks-pass {check: lint}': ['No lint errors', 'ESLint reports no errors'],
  'unchanged {part: elsewhere}': [
    "Don't change anything else",
    'Change nothing else',
    'The rest of the page is unchanged',
    'Do not touch any other files',
    'Leave everything else as it is',
  ],
  'unchanged {part: body}': [
    "Don't touch the body",
    'Leave the body of each note alone',
    'The content of the posts is not changed',
  ],
  'unchanged {part: behaviour}': ["Don't change the behaviour", 'No behaviour change'],
  'no-trailing-whitespace': ['No trailing whitespace', 'Trim trailing spaces in docs/'],
  'final-newline': [
    'Add a newline at the end of every file',
    'Files end with a newline',
    'Make sure that every file ends with a newline',
    'There is a newline at the end of every file',
  ],
  'copyright-year': ['Update copyright to 2026', 'Copyright headers say 2026'],
  'tag-style {style: lower}': ['Make every tag lower-case', 'Each tag is lowercase'],
  'tag-style {to: javascript}': ['Replace the tag `js` with `javascript`'],
  'copyright-year {year: 2026}': [
    'The copyright year is 2026 in all files',
    'Update the copyright year in LICENSE to 2026',
    'Set the copyright year in src/ to 2026',
    'The copyright year of all files is 2026',
  ],
  'doc-comment {text: "Splits a slug."}': ['parseStrict has the doc comment "Splits a slug."'],
  'toc {files: docs/long.md}': ['Generate a table of contents in docs/long.md'],
  'checks-pass {check: build}': ['The build still works'],
  format: ['Format all code', 'Run the formatter on all files'],
  'key-order {keys: title}': ['Title comes first', '`title` is the first key'],
  'key-order {keys: title,tags}': ['Order of keys: title, tags'],
  'rename-key {to: tags}': [
    'Replace the frontmatter key `categories` with `tags`',
    'The frontmatter key categories becomes tags',
  ],
  'only-files {files: **,!README.md}': [
    'README.md is unchanged',
    'Do not touch README.md',
    '`README.md` stays as it is',
  ],
  'test-skeleton {names: slugify}': ['`slugify` is tested', 'The function slugify is tested'],
  'doc-comment {which: undefined}': [
    'Add JSDoc comments to all exports',
    'Every export has a doc comment',
  ],
  'rename-key {from: categories}': [
    'Rename categories to tags in the frontmatter',
    'Rename `categories` to `tags` in the front matter of all posts',
  ],
  'checks-pass {check: types}': ['It compiles', 'Everything still compiles'],
  'toc {files: **/README.md}': ['Every README has a table of contents'],
  'toc {files: README.md}': ['The README has a table of contents'],
  'links {files: README.md,docs/**}': ['No relative link is broken in README.md or docs'],
  'links {files: docs/**}': ['docs/ has no dead links', 'No internal links in docs are broken'],
  'final-newline {files: src/**,test/**}': ['Every file in src and test ends with a newline'],
  'unused-export {files: src/**}': ['Nothing is exported in src that nobody imports'],
  'no-trailing-whitespace {files: docs/**}': ['No trailing whitespace in docs'],
  'key {oneOf: draft,live}': ['Every note has a status, one of draft or live'],
};

for (const [expected, sentences] of Object.entries(asks)) {
  test(`people ask for ${expected}`, (t) => {
    const [, chore = '', key, value] = /^([\w-]+)(?: \{(\w+): (.+)\})?$/.exec(expected) ?? [];
    for (const sentence of sentences) {
      const [asked, ...others] = read(sentence) ?? [];
      t.is(asked?.chore, chore, sentence);
      t.deepEqual(others, [], sentence);
      if (key !== undefined)
        t.is(String(asked?.args[key]), (value ?? '').replaceAll('"', ''), sentence);
    }
  });
}

const nearMisses: Readonly<Record<string, readonly string[]>> = {
  'key {"keys":["foo"],"state":"absent"}': ['Remove `foo`', 'Drop the `foo`'],
  'key {"files":["src/**"],"keys":["type"],"state":"absent"}': ['Remove type in src/'],
  'key {"keys":["tags"],"state":"absent"}': ['Remove tags'],
  'key {"keys":["retries"],"value":5}': ['`retries` is `5`', 'Set `retries` to `5`'],
  'key {"keys":["foo"],"state":"kept"}': ['Keep `foo`'],
  'key {"files":["posts/**"],"keys":["status"],"value":"done"}': ['Set status to done in posts'],
  'links {}': ['Fix the links', 'Fix all links'],
  'export {"index":"src/index.ts","names":["toSlug"]}': ['Add `toSlug` to src/index.ts'],
};

for (const [expected, sentences] of Object.entries(nearMisses)) {
  test(`near to ${expected}`, (t) => {
    for (const sentence of sentences) {
      t.is(read(sentence), undefined, sentence);
      const [asked, ...others] = near(sentence) ?? [];
      t.is(asked && `${asked.chore} ${canonicalJson(asked.args)}`, expected, sentence);
      t.deepEqual(others, [], sentence);
    }
  });
}

test('what is no chore stays none', (t) => {
  for (const sentence of [
    'No file in use is changed by hand',
    'Set the tone',
    'Keep it simple',
    'Remove the old code',
    'Safety comes first',
    'Remove the cruft from the project',
    'Clean the code',
    'Replace the key ring with a rope',
    'The tests that matter come first',
    'Sort the functions',
    'Give every page a face-lift',
    'Document the architecture',
    'Expose the bug',
    'The header is nicer',
    'Add a header for the table',
    'Every function is available',
    'Leave a comment',
    "Don't panic",
  ]) {
    t.is(read(sentence), undefined, sentence);
  }
});
