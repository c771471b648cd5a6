// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import { Declined, type Script } from '../../src/chore/script.ts';
import { parseSource } from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { compileScope } from '../../src/spec/scope.ts';

export type Manifest = Readonly<Record<string, unknown>>;

/** Where a runner is started, with the words behind its name, and the file it is to run. */
export type Place = {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly words: readonly string[];
  readonly test: string;
};

type Means = { readonly compiler: Compiler; readonly tree: WorkingTree };

/** One that a skeleton is written for. */
export type Runner = {
  /** As imports and packages name it. */
  readonly name: 'ava' | 'vitest' | 'node:test';
  readonly title: string;
  readonly isPackage: boolean;
  /** Why it would not run the file. */
  readonly refuses: (means: Means, place: Place) => Script<string | undefined>;
};

/** The properties of a value, none of what is no object. */
export const fields = (value: unknown): Manifest =>
  typeof value === 'object' && value !== null ? (value as Manifest) : {};

function* ava(means: Means, { folder, manifest, test }: Place): Script<string | undefined> {
  const config = yield* configIn(means.tree, folder, ['ava.config']);
  const settings = fields(manifest.ava);
  const ending = posix.extname(test);
  if (config === undefined && !endingsOf(settings).includes(ending))
    return `AVA in ${posix.join(folder, 'package.json')} runs no ${ending} files`;
  const patterns = config === undefined ? settings.files : yield* listIn(means, config, ['files']);
  const where = `AVA's "files" in ${config ?? posix.join(folder, 'package.json')}`;
  return patterns === undefined ? undefined : left(where, patterns, folder, test);
}

const endingsOf = ({ extensions, typescript }: Manifest): readonly string[] => {
  const listed = Array.isArray(extensions)
    ? extensions.map(String)
    : Object.keys(fields(extensions));
  const compiled = typescript === undefined ? [] : ['ts', 'cts', 'mts'];
  const base = listed.length > 0 ? listed : ['js', 'cjs', 'mjs'];
  return [...base, ...compiled].map((ending) => `.${ending}`);
};

/** What it looks for where nothing is set (vitest.dev/config/include). */
const vitestFiles = ['**/*.{test,spec}.{,c,m}[jt]s{,x}'];

function* vitest(means: Means, { folder, words, test }: Place): Script<string | undefined> {
  const elsewhere = words.find((word) =>
    /^(?:-c|--(?:config|root|dir|project|workspace))\b/u.test(word),
  );
  if (elsewhere !== undefined) return `vitest is started with ${elsewhere}, which is not read here`;
  const path = posix.relative(folder, test);
  const filters = words
    .slice(0, firstFlag(words))
    .filter((word) => !/^(?:run|watch|dev)$/u.test(word));
  if (filters.length > 0 && !filters.some((word) => path.includes(word.replace(/^\.\//u, ''))))
    return `vitest is started for ${filters.join(' ')} and not for ${test}`;
  const config = yield* configIn(means.tree, folder, ['vitest.config', 'vite.config']);
  if (config === undefined) return left('what vitest looks for', vitestFiles, folder, test);
  const file = parseSource(means.compiler, config, yield* means.tree.read(config));
  const unread = ['projects', 'workspace', 'root', 'dir'].find((key) =>
    valueAt(means.compiler, file, ['test', key]),
  );
  if (unread !== undefined) return `"${unread}" in ${config} is not read here`;
  const include = (yield* listIn(means, config, ['test', 'include'])) ?? vitestFiles;
  const exclude = (yield* listIn(means, config, ['test', 'exclude'])) ?? [];
  const patterns = [...include, ...exclude.map((pattern) => `!${pattern}`)];
  return left(`vitest's "include" and "exclude" in ${config}`, patterns, folder, test);
}

const firstFlag = (words: readonly string[]): number => {
  const at = words.findIndex((word) => word.startsWith('-'));
  return at === -1 ? words.length : at;
};

/** What it looks for where no file is named (nodejs.org/api/test.html, Running tests from the command line). */
const nodeFiles = ['*{.,-,_}test', 'test{,-*}', 'test/**/*'].map(
  (name) => `**/${name}.{,c,m}[jt]s`,
);

/** Of these the next word is a value (nodejs.org/api/cli.html). */
const valued =
  /^(?:-r|-C|--(?:import|require|loader|experimental-loader|conditions|env-file|test-(?:reporter|reporter-destination|name-pattern|skip-pattern|concurrency|timeout|shard|isolation|global-setup|coverage-include|coverage-exclude)))$/u;

function* node(_: Means, { folder, words, test }: Place): Script<string | undefined> {
  const named = words.filter(
    (word, at) => !word.startsWith('-') && !valued.test(words[at - 1] ?? ''),
  );
  const patterns = named.map((word) => {
    const plain = word.replace(/^(["'])(.*)\1$/u, '$2').replace(/^\.\//u, '');
    return /[*?{[]|\.\w+$/u.test(plain) ? plain : `${plain.replace(/\/$/u, '')}/**`;
  });
  return patterns.length > 0
    ? left('what `node --test` is started for', patterns, folder, test)
    : left('what `node --test` looks for', nodeFiles, folder, test);
}

/** The runners in the order in which one is taken where several are there. */
export const runners: readonly Runner[] = [
  { name: 'ava', title: 'AVA', isPackage: true, refuses: ava },
  { name: 'vitest', title: 'vitest', isPackage: true, refuses: vitest },
  { name: 'node:test', title: 'node:test', isPackage: false, refuses: node },
];

/** Why patterns leave a file out. */
const left = (
  where: string,
  patterns: unknown,
  folder: string,
  test: string,
): string | undefined => {
  if (!Array.isArray(patterns)) return `${where} are written in a way that is not read here`;
  const plain = patterns.map((one) =>
    String(one)
      .replace(/^(!?)\.\//u, '$1')
      .replace(/\?\(([^()]*)\)/gu, (_, choices) => `{,${choices.replaceAll('|', ',')}}`),
  );
  if (plain.some((one) => /[()|]/u.test(one)))
    return `${where} are written in a way that is not read here`;
  return compileScope(plain)(posix.relative(folder, test))
    ? undefined
    : `${where} (${patterns.join(', ')}) leave out ${test}; name a test file that they match`;
};

/** The first of these files that there is in a folder. */
function* configIn(
  tree: WorkingTree,
  folder: string,
  names: readonly string[],
): Script<string | undefined> {
  const files = new Set(yield* tree.files());
  return names
    .flatMap((name) =>
      ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `${name}.${ending}`),
    )
    .map((name) => posix.join(folder, name))
    .find((path) => files.has(path));
}

/** A list of texts in a config that is code, what is spread into it aside; `undefined` where it names none. */
function* listIn(
  { compiler, tree }: Means,
  path: string,
  keys: readonly string[],
): Script<readonly string[] | undefined> {
  const value = valueAt(compiler, parseSource(compiler, path, yield* tree.read(path)), keys);
  if (value === undefined) return undefined;
  const items = compiler.isArrayLiteralExpression(value)
    ? value.elements.filter((one) => !compiler.isSpreadElement(one))
    : undefined;
  if (!items?.every((one) => compiler.isStringLiteral(one)))
    throw new Declined(`"${keys.at(-1)}" in ${path} is not a plain list, so it cannot be read`);
  return items.map((one) => (one as ts.StringLiteral).text);
}

/** What the first property of that name is, at any depth, and in the object that it is the next one's. */
const valueAt = (
  compiler: Compiler,
  within: ts.Node,
  [key, ...more]: readonly string[],
): ts.Expression | undefined => {
  const isMeant = (node: ts.Node): node is ts.PropertyAssignment =>
    compiler.isPropertyAssignment(node) &&
    node.name.getText().replace(/["']/gu, '') === key &&
    (more.length === 0 || compiler.isObjectLiteralExpression(node.initializer));
  const find = (node: ts.Node): ts.Expression | undefined =>
    isMeant(node) ? node.initializer : compiler.forEachChild(node, find);
  const value = compiler.forEachChild(within, find);
  return value && more.length > 0 ? valueAt(compiler, value, more) : value;
};
