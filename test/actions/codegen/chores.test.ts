// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../../bench/codegen/drive.ts';
import { declines, does } from './macros.ts';

const tag = 'export const tag = (x: string) => x;\nexport type Tag = string;\n';
const exportTag = ['`tag` is exported from `src/index.ts`', 'Nothing else changes'];

test(
  'doc comment: with the words that are asked for',
  does,
  {
    'a.ts':
      '\uFEFFimport x from "x";\r\n\r\n// eslint-disable-next-line\r\nexport function f(a: string) {}\r\n',
  },
  ['`f()` has a doc comment saying "Does it."'],
  {
    'a.ts':
      '\uFEFFimport x from "x";\r\n\r\n/** Does it. */\r\n// eslint-disable-next-line\r\nexport function f(a: string) {}\r\n',
  },
);
test(
  'doc comment: what the syntax says',
  does,
  { 'a.ts': 'export const readTagList = async (text: string, max = 3) => [];\n' },
  ['`readTagList` in `a.ts` has a doc comment'],
  {
    'a.ts':
      '/**\n * Read tag list.\n *\n * @param text `string`\n * @param max optional\n */\nexport const readTagList = async (text: string, max = 3) => [];\n',
  },
);
test(
  'doc comment: on every function that has none',
  does,
  {
    'a.ts':
      '/** A. */\nexport function a() {}\nexport function b(): void;\nexport function b(x?: 1) {}\nexport const c = 1;\nfunction d() {}\n',
  },
  ['Every exported function in `a.ts` has a doc comment'],
  {
    'a.ts':
      '/** A. */\nexport function a() {}\n/** B. */\nexport function b(): void;\nexport function b(x?: 1) {}\nexport const c = 1;\nfunction d() {}\n',
  },
);
test(
  'doc comment: another one is there',
  declines,
  { 'a.ts': '/** Else. */\nexport const a = 1;\n' },
  ['`a` in a.ts has a doc comment saying "This."'],
  /a different doc comment/,
);
test(
  'doc comment: words that would end it',
  declines,
  { 'a.ts': 'export const a = 1;\n' },
  ['`a` has a doc comment saying "x */ y"'],
  /cannot contain/,
);

test(
  'test: a file beside the others',
  does,
  {
    'src/a/tag.ts': `// SPDX-License-Identifier: MIT\n${tag}export class Box {}\nexport const n = 1;\n`,
    'test/x.test.ts': "import test from 'ava';\nimport x from '../src/x.ts';\n",
  },
  ['`src/a/tag.ts` has a test'],
  {
    'test/a/tag.test.ts':
      "// SPDX-License-Identifier: MIT\nimport test from 'ava';\nimport { Box, n, tag } from '../../src/a/tag.ts';\n\ntest('tag is a function', (t) => {\n  t.is(typeof tag, 'function');\n});\n\ntest('Box is a function', (t) => {\n  t.is(typeof Box, 'function');\n});\n\ntest('n is defined', (t) => {\n  t.not(n, undefined);\n});\n",
  },
);
test(
  'test: into the file there is',
  does,
  {
    'src/tag.ts': tag,
    'test/tag.test.ts':
      "import test from 'ava';\nimport x from '../src/x.js';\n\ntest('x', (t) => t.pass());\n",
  },
  ['There is an AVA test for `tag` in `test/tag.test.ts`'],
  {
    'test/tag.test.ts':
      "import test from 'ava';\nimport x from '../src/x.js';\nimport { tag } from '../src/tag.js';\n\ntest('x', (t) => t.pass());\n\ntest('tag is a function', (t) => {\n  t.is(typeof tag, 'function');\n});\n",
  },
);
test(
  'test: of a type',
  declines,
  { 'src/tag.ts': tag },
  ['`Tag` has a test'],
  /a type has no test/,
);
test(
  'test: for another runner',
  declines,
  { 'package.json': '{"devDependencies":{"vitest":"1"}}', 'src/tag.ts': tag },
  ['Add a test for `tag()`'],
  /vitest/,
);
test(
  'test: no place for it',
  declines,
  { 'src/tag.ts': tag },
  ['There is a test for `tag()` in test/tag.test.ts'],
  /outside the scope/,
  'src/',
);

const spdx = 'SPDX-License-Identifier: GPL-3.0-only';
test(
  'header: Markdown, by the spec in the README',
  does,
  {
    'docs/a.md': '# A\n',
    'docs/b/c.md': `<!-- ${spdx} -->\n\n# C\n`,
    'docs/d.ts': '\n',
    'e.md': '# E\n',
  },
  ['All *.md have GPL header'],
  { 'docs/a.md': `<!-- ${spdx} -->\n\n# A\n` },
  'docs/',
);
test(
  'header: Markdown that only speaks of licences',
  does,
  {
    'a.md': '# A\n\nUnder the GNU General Public License, version 3.\n',
    'b.md': '---\nx: 1\n---\nWrite `SPDX-License-Identifier: MIT` on top.\n',
    'c.md': '---\nx: 1\n---\n\n<!-- The GNU General Public License -->\n',
  },
  ['All *.md have GPL header'],
  {
    'a.md': `<!-- ${spdx} -->\n\n# A\n\nUnder the GNU General Public License, version 3.\n`,
    'b.md': `---\nx: 1\n---\n<!-- ${spdx} -->\n\nWrite \`SPDX-License-Identifier: MIT\` on top.\n`,
  },
);
test(
  'header: Markdown that shows one in code',
  does,
  {
    'a.md': `\`\`\`html\n<!-- ${spdx} -->\n\`\`\`\n`,
    'b.md': `    <!-- ${spdx} -->\n\ntext\n`,
    'c.md': `\n <!-- ${spdx} -->\n\ntext\n`,
  },
  ['All *.md have GPL header'],
  {
    'a.md': `<!-- ${spdx} -->\n\n\`\`\`html\n<!-- ${spdx} -->\n\`\`\`\n`,
    'b.md': `<!-- ${spdx} -->\n\n    <!-- ${spdx} -->\n\ntext\n`,
  },
);
test(
  'header: Markdown with frontmatter that is TOML',
  declines,
  { 'a.md': '+++\na = 1\n+++\n# H\n' },
  ['All *.md have GPL header'],
  /TOML/,
);
test(
  'header: Markdown with frontmatter that is JSON',
  declines,
  { 'a.md': '{\n  "a": 1\n}\n# H\n' },
  ['All *.md have GPL header'],
  /JSON/,
);
test(
  'header: TypeScript with a quoted text',
  does,
  { 'src/a.ts': '#!/usr/bin/env node\nf();\n' },
  ['Every *.ts file has the header "// SPDX-License-Identifier: MIT"'],
  { 'src/a.ts': '#!/usr/bin/env node\n// SPDX-License-Identifier: MIT\nf();\n' },
);
test(
  'header: a licence that is named in other words stays',
  does,
  {
    'a.ts': '/* under the GNU General Public License, version 3 */\n',
    'b.ts': '// SPDX-License-Identifier: GPL-2.0-or-later\n',
    'c.ts': 'f();\n',
  },
  ['All *.ts have a GPL header'],
  { 'c.ts': `// ${spdx}\nf();\n` },
);
test(
  'header: another licence is not contradicted',
  declines,
  { 'a.ts': '// SPDX-License-Identifier: MIT\n', 'b.ts': '' },
  ['All *.ts have a GPL header'],
  /a\.ts names another licence/,
);
test(
  'header: which licence',
  declines,
  { 'a.md': '' },
  ['All files have a header'],
  /names the licence/,
);
test(
  'header: a file that can take none',
  declines,
  { 'a.md': '', 'b.png': 'x' },
  ['All files have a GPL header'],
  /b\.png/,
);

test('one spec, several chores, each on what the one before left', async (t) => {
  const files = {
    'src/index.ts': "export { old } from './a.ts';\n",
    'src/a.ts': 'export const old = () => 1;\n',
  };
  const acceptance = [
    'Rename `old` to `fresh`',
    '`fresh` is exported from src/index.ts and has a doc comment saying "New."',
    'All uses are renamed; tests pass',
  ];
  const result = await drive(files, { title: 'A chore', scope: '**', acceptance });
  t.is(result.status, 'ok', result.notes);
  t.deepEqual(Object.fromEntries(result.changed), {
    'src/index.ts': "export { fresh } from './a.ts';\n",
    'src/a.ts': '/** New. */\nexport const fresh = () => 1;\n',
  });
});

test('what is not a chore', declines, { 'a.ts': tag }, ['Make it faster'], /"Make it faster"/);
test(
  'one sentence of two',
  declines,
  { 'a.ts': tag },
  ['`tag` in a.ts has a doc comment', 'Users are happy'],
  /"Users are happy"/,
);
test('no chore at all', declines, { 'a.ts': tag }, ['All tests pass'], /no sentence asks/);
test(
  'uses of nothing',
  declines,
  { 'a.ts': tag },
  ['`tag` in a.ts has a doc comment', 'All uses are renamed'],
  /renamed to what/,
);
test('frontmatter', declines, { 'a.md': '' }, ['Every note has a title'], /doc\.frontmatter/);
test(
  'only some files may change',
  declines,
  { 'src/index.ts': '', 'src/tag.ts': tag },
  [...exportTag, 'Only `src/tag.ts` changes'],
  /outside the scope/,
);
