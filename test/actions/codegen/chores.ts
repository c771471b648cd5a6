// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../../bench/codegen/drive.ts';
import { each } from '../../each.ts';
import { declines, does } from './macros.ts';

const tag = 'export const tag = (x: string) => x;\nexport type Tag = string;\n';
const exportTag = ['`tag` is exported from `src/index.ts`', 'Nothing else changes'];

each(does, {
  'doc comment: with the words that are asked for': [
    {
      'a.ts':
        '\uFEFFimport x from "x";\r\n\r\n// eslint-disable-next-line\r\nexport function f(a: string) {}\r\n',
    },
    ['`f()` has a doc comment saying "Does it."'],
    {
      'a.ts':
        '\uFEFFimport x from "x";\r\n\r\n/** Does it. */\r\n// eslint-disable-next-line\r\nexport function f(a: string) {}\r\n',
    },
  ],
  'doc comment: what the syntax says': [
    { 'a.ts': 'export const readTagList = async (text: string, max = 3) => [];\n' },
    ['`readTagList` in `a.ts` has a doc comment'],
    {
      'a.ts':
        '/**\n * Read tag list.\n *\n * @param text `string`\n * @param max optional\n */\nexport const readTagList = async (text: string, max = 3) => [];\n',
    },
  ],
  'doc comment: on every function that has none': [
    {
      'a.ts':
        '/** A. */\nexport function a() {}\nexport function b(): void;\nexport function b(x?: 1) {}\nexport const c = 1;\nfunction d() {}\n',
    },
    ['Every exported function in `a.ts` has a doc comment'],
    {
      'a.ts':
        '/** A. */\nexport function a() {}\n/** What `b` stands for. */\nexport function b(): void;\nexport function b(x?: 1) {}\nexport const c = 1;\nfunction d() {}\n',
    },
  ],
  'test: a file beside the others': [
    {
      'src/a/tag.ts': `// SPDX-License-Identifier: MIT\n${tag}export class Box {}\nexport const n = 1;\n`,
      'test/x.test.ts': "import test from 'ava';\nimport x from '../src/x.ts';\n",
    },
    ['`src/a/tag.ts` has a test'],
    {
      'test/a/tag.test.ts':
        "// SPDX-License-Identifier: MIT\nimport test from 'ava';\nimport { Box, n, tag } from '../../src/a/tag.ts';\n\ntest('tag is a function', (t) => {\n  t.is(typeof tag, 'function');\n});\n\ntest('Box is a function', (t) => {\n  t.is(typeof Box, 'function');\n});\n\ntest('n is defined', (t) => {\n  t.not(n, undefined);\n});\n",
    },
  ],
  'test: in a workspace with the AVA of the top': [
    {
      'package.json': '{"workspaces":["packages/*"],"devDependencies":{"ava":"8"}}',
      'packages/a/package.json':
        '{"scripts":{"test":"ava"},"ava":{"extensions":["ts"],"files":["spec/*.ts"]}}',
      'packages/a/src/tag.ts': 'export const n = 1;\n',
    },
    ['There is a test for `n` in `packages/a/spec/tag.ts`'],
    {
      'packages/a/spec/tag.ts':
        "import test from 'ava';\nimport { n } from '../src/tag.ts';\n\ntest('n is defined', (t) => {\n  t.not(n, undefined);\n});\n",
    },
  ],
  'test: into the file there is': [
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
  ],
});

each(declines, {
  'doc comment: another one is there': [
    { 'a.ts': '/** Else. */\nexport const a = 1;\n' },
    ['`a` in a.ts has a doc comment saying "This."'],
    /a different doc comment/,
  ],
  'doc comment: words that would end it': [
    { 'a.ts': 'export const a = 1;\n' },
    ['`a` has a doc comment saying "x */ y"'],
    /cannot contain/,
  ],
  'test: of a type': [{ 'src/tag.ts': tag }, ['`Tag` has a test'], /a type has no test/],
  'test: where AVA does not look': [
    {
      'package.json':
        '{"devDependencies":{"ava":"8"},"ava":{"extensions":["ts"],"files":["test/**/*.spec.ts"]}}',
      'src/tag.ts': tag,
    },
    ['There is a test for `tag` in `test/tag.test.ts`'],
    /"files" in package\.json \(test.*leave out test\/tag\.test\.ts/,
  ],
  'test: where the config of AVA does not look': [
    {
      'a/package.json': '{"devDependencies":{"ava":"8"}}',
      'a/ava.config.js': "export default { files: ['spec/**'] };\n",
      'a/src/tag.js': 'export const tag = 1;\n',
    },
    ['There is a test for `tag` in `a/test/tag.test.js`'],
    /"files" in a\/ava\.config\.js \(spec/,
  ],
  'test: of an ending that AVA does not run': [
    { 'package.json': '{"devDependencies":{"ava":"8"}}', 'src/tag.ts': tag },
    ['There is a test for `tag` in `test/tag.test.ts`'],
    /runs no \.ts files/,
  ],
  'test: no place for it': [
    { 'src/tag.ts': tag, 'src/x.test.ts': "import test from 'ava';\n" },
    ['There is a test for `tag()` in test/tag.test.ts'],
    /outside the scope/,
    'src/',
  ],
});

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

each(declines, {
  'what is not a chore': [{ 'a.ts': tag }, ['Make it faster'], /"Make it faster"/],
  'one sentence of two': [
    { 'a.ts': tag },
    ['`tag` in a.ts has a doc comment', 'Users are happy'],
    /"Users are happy"/,
  ],
  'no chore at all': [{ 'a.ts': tag }, ['All tests pass'], /no sentence asks/],
  'uses of nothing': [
    { 'a.ts': tag },
    ['`tag` in a.ts has a doc comment', 'All uses are renamed'],
    /changed uses of a name, but none renames it/,
  ],
  frontmatter: [{ 'a.md': '' }, ['Every note has a title'], /doc\.frontmatter/],
  'only some files may change': [
    { 'src/index.ts': '', 'src/tag.ts': tag },
    [...exportTag, 'Only `src/tag.ts` changes'],
    /a sentence says that it must not/,
  ],
});
