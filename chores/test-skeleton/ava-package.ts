// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { Declined, type Script } from '../../src/chore/script.ts';
import { isSource } from '../../src/code/script-of.ts';
import { isTest } from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import { compileScope } from '../../src/spec/scope.ts';

/** @throws Declined where nothing shows that AVA would run a test at this path. */
export function* refuseOtherRunner(tree: WorkingTree, test: string): Script<void> {
  const files = yield* tree.files();
  const manifests = files
    .filter((path) => posix.basename(path) === 'package.json')
    .filter((path) => test.startsWith(path.slice(0, -'package.json'.length)))
    .sort((a, b) => b.length - a.length);
  let runsIn: { readonly folder: string; readonly manifest: Manifest } | undefined;
  for (const path of manifests) {
    const manifest = parseManifest(path, yield* tree.read(path));
    // A workspace may run AVA that only the manifest at the top depends on.
    if (namesAva(manifest)) runsIn ??= { folder: posix.dirname(path), manifest };
    if (dependsOn(manifest, 'ava')) {
      yield* refuseUnmatched(tree, runsIn ?? { folder: posix.dirname(path), manifest }, test);
      return;
    }
    if (runsIn) continue;
    const other = otherRunner(manifest);
    if (other !== undefined) {
      throw new Declined(
        `the tests of ${path} run with ${other}; a skeleton can only be written for AVA`,
      );
    }
  }
  if (manifests.length === 0 && (yield* someTestImportsAva(tree))) return;
  throw new Declined(
    manifests.length > 0
      ? `no package.json around ${test} depends on ava, and a skeleton can only be written for AVA`
      : `nothing shows that ${test} would run with AVA; add its package.json to "context"`,
  );
}

function* someTestImportsAva(tree: WorkingTree): Script<boolean> {
  for (const words of ["from 'ava'", 'from "ava"']) {
    const hits = yield* tree.lines(words);
    if (!hits || hits.some(({ path }) => isSource(path) && isTest(path))) return true;
  }
  return false;
}

type Manifest = Readonly<Record<string, unknown>>;

const parseManifest = (path: string, text: string): Manifest => {
  try {
    return fields(JSON.parse(text));
  } catch {
    throw new Declined(`${path} is not valid JSON, so nothing tells how tests are run`);
  }
};

const fields = (value: unknown): Manifest =>
  typeof value === 'object' && value !== null ? (value as Manifest) : {};

const dependsOn = (manifest: Manifest, name: string): boolean =>
  ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].some((kind) =>
    Object.hasOwn(fields(manifest[kind]), name),
  );

const namesAva = ({ ava, scripts }: Manifest): boolean =>
  ava !== undefined || /(?:^|[\s;&|])ava(?:$|[\s;&|])/u.test(String(fields(scripts).test ?? ''));

const runners = ['vitest', 'jest', 'mocha', 'tap', 'uvu', 'jasmine', '@playwright/test', 'tape'];

const otherRunner = (manifest: Manifest): string | undefined => {
  const { test } = fields(manifest.scripts);
  const runner = runners.find((name) => dependsOn(manifest, name));
  return runner ?? (typeof test === 'string' ? `\`${test}\`` : undefined);
};

const configNames = ['js', 'mjs', 'cjs'].map((ending) => `ava.config.${ending}`);

/** @throws Declined where AVA's settings leave the file out, or cannot be read. */
function* refuseUnmatched(
  tree: WorkingTree,
  { folder, manifest }: { readonly folder: string; readonly manifest: Manifest },
  test: string,
): Script<void> {
  const files = yield* tree.files();
  const config = configNames
    .map((name) => posix.join(folder, name))
    .find((path) => files.includes(path));
  if (config === undefined && !endingsOf(fields(manifest.ava)).includes(posix.extname(test))) {
    throw new Declined(
      `AVA in ${posix.join(folder, 'package.json')} runs no ${posix.extname(test)} files`,
    );
  }
  const patterns =
    config === undefined ? fields(manifest.ava).files : listIn(config, yield* tree.read(config));
  if (patterns === undefined) return;
  const place = config ?? posix.join(folder, 'package.json');
  if (!Array.isArray(patterns) || patterns.some((one) => !/^[^()|]+$/u.test(String(one)))) {
    throw new Declined(`AVA's "files" in ${place} are written in a way that is not read here`);
  }
  const plain = patterns.map((one) => String(one).replace(/^(!?)\.\//u, '$1'));
  if (compileScope(plain)(posix.relative(folder, test))) return;
  throw new Declined(
    `AVA's "files" in ${place} (${plain.join(', ')}) leave out ${test}; name a test file that they match`,
  );
}

const endingsOf = ({ extensions, typescript }: Manifest): readonly string[] => {
  const listed = Array.isArray(extensions)
    ? extensions.map(String)
    : Object.keys(fields(extensions));
  const compiled = typescript === undefined ? [] : ['ts', 'cts', 'mts'];
  const base = listed.length > 0 ? listed : ['js', 'cjs', 'mjs'];
  return [...base, ...compiled].map((ending) => `.${ending}`);
};

/** The list of `files` in a config that is code; `undefined` where it names none. */
const listIn = (path: string, text: string): readonly string[] | undefined => {
  if (!/\bfiles\b/u.test(text)) return undefined;
  const [, list] = /\bfiles["']?\s*:\s*\[([^\]]*)\]/u.exec(text) ?? [];
  const entries =
    list
      ?.split(',')
      .map((entry) => entry.trim())
      .filter(Boolean) ?? [];
  const plain = entries.map((entry) => /^(["'])([^"'`$\\]+)\1$/u.exec(entry)?.[2]);
  if (list === undefined || plain.some((entry) => entry === undefined)) {
    throw new Declined(`AVA's "files" in ${path} are not a plain list, so they cannot be read`);
  }
  return plain.flatMap((entry) => entry ?? []);
};
