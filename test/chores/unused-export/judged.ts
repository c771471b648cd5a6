// SPDX-License-Identifier: GPL-3.0-only
import { approved, rejected } from '../../actions/review-peer/macros.ts';
import { each } from '../../each.ts';
import { undone } from '../worked.ts';

const all = { acceptance: ['No unused exports'] };
const named = { acceptance: ['`one` is no longer exported from `a.ts`'] };
const a = 'export const one = 1;\nexport const two = one;\n';
const less = 'const one = 1;\nexport const two = one;\n';
const b = "import { two } from './a.ts';\n\ntwo();\n";

each(approved, {
  'one of two': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': less }],
  'by its name': [named, { 'a.ts': a, 'b.ts': b }, { 'a.ts': less }],
  'with words before the keyword': [
    all,
    { 'a.ts': `${a}export async function three() {}\nexport abstract class Four {}\n`, 'b.ts': b },
    { 'a.ts': `${less}async function three() {}\nabstract class Four {}\n` },
  ],
  'below a decorator': [
    all,
    { 'a.ts': `${a}@dec\nexport class Three {}\n`, 'b.ts': b },
    { 'a.ts': `${less}@dec\nclass Three {}\n` },
  ],
  'a file of the same name that is of another module': [
    all,
    { 'a.ts': a, 'b.ts': b, 'c.ts': "import { three } from './d/a.ts';\nthree;\n" },
    { 'a.ts': less },
  ],
  'beside a header': [
    { acceptance: [...all.acceptance, 'All *.ts have an MIT header'] },
    { 'a.ts': a, 'b.ts': b },
    {
      'a.ts': `// SPDX-License-Identifier: MIT\n${less}`,
      'b.ts': `// SPDX-License-Identifier: MIT\n${b}`,
    },
  ],
  'beside the name of the file as a word': [
    all,
    { 'a.ts': a, 'b.ts': `${b}two('a');\n` },
    { 'a.ts': less },
  ],
  'nothing unused': [all, { 'a.ts': less, 'b.ts': b }, {}],
  'beside trailing blanks': [
    { acceptance: [...all.acceptance, 'No file has trailing whitespace'] },
    { 'a.ts': a.replace('1;', '1; '), 'b.ts': b },
    { 'a.ts': less },
  ],
});

const others: Record<string, readonly [path: string, text: string]> = {
  'that is imported': ['c.ts', "import { one } from './a.ts';\none;\n"],
  'that is imported under another name': ['c.ts', "import { one as x } from './a';\nx;\n"],
  'that is imported as a type': ['c.ts', "import type { one } from './a.js';\n"],
  'that is imported from a folder above': ['x/c.ts', "import { one } from '../a';\none;\n"],
  'that is imported over lines': ['c.ts', "import {\n  two,\n  one,\n} from './a.ts';\none;\n"],
  'that is handed on': ['c.ts', "export { one } from './a.ts';\n"],
  'that is handed on with all others': ['c.ts', "export * from './a.ts';\n"],
  'that is handed on in an object': ['c.ts', "export * as a from './a.ts';\n"],
  'that is taken from a namespace': ['c.ts', "import * as a from './a.ts';\na.one;\n"],
  'of a namespace that is walked': ['c.ts', "import * as a from './a.ts';\nObject.keys(a);\n"],
  'that is loaded': ['c.ts', "const { one } = await import('./a.ts');\n"],
  'that is loaded by require': ['c.cjs', "const { one } = require('./a');\n"],
  'that is a type in a comment': ['c.js', "/** @type {import('./a.ts').one} */\n"],
  'that is a type of import()': ['c.ts', "type One = typeof import('./a.ts').one;\n"],
  'that a test imports': ['test/a.test.ts', "import { one } from '../a.ts';\none;\n"],
  'that a mock stands for': ['test/b.test.ts', "vi.mock('../a.ts', () => ({ one: 2 }));\n"],
  'that a component imports': ['c.vue', '<script>\nimport { one } from "./a";\n</script>\n'],
  'that a page of Svelte imports': [
    'c.svelte',
    "<script>\nimport { one } from './a';\n</script>\n",
  ],
  'that a page of MDX imports': ['c.mdx', "import { one } from './a';\n\n# C\n"],
  'that a page of Astro imports': ['c.astro', "---\nimport { one } from './a';\n---\n"],
  'that an alias leads to': [
    'tsconfig.json',
    '{ "compilerOptions": { "paths": { "x": ["./a.ts"] } } }\n',
  ],
  'of an entry': ['package.json', '{ "main": "./a.js" }\n'],
  'of a package that hands on all': ['package.json', '{ "exports": { "./*": "./*.js" } }\n'],
  'that a workflow names': ['serverless.yml', 'handler: ./a.one\n'],
  'that a loader may mean': ['c.ts', 'export default (path) => import(path).then((m) => m.one);\n'],
  'that a glob may mean': ['c.ts', "import.meta.glob('./*.ts', { import: 'one' });\n"],
};

each(
  rejected,
  Object.fromEntries(
    Object.entries(others).map(([title, [path, text]]) => [
      `one ${title}`,
      [all, { 'a.ts': a, 'b.ts': b, [path]: text }, { 'a.ts': less }],
    ]),
  ),
);

each(rejected, {
  'the name is imported': [
    all,
    { 'a.ts': a, 'b.ts': b },
    { 'a.ts': 'const one = 1;\nconst two = one;\n' },
  ],
  'the declaration is gone': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': 'export const two = 1;\n' }],
  'the declaration is another': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': less.replace('1', '2') }],
  'the kind is another': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': less.replace('const', 'let') }],
  'the name is another': [
    all,
    { 'a.ts': a, 'b.ts': b },
    { 'a.ts': 'const uno = 1;\nexport const two = uno;\n' },
  ],
  'a blank is left': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': ` ${less}` }],
  'a line more': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': `${less}one;\n` }],
  'a comment more': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': `// one\n${less}` }],
  'another file as well': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': less, 'b.ts': `${b}two();\n` }],
  'an export more': [
    all,
    { 'a.ts': `${a}const three = 3;\n`, 'b.ts': b },
    { 'a.ts': `${less}export const three = 3;\n` },
  ],
  'no module any more': [
    all,
    { 'a.ts': 'export const one = 1;\n' },
    { 'a.ts': 'const one = 1;\n' },
  ],
  'an index': [all, { 'index.ts': a, 'b.ts': 'export default 1;\n' }, { 'index.ts': less }],
  'a default export': [
    all,
    { 'a.ts': 'export const two = 2;\nexport default function one() {}\n', 'b.ts': b },
    { 'a.ts': 'export const two = 2;\nfunction one() {}\n' },
  ],
  'a list': [
    all,
    { 'a.ts': 'const one = 1;\nexport const two = 2;\nexport { one };\n', 'b.ts': b },
    { 'a.ts': 'const one = 1;\nexport const two = 2;\n' },
  ],
  'a name of a framework': [
    all,
    { 'a.ts': 'export const metadata = {};\nexport const two = 2;\n', 'b.ts': b },
    { 'a.ts': 'const metadata = {};\nexport const two = 2;\n' },
  ],
  'a file that a tool loads': [all, { 'a.config.ts': a, 'b.ts': b }, { 'a.config.ts': less }],
  'types beside a script': [
    all,
    { 'a.d.ts': 'export const one: 1;\nexport const two: 2;\n', 'b.ts': b },
    { 'a.d.ts': 'declare const one: 1;\nexport const two: 2;\n' },
  ],
  'one of two of a statement': [
    all,
    { 'a.ts': 'export const one = 1, two = 2;\n', 'b.ts': b },
    { 'a.ts': 'const one = 1, two = 2;\n' },
  ],
  'one of a pattern': [
    all,
    { 'a.ts': 'export const { one, x: two } = y;\nexport type Z = 1;\n', 'b.ts': b },
    { 'a.ts': 'const { one, x: two } = y;\ntype Z = 1;\n' },
  ],
  'another name than the sentence has': [
    named,
    { 'a.ts': `${a}export const three = 3;\n`, 'b.ts': b },
    { 'a.ts': `${less}const three = 3;\n` },
  ],
  'another file than the sentence has': [
    named,
    { 'a.ts': a, 'c.ts': a.replace('two', 'four') },
    { 'c.ts': less.replace('two', 'four') },
  ],
  'files that no sentence means': [
    { acceptance: ['No unused exports in src/'] },
    { 'a.ts': a, 'b.ts': b },
    { 'a.ts': less },
  ],
  'a tree of which only a part is seen': [
    { ...all, scope: ['src/'] },
    { 'src/a.ts': a, 'src/b.ts': b },
    { 'src/a.ts': less },
  ],
  'line ends': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': less.replaceAll('\n', '\r\n') }],
  'a comment goes with it': [
    all,
    { 'a.ts': a.replace('export', '/** One. */\nexport'), 'b.ts': b },
    { 'a.ts': less },
  ],
  'a mark to tools': [all, { 'a.ts': a, 'b.ts': b }, { 'a.ts': `// @ts-nocheck\n${less}` }],
});

each(undone, {
  'another is left': [
    all.acceptance,
    { 'a.ts': a, 'b.ts': b, 'c.ts': 'export const three = 1;\nexport default 1;\n' },
    { 'a.ts': less },
  ],
});
