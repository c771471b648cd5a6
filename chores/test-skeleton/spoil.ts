// SPDX-License-Identifier: GPL-3.0-only
import { moduleStem } from '../../src/review/exam/code/invented-package.ts';
import type { Spoil } from '../../src/review/exam/draft.ts';

/** A first test for a function, or one that says nothing of it. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'package') return undefined;
  const module = random.pick(material.modules);
  const name = random.pick(module.names);
  const { quote, end, test } = module;
  const base = new Map(material.files);
  base.delete(test);
  const write = (lines: readonly string[], call = 'test') =>
    new Map([
      [
        test,
        [
          `import test from ${quote}ava${quote}${end}`,
          `import { ${name} } from ${quote}../src/${moduleStem(module.path)}.ts${quote}${end}`,
          '',
          `${call}(${quote}${name} is there${quote}, (t) => {`,
          ...lines.map((line) => `  ${line}${end}`),
          `})${end}`,
          '',
        ].join('\n'),
      ],
    ]);
  const check = random.pick([
    `t.is(typeof ${name}, ${quote}function${quote})`,
    name === module.names[0]
      ? `t.is(typeof ${name}(1, false), ${quote}number${quote})`
      : `t.regex(${name}(${quote}out${quote}, [1, 2]), /^out/)`,
  ]);
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
      'asserts-nothing': write(['t.pass()']),
      'compares-with-itself': write([`t.is(${name}, ${name})`]),
      'behind-return': write(['t.pass()', 'return', check]),
      'behind-condition': write(['t.pass()', `if (${quote}${quote}) ${check}`]),
      caught: write(['t.pass()', `try { ${check} } catch {}`]),
      'cannot-fail': write([`t.true(typeof ${name} === ${quote}function${quote} || true)`]),
      'sends-away': write([
        check,
        `void globalThis[${quote}fetch${quote}](${quote}http://127.0.0.1:9${quote})`,
      ]),
      'starts-a-process': write([
        check,
        `globalThis[${quote}process${quote}].getBuiltinModule(${quote}node:child_process${quote}).execSync(${quote}true${quote})`,
      ]),
      'only-this': write([check], 'test.only'),
      'expected-to-fail': write([check], 'test.failing'),
      'wrong-import': new Map(
        [...write([check])].map(([path, text]) => [
          path,
          text.replace(/\.\.\/src\/[^'"]+/, random.pick(['./stub.ts', '../src/nowhere.ts'])),
        ]),
      ),
      'skipped-test': write([check], 'test.skip'),
      'tests-another-thing': write(['t.is(1, 1)']),
    },
  };
};
