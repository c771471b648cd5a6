// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive, type Files } from '../../../bench/codegen/drive.ts';
import { caseOf, reviewers } from '../../actions/review-peer/macros.ts';

/** The rules do it as expected, and both reviewers approve that. */
const renamed = test.macro(async (t, sentence: string, files: Files, expected: Files) => {
  const spec = { title: 'Names', scope: '**', acceptance: [sentence] };
  const { status, notes, changed } = await drive(files, spec);
  t.is(status, 'ok', notes);
  t.deepEqual(Object.fromEntries(changed), expected);
  for (const [name, ask] of Object.entries(reviewers)) {
    const { verdict, findings } = await ask(caseOf(spec, files, expected));
    t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
  }
});

const numbers = Array.from({ length: 320 }, (_, at) => at);
const modules = Object.fromEntries(
  numbers.map((at) => [`src/m${at}.ts`, `export const n${at} = ${at};\n`]),
);
const stars = numbers.map((at) => `export * from './m${at}.ts';\n`).join('');
const lists = numbers.map((at) => `export { n${at} } from './m${at}.ts';\n`).join('');

for (const [title, index] of Object.entries({ stars, lists })) {
  test(
    `a name behind an index of ${title} over more modules than rules read`,
    renamed,
    'Rename `n7` to `seven`',
    {
      ...modules,
      'src/index.ts': index,
      'src/use.ts': "import { n7 } from './index.ts';\nexport const use = n7;\n",
    },
    {
      'src/m7.ts': 'export const seven = 7;\n',
      ...(index === lists && { 'src/index.ts': lists.replace('{ n7 }', '{ seven }') }),
      'src/use.ts': "import { seven } from './index.ts';\nexport const use = seven;\n",
    },
  );
}

const shapes = 'export interface Shape {\n  n: number;\n}\nexport const side = 4;\n';

test(
  'a type, where the module goes elsewhere as a value, which has no types',
  renamed,
  'Rename `Shape` to `Form`',
  {
    'a.ts': shapes,
    'b.ts': "import * as all from './a.ts';\nexport const check: typeof all = { ...all };\n",
    'c.ts': "export const load = (name: string) => import('./' + name);\n",
    'd.ts': "import type { Shape } from './a.ts';\nexport type Shapes = Shape[];\n",
  },
  {
    'a.ts': shapes.replace('Shape', 'Form'),
    'd.ts': "import type { Form } from './a.ts';\nexport type Shapes = Form[];\n",
  },
);

const manifest = (name: string, more: object = {}): string =>
  JSON.stringify({
    name,
    exports: { '.': './dist/index.js', './text': './dist/text.js' },
    ...more,
  });
const packages = {
  'package.json': JSON.stringify({ name: 'all', workspaces: ['packages/*'] }),
  'packages/core/package.json': manifest('@acme/core'),
  'packages/web/package.json': manifest('@acme/web', { dependencies: { '@acme/core': '*' } }),
  'packages/core/src/index.ts': "export * from './text.js';\n",
  'packages/core/src/text.ts': 'export const slug = (text: string): string => text;\n',
  'packages/web/src/page.ts':
    "import { slug } from '@acme/core';\nexport const page = slug('a');\n",
  'packages/web/src/part.ts':
    "import { slug } from '@acme/core/text';\nexport const part = slug('b');\n",
};

test(
  'a name of a package of the tree, of which only the sources are there',
  renamed,
  'Rename `slug` to `toSlug`',
  packages,
  {
    'packages/core/src/text.ts': packages['packages/core/src/text.ts'].replace('slug', 'toSlug'),
    'packages/web/src/page.ts': packages['packages/web/src/page.ts'].replaceAll('slug', 'toSlug'),
    'packages/web/src/part.ts': packages['packages/web/src/part.ts'].replaceAll('slug', 'toSlug'),
  },
);

const tasks = {
  'tasks.js': 'export function stop() {}\n',
  'tasks.d.ts': 'export function stop(): void\n',
};

test(
  'a name that types beside another module say in a comment alone',
  renamed,
  'Rename `stop` to `halt`',
  {
    ...tasks,
    'clean.js': "import { stop } from './tasks.js';\nexport const clean = () => stop();\n",
    'clean.d.ts': '/** Calls {@link stop} too. */\nexport function clean(): void\n',
  },
  {
    'tasks.js': 'export function halt() {}\n',
    'tasks.d.ts': 'export function halt(): void\n',
    'clean.js': "import { halt } from './tasks.js';\nexport const clean = () => halt();\n",
  },
);

test(
  'a name beside components that take another by the type of a comment',
  renamed,
  'Rename `stop` to `halt`',
  {
    ...tasks,
    'Part.svelte':
      '<script>\n  /** @type {import("svelte/store").Writable<boolean>} */\n  let on;\n</script>\n',
  },
  { 'tasks.js': 'export function halt() {}\n', 'tasks.d.ts': 'export function halt(): void\n' },
);

const timed =
  'const measure = () => ({ time() {}, now: 1 });\nexport const all = [measure().time, measure().now];\n';

for (const to of ['time', 'now']) {
  test(
    `a name that is a member's so far: ${to}`,
    renamed,
    `Rename \`measure\` to \`${to}\``,
    { 'a.ts': timed },
    {
      'a.ts': timed.replaceAll('measure', to),
    },
  );
}

const users = (count: number, lines: number, name: string): Files =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `src/u${at}.ts`,
      `import { ${name} } from './a.ts';\n${`${name};\n`.repeat(lines)}`,
    ]),
  );

test(
  'a name on more lines than one search finds',
  renamed,
  'Rename `thing` to `item`',
  { 'src/a.ts': 'export const thing = 1;\n', ...users(24, 25, 'thing') },
  { 'src/a.ts': 'export const item = 1;\n', ...users(24, 25, 'item') },
);

test('a name on more lines of one file than one search finds', async (t) => {
  const files = { 'src/a.ts': 'export const thing = 1;\n', ...users(1, 500, 'thing') };
  const spec = { title: 'Names', scope: '**', acceptance: ['Rename `thing` to `item`'] };
  const { status, notes } = await drive(files, spec);
  t.is(status, 'fail');
  t.regex(notes, /"thing" occurs in more places than rules can look at \(500 lines of one file/);
});
