// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { Declined, type Script } from '../../src/chore/script.ts';
import { isSource } from '../../src/code/script-of.ts';
import { isTest } from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { packagedRunners } from '../../src/tool/tests/runners.ts';
import { scriptSteps } from '../../src/tool/tests/steps.ts';
import { fields, type Manifest, type Place, type Runner, runners } from './runner-settings.ts';

type Means = { readonly compiler: Compiler; readonly tree: WorkingTree };

/** What runs a test at this path, as its packages say. @throws Declined where that is not one of the three. */
export function* findRunner(means: Means, test: string): Script<Runner> {
  const { tree } = means;
  const manifests = (yield* tree.files())
    .filter((path) => posix.basename(path) === 'package.json')
    .filter((path) => test.startsWith(path.slice(0, -'package.json'.length)))
    .sort((a, b) => b.length - a.length);
  const around: { readonly path: string; readonly manifest: Manifest }[] = [];
  for (const path of manifests) {
    around.push({ path, manifest: parseManifest(path, yield* tree.read(path)) });
  }
  if (around.length === 0) return yield* runnerOfOthers(tree, test);
  const depends = (name: string) => around.some(({ manifest }) => dependsOn(manifest, name));
  for (const { path, manifest } of around) {
    const folder = posix.dirname(path);
    const calls = callsIn(manifest);
    if (calls.length === 0) continue;
    const reasons: string[] = [];
    for (const { name, words } of calls) {
      const runner = runnerNamed(name);
      if (runner === undefined) reasons.push(`the tests of ${path} run with ${name}; ${offer}`);
      else if (runner.isPackage && !depends(runner.name))
        reasons.push(`no package.json around ${test} depends on ${runner.name}; ${offer}`);
      else {
        const place: Place = { folder, manifest, words, test };
        const reason = yield* runner.refuses(means, place);
        if (reason === undefined) return runner;
        reasons.push(reason);
      }
    }
    throw new Declined(reasons[0] ?? offer);
  }
  throw new Declined(`no package.json around ${test} says what runs its tests; ${offer}`);
}

const offer = `a skeleton is written for ${runners.map(({ title }) => title).join(', ')}`;

const runnerNamed = (name: string): Runner | undefined =>
  runners.find((runner) => runner.name === name);

/** Where there is no package, the other tests say. */
function* runnerOfOthers(tree: WorkingTree, test: string): Script<Runner> {
  for (const runner of runners) {
    for (const quote of ["'", '"']) {
      const hits = yield* tree.lines(`from ${quote}${runner.name}${quote}`);
      if (!hits || hits.some(({ path }) => isSource(path) && isTest(path))) return runner;
    }
  }
  throw new Declined(
    `nothing shows what would run ${test}; add its package.json to "context", for ${offer}`,
  );
}

type Call = { readonly name: string; readonly words: readonly string[] };

/** What the test script starts, or else the runner that the package depends on; a script that is no plain call as it is. */
const callsIn = (manifest: Manifest): readonly Call[] => {
  const scripts = Object.fromEntries(
    Object.entries(fields(manifest.scripts)).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
  const steps = scriptSteps('test', scripts);
  const called = steps.flatMap(({ call }): readonly Call[] => {
    if (!call || (call.runner === 'node:test' && !call.words.includes('--test'))) return [];
    return [{ name: call.runner, words: call.words.slice(call.at + 1) }];
  });
  if (called.length > 0) return called;
  const implied = [...packagedRunners, ...otherRunners].filter(
    (name) => dependsOn(manifest, name) || (name === 'ava' && manifest.ava !== undefined),
  );
  if (implied.length > 0) return implied.map((name) => ({ name, words: [] }));
  return steps.length > 0 ? [{ name: `\`${scripts.test}\``, words: [] }] : [];
};

const otherRunners = ['tap', 'uvu', 'jasmine', '@playwright/test', 'tape'];

const parseManifest = (path: string, text: string): Manifest => {
  try {
    return fields(JSON.parse(text));
  } catch {
    throw new Declined(`${path} is not valid JSON, so nothing tells how tests are run`);
  }
};

const dependsOn = (manifest: Manifest, name: string): boolean =>
  ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].some((kind) =>
    Object.hasOwn(fields(manifest[kind]), name),
  );
