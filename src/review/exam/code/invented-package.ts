// SPDX-License-Identifier: GPL-3.0-only

import type { Random } from '../seeded-random.ts';
import { functionName, makeSentence, pickNoun } from '../seeded-words.ts';

/** A small package of seeded modules: sources, their index, and tests that would pass. */
export type InventedPackage = {
  /** Its folder with a slash behind, or nothing for the repository itself. */
  readonly root: string;
  readonly modules: readonly InventedModule[];
  readonly indexPath: string;
  readonly index: string;
  /** All of it, by path. */
  readonly files: ReadonlyMap<string, string>;
};

export type InventedModule = {
  readonly path: string;
  readonly test: string;
  readonly text: string;
  readonly testText: string;
  /** Exported functions, none with a doc comment, each used below its declaration. */
  readonly names: readonly string[];
  readonly quote: "'" | '"';
  readonly end: ';' | '';
};

/** Two or three modules and an index that exports most of what they declare, below `root`. */
export const inventPackage = (random: Random, root = ''): InventedPackage => {
  const names = new Set<string>();
  while (names.size < 6) names.add(functionName(random));
  const all = [...names];
  const quote = random.chance(0.7) ? "'" : '"';
  const end = random.chance(0.8) ? ';' : '';
  const count = 2 + random.int(2);
  const modules = Array.from({ length: count }, (_, index) => {
    const pair = all.slice(index * 2, index * 2 + 2);
    return inventModule(random, root, moduleName(random, index), pair, quote, end);
  });
  const lines = modules.map(
    (module) =>
      `export { ${module.names.join(', ')} } from ${quote}./${moduleStem(module.path)}.ts${quote}${end}`,
  );
  const indexPath = `${root}src/index.ts`;
  const index = `${lines.join('\n')}\n`;
  const files = new Map([
    ...modules.flatMap(({ path, text, test, testText }) => [
      [path, text] as const,
      [test, testText] as const,
    ]),
    [indexPath, index],
    [`${root}package.json`, manifestOf(pickNoun(random))],
  ]);
  return { root, modules, indexPath, index, files };
};

const manifestOf = (name: string): string =>
  `${JSON.stringify(
    { name, type: 'module', scripts: { test: 'ava' }, devDependencies: { ava: '^6.4.1' } },
    null,
    2,
  )}\n`;

/** No two modules of a package have the same: the nouns differ in their first words. */
const moduleName = (random: Random, index: number): string =>
  `${['read', 'list', 'plan'][index] ?? 'more'}-${pickNoun(random)}`;

/** A module's file name without `.ts`. */
export const moduleStem = (path: string): string =>
  (path.split('/').at(-1) ?? '').replace(/\.ts$/, '');

const inventModule = (
  random: Random,
  root: string,
  stem: string,
  names: readonly string[],
  quote: InventedModule['quote'],
  end: InventedModule['end'],
): InventedModule => {
  const [first = 'first', second = 'second'] = names;
  const limit = 2 + random.int(40);
  const text = [
    `import { join } from ${quote}node:path${quote}${end}`,
    '',
    ...(random.chance(0.5) ? [`// ${makeSentence(random)}`] : []),
    `const limit = ${limit}${end}`,
    `const label = ${quote}${pickNoun(random)} ${first}${quote}${end}`,
    '',
    `export function ${first}(value: number, strict = ${random.pick(['true', 'false'])}): number {`,
    `  if (strict && value > limit) throw new RangeError(${quote}too large${quote})${end}`,
    `  const doubled = value * 2 + ${random.int(9)}${end}`,
    `  return doubled === limit ? limit - 1 : doubled${end}`,
    '}',
    '',
    ...(random.chance(0.4) ? [`const table = { ${first}, limit }${end}`, ''] : []),
    ...(random.chance(0.4) ? [`const counts = { ${second}: 0 }${end}`, ''] : []),
    `export const ${second} = (folder: string, values: readonly number[]): string => {`,
    `  const total = values.map((value) => ${first}(value, false)).reduce((sum, one) => sum + one, 0)${end}`,
    `  // ${makeSentence(random)}`,
    `  return join(folder, \`\${label}-\${total < 0 ? 0 : total}\`)${end}`,
    `}${end}`,
    '',
  ].join('\n');
  const testText = [
    `import test from ${quote}ava${quote}${end}`,
    `import { ${names.join(', ')} } from ${quote}../src/${stem}.ts${quote}${end}`,
    '',
    `test(${quote}${stem} works in numbers${quote}, (t) => {`,
    `  t.is(typeof ${first}(1, false), ${quote}number${quote})${end}`,
    `  t.true(${first}(2, false) > ${first}(1, false))${end}`,
    `  t.throws(() => ${first}(${limit + 1}, true))${end}`,
    `})${end}`,
    '',
    `test(${quote}${stem} names a folder${quote}, (t) => {`,
    `  t.regex(${second}(${quote}out${quote}, [1, 2]), /^out/)${end}`,
    `})${end}`,
    '',
  ].join('\n');
  return {
    path: `${root}src/${stem}.ts`,
    test: `${root}test/${stem}.test.ts`,
    text,
    testText,
    names,
    quote,
    end,
  };
};
