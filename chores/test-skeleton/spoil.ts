// SPDX-License-Identifier: GPL-3.0-only
import { moduleStem } from '../../src/review/exam/code/invented-package.ts';
import type { Spoil } from '../../src/review/exam/draft.ts';

/** How a runner's tests are written: its imports, an assertion of two values, and ones that say nothing. */
type Form = {
  readonly script: string;
  readonly depends: readonly string[];
  readonly imports: readonly (readonly [what: string, from: string])[];
  readonly word: string;
  readonly given: string;
  readonly equals: (actual: string, wanted: string) => string;
  readonly truth: (value: string) => string;
  readonly nothing: string;
  readonly failing: string;
};

const forms: readonly Form[] = [
  {
    script: 'ava',
    depends: ['ava'],
    imports: [['test', 'ava']],
    word: 'test',
    given: 't',
    equals: (actual, wanted) => `t.is(${actual}, ${wanted})`,
    truth: (value) => `t.true(${value})`,
    nothing: 't.pass()',
    failing: 'test.failing',
  },
  {
    script: 'vitest run',
    depends: ['vitest'],
    imports: [['{ expect, it }', 'vitest']],
    word: 'it',
    given: '',
    equals: (actual, wanted) => `expect(${actual}).toBe(${wanted})`,
    truth: (value) => `expect(${value}).toBe(true)`,
    nothing: 'expect(true).toBe(true)',
    failing: 'it.fails',
  },
  {
    script: 'node --test',
    depends: [],
    imports: [
      ['assert', 'node:assert/strict'],
      ['test', 'node:test'],
    ],
    word: 'test',
    given: '',
    equals: (actual, wanted) => `assert.strictEqual(${actual}, ${wanted})`,
    truth: (value) => `assert.ok(${value})`,
    nothing: 'assert.ok(true)',
    failing: 'test.todo',
  },
];

/** A first test for a function, or one that says nothing of it. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'package') return undefined;
  const module = random.pick(material.modules);
  const name = random.pick(module.names);
  const { quote, end, test } = module;
  const form = random.pick(forms);
  const base = new Map([...material.files].filter(([path]) => !path.endsWith('.test.ts')));
  base.set(`${material.root}package.json`, manifestOf(form));
  const imports = form.imports.map(
    ([what, from]) => `import ${what} from ${quote}${from}${quote}${end}`,
  );
  const write = (lines: readonly string[], call = form.word) =>
    new Map([
      [
        test,
        [
          ...imports,
          `import { ${name} } from ${quote}../src/${moduleStem(module.path)}.ts${quote}${end}`,
          '',
          `${call}(${quote}${name} is there${quote}, (${form.given}) => {`,
          ...lines.map((line) => `  ${line}${end}`),
          `})${end}`,
          '',
        ].join('\n'),
      ],
    ]);
  const check = random.pick([
    form.equals(`typeof ${name}`, `${quote}function${quote}`),
    name === module.names[0]
      ? form.equals(`typeof ${name}(1, false)`, `${quote}number${quote}`)
      : form.equals(`typeof ${name}(${quote}out${quote}, [1, 2])`, `${quote}string${quote}`),
  ]);
  const { nothing } = form;
  return {
    way: 'test skeleton',
    acceptance: [
      random.pick([
        `Add a test for \`${name}\` in \`${test}\``,
        `There is a test for \`${name}\` in \`${test}\``,
      ]),
      ...(random.chance(0.5) ? ['All tests pass'] : []),
    ],
    notes: `test: ${test} for ${name}`,
    base,
    edits: write([check]),
    wrong: {
      'asserts-nothing': write([nothing]),
      'compares-with-itself': write([form.equals(name, name)]),
      'behind-return': write([nothing, 'return', check]),
      'behind-condition': write([nothing, `if (${quote}${quote}) ${check}`]),
      caught: write([nothing, `try { ${check} } catch {}`]),
      'cannot-fail': write([form.truth(`typeof ${name} === ${quote}function${quote} || true`)]),
      'sends-away': write([
        check,
        `void globalThis[${quote}fetch${quote}](${quote}http://127.0.0.1:9${quote})`,
      ]),
      'starts-a-process': write([
        check,
        `globalThis[${quote}process${quote}].getBuiltinModule(${quote}node:child_process${quote}).execSync(${quote}true${quote})`,
      ]),
      'only-this': write([check], `${form.word}.only`),
      'expected-to-fail': write([check], form.failing),
      'wrong-import': new Map(
        [...write([check])].map(([path, text]) => [
          path,
          text.replace(/\.\.\/src\/[^'"]+/, random.pick(['./stub.ts', '../src/nowhere.ts'])),
        ]),
      ),
      'skipped-test': write([check], `${form.word}.skip`),
      'tests-another-thing': write([form.equals('1', '1')]),
    },
  };
};

const manifestOf = ({ script, depends }: Form): string =>
  `${JSON.stringify(
    {
      type: 'module',
      scripts: { test: script },
      devDependencies: Object.fromEntries(depends.map((name) => [name, '*'])),
    },
    null,
    2,
  )}\n`;
