// SPDX-License-Identifier: GPL-3.0-only
import type { InventedModule } from '../../src/review/exam/code/invented-package.ts';
import type { Draft, Spoil } from '../../src/review/exam/draft.ts';
import type { Random } from '../../src/review/exam/seeded-random.ts';
import { pickNoun } from '../../src/review/exam/seeded-words.ts';

/** A file written tidily; or so that it says something else, or brings more. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'package') return undefined;
  const {
    path,
    before,
    after,
    wrong,
    asked = whole,
  } = random.pick([
    () => ofImports(`${material.root}src/${pickNoun(random)}.ts`, random),
    () => ofScript(random.pick(material.modules), random),
    () => ofData(`${material.root}src/${pickNoun(random)}.json`, random),
    () => ofSheet(`${material.root}src/${pickNoun(random)}.css`, random),
  ])();
  const put = (text: string) => new Map([[path, text]]);
  return {
    way: 'format',
    acceptance: [random.pick(asked), ...(random.chance(0.5) ? ['Nothing else changes'] : [])],
    notes: 'format: 1 of 1 files',
    base: new Map([...material.files, ...put(before)]),
    edits: put(after),
    wrong: Object.fromEntries(
      Object.entries(wrong).map(([name, [from, to]]): [string, Draft['edits'] | undefined] => {
        const spoiled = after.replace(from, to);
        return [name, spoiled === after ? undefined : put(spoiled)];
      }),
    ),
  };
};

const whole = ['Format the code with biome', 'All files in scope are formatted'];

type Written = {
  readonly asked?: readonly string[];
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** What is put in the place of what, by name. */
  readonly wrong: Readonly<Record<string, readonly [RegExp, string]>>;
};

const ofScript = ({ path, text }: InventedModule, random: Random): Written => ({
  path,
  before: text
    .split('\n')
    .map((line) => (line.includes('//') ? line : untidied(line)))
    .join(random.pick(['\n', '\n\n'])),
  after: text,
  wrong: {
    number: [/(?<=value \* )2/, '3'],
    'number-as-text': [/(?<=value \* )2/, "'2'"],
    brackets: [/value \* (2 \+ \d)/, 'value * ($1)'],
    operator: [/(?<=value) > (?=limit)/, ' >= '],
    'loose-comparison': [/===/, '=='],
    'and-for-or': [/&&/, '||'],
    branches: [/limit - 1 : doubled/, 'doubled : limit - 1'],
    'text-changed': [/too large/, 'too  large'],
    'template-changed': [/\}-\$/, '} - $'],
    'text-hidden': [/too large/, `too ${random.pick(['\u200B', '\u202E'])}large`],
    'return-alone': [/return (?=doubled)/, 'return\n    '],
    'default-changed': [/(?<=strict = )\w+/, 'undefined'],
    'type-lost': [/: number\): number/, ': number)'],
    'export-lost': [/^export /m, ''],
    'name-changed': [/\bdoubled\b/, 'twice'],
    'another-module': [/node:path/, 'node:path/win32'],
    'import-more': [/^/, "import 'node:child_process';\n"],
    'code-more': [/$/, `${random.pick(['globalThis.ready = true;', 'void 0;'])}\n`],
    'comment-more': [/^/, `// ${random.pick(['@ts-nocheck', 'biome-ignore-all lint: x'])}\n`],
    'comment-changed': [/(?<=^ *\/\/ )\w+/m, 'Never'],
    'comment-lost': [/^ *\/\/ .*\n/m, ''],
    'line-lost': [/^ {2}if \(strict.*\n/m, ''],
    'kept-open': [/\n\}\n/, '\n'],
  },
});

const untidied = (line: string): string =>
  line
    .replace(/^ +/, (blanks) => `${blanks}${blanks}`)
    .replace(/ = /, '=')
    .replace(/, /g, ' ,')
    .replace(/\((\w+)\) =>/, '$1=>');

const ofImports = (path: string, random: Random): Written => {
  const imports = [
    "import { readFile, stat } from 'node:fs/promises';",
    "import { cpus } from 'node:os';",
    "import { join } from 'node:path'; // of this machine",
  ];
  const name = pickNoun(random);
  const body = `\n// ${name}\nexport const ${name} = async (path:string)=>\n  [await stat(path), await readFile(join(path, '${name}')), cpus().length];\n`;
  const messy = imports
    .toReversed()
    .map((line) => line.replace('readFile, stat', 'stat, readFile'));
  return {
    asked: ['Imports are sorted', 'Sort the imports', 'All import statements are in order'],
    path,
    before: `${messy.join('\n')}\n${body}`,
    after: `${imports.join('\n')}\n${body}`,
    wrong: {
      'import-another-module': [/node:os/, 'node:os/promises'],
      'import-more': [/^/, "import 'node:child_process';\n"],
      'import-more-of-it': [/cpus/, 'cpus, hostname'],
      'import-renamed': [/ stat /, ' lstat as stat '],
      'import-as-type': [/import (?=\{ cpus)/, 'import type '],
      'import-lost': [/import \{ cpus.*\n/, ''],
      'formatted-too': [/path:string\)=>/, 'path: string) =>'],
      'code-more': [/$/, 'globalThis.ready = true;\n'],
      'code-changed': [/\.length/, '.length + 1'],
      'comment-more': [/^/, '// @ts-nocheck\n'],
      'comment-lost': [/ \/\/ of this machine/, ''],
      'comment-moved': [/(\n\/\/ \w+)(\nexport .*)/, '$2$1'],
      'line-lost': [/\n\n/, '\n'],
    },
  };
};

const ofData = (path: string, random: Random): Written => {
  const [one, two] = [pickNoun(random), `${pickNoun(random)}s`];
  const whole = { [one]: { of: 1, is: true, as: 'a b' }, [two]: [1, 2, null] };
  return {
    path,
    before: JSON.stringify(whole),
    after: `${JSON.stringify(whole, null, 2)}\n`,
    wrong: {
      'number-changed': [/"of": 1/, '"of": 10'],
      'number-as-text': [/"of": 1/, '"of": "1"'],
      'truth-changed': [/true/, 'false'],
      'text-changed': [/a b/, 'a  b'],
      'text-hidden': [/a b/, 'a\u200B b'],
      'key-renamed': [/"is"/, '"iS"'],
      'key-lost': [/"is": true,\s*/, ''],
      'key-more': [/"is"/, '"was": true,\n    "is"'],
      'key-twice': [/"is": true/, '"is": true,\n    "is": true'],
      'order-changed': [/1,(\s*)2/, '2,$11'],
      'value-lost': [/,\s*null/, ''],
      'comment-more': [/^\{/, '{\n  // approved'],
      'comma-more': [/null/, 'null,'],
      'mark-in-front': [/^/, '\uFEFF'],
    },
  };
};

const ofSheet = (path: string, random: Random): Written => {
  const [one, two] = [pickNoun(random), pickNoun(random)];
  return {
    path,
    before: `.${one} .${two}{color:red;margin:0 4px ;--gap: ;width:calc(1px + 2px)}\n/* ${one} */\n@media (min-width:10px){a:hover{color:blue}}`,
    after: `.${one} .${two} {\n  color: red;\n  margin: 0 4px;\n  --gap: ;\n  width: calc(1px + 2px);\n}\n/* ${one} */\n@media (min-width: 10px) {\n  a:hover {\n    color: blue;\n  }\n}\n`,
    wrong: {
      'value-changed': [/red/, 'tan'],
      'number-changed': [/4px/, '40px'],
      'unit-changed': [/4px/, '4em'],
      'value-joined': [/0 4px/, '04px'],
      'nothing-for-blank': [/--gap: ;/, '--gap:;'],
      'nothing-lost': [/ {2}--gap: ;\n/, ''],
      'blanks-of-a-sum': [/1px \+ 2px/, '1px +2px'],
      'both-on-one': [/ \.(\w+) \{/, '.$1 {'],
      'child-only': [/ \.(\w+) \{/, ' > .$1 {'],
      'anything-hovered': [/a:hover/, 'a :hover'],
      'order-changed': [/(color: red;)(\s*)(margin: 0 4px;)/, '$3$2$1'],
      'made-important': [/red/, 'red !important'],
      'rule-more': [/$/, 'b {\n  color: red;\n}\n'],
      'import-more': [/^/, '@import "https://example.org/a.css";\n'],
      'address-more': [/red;/, 'red;\n  background: url(https://example.org/a);'],
      'comment-lost': [/\/\*.*\*\/\n/, ''],
      'comment-changed': [/\/\* /, '/* never '],
      'condition-changed': [/min-width/, 'max-width'],
      'rule-left-open': [/\}\n\/\*/, '\n/*'],
    },
  };
};
