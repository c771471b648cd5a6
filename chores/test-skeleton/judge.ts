// SPDX-License-Identifier: GPL-3.0-only
import type { Judge, PatchView } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { findSaid, mayDeclare, type ReadText } from '../../src/code/relative-modules.ts';
import { isSource } from '../../src/code/script-of.ts';
import { isTest } from '../../src/code/syntax.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { isCallable, signatureOf } from '../doc-comment/judge-function.ts';
import type { TokenModule } from '../export/judge-module.ts';
import { type Look, openLook } from '../export/judge-trace.ts';
import { addedTo, cutOut, grownImport, plainText } from './judge-added.ts';
import { Reader } from './judge-grammar.ts';
import { wrongBinding, wrongImport } from './judge-imports.ts';
import { isRunBy, runnerOf } from './judge-runner.ts';
import { NotPlain, type Said } from './judge-said.ts';
import { readTest, type Subject } from './judge-test.ts';

type Args = {
  readonly names?: readonly string[];
  readonly source?: string;
  readonly test?: string;
};

type Stages = {
  readonly patch: PatchView;
  readonly base: Look;
  readonly now: Look;
  readonly read: ReadText;
};

/** Takes out the tests that are new, each of which must be one of the few forms that a first test has. */
export const judge: Judge<Args> = function* ({ names = [], source: said, test }, patch, texts) {
  const left = new Map(texts);
  const stages = openStages(patch, left);
  const source = said === undefined ? yield* ownerOf(stages, names) : yield* findSaid(patch, said);
  const module = source === undefined ? undefined : yield* stages.now(source);
  if (!module) return { findings: ['it is not clear which module is to be tested'] };
  const subjects = subjectsOf(module, names);
  if (typeof subjects === 'string') return { findings: [subjects] };
  const path = yield* testPath(stages, test, [...subjects.keys()]);
  const now = path === undefined ? undefined : yield* stages.now(path);
  if (path === undefined || !now) return { findings: [`there is no test of ${module.path}`] };
  const base = yield* stages.base(path);
  try {
    const grown = base && grownImport(now, base, subjects);
    const wrong =
      grown &&
      (yield* wrongImport(stages, now, grown.statement, module.path, subjects, grown.kept));
    if (wrong !== undefined) return { findings: [`${path}: ${wrong}`] };
    if (grown) left.set(path, grown.text);
    const shorter = (yield* stages.now(path)) ?? now;
    const result = yield* withoutTests(stages, shorter, base, module, subjects, names, now);
    if (result.text !== now.text) left.set(path, result.text);
    return {
      texts: left,
      findings: result.problem === undefined ? [] : [`${path}: ${result.problem}`],
    };
  } catch (error) {
    if (error instanceof NotPlain) return { findings: [`${path}: ${error.message}`] };
    throw error;
  }
};

const openStages = (patch: PatchView, left: ReadonlyMap<string, string | undefined>): Stages => {
  const compiler = loadTypeScript();
  const renames = patch.asked.flatMap(({ chore, args }) =>
    chore === 'rename' ? [[String(args.from), String(args.to)] as const] : [],
  );
  const base: ReadText = function* (path) {
    const text = yield* patch.read(path, 'base');
    const words = new Map(renames);
    return text?.replace(/[\p{ID_Continue}$]+/gu, (word) => words.get(word) ?? word);
  };
  const read: ReadText = function* (path) {
    return left.has(path) ? left.get(path) : yield* patch.read(path);
  };
  return { patch, base: openLook(compiler, base), now: openLook(compiler, read), read };
};

/** The one module that declares the first name; of several those that export it. */
function* ownerOf({ patch, now }: Stages, [name]: readonly string[]): Script<string | undefined> {
  if (name === undefined) return undefined;
  const owners: string[] = [];
  for (const path of yield* mayDeclare(patch, name)) {
    const module = yield* now(path);
    if (module?.handed.some((one) => one.local === name && one.module === undefined))
      owners.push(path);
  }
  return owners.length === 1 ? owners[0] : undefined;
}

const subjectsOf = (
  module: TokenModule,
  names: readonly string[],
): ReadonlyMap<string, Subject> | string => {
  const subjects = new Map<string, Subject>();
  for (const { name, local, module: from } of module.handed) {
    const one = module.named.find((named) => named.name === local && named.kind === 'value');
    if (!one || from !== undefined || !(name === local || name === 'default')) continue;
    const isClass = one.statement.tokens.some(({ text }, at) => text === 'class' && at < 5);
    subjects.set(local, {
      kind: isClass ? 'class' : isCallable(one) ? 'function' : 'other',
      takes: (signatureOf(one)?.parameters.length ?? 0) > 0,
    });
  }
  const missing = names.find((name) => !subjects.has(name));
  if (missing !== undefined) return `${module.path} exports no value \`${missing}\``;
  return names.length === 0
    ? subjects
    : new Map([...subjects].filter(([name]) => names.includes(name)));
};

/** The test that is named, else the only changed one that has a name, else one that is there. */
function* testPath(
  { patch, now }: Stages,
  test: string | undefined,
  names: readonly string[],
): Script<string | undefined> {
  if (test !== undefined) return (yield* now(test)) ? test : yield* findSaid(patch, test);
  const [first = ''] = names;
  const changed = patch.paths.filter((path) => isTest(path) && isSource(path));
  const there = (yield* patch.containing(first)).filter((path) => isTest(path) && isSource(path));
  for (const path of [...changed, ...there.slice(0, 10)]) {
    const module = yield* now(path);
    if (module?.imported.some(({ local }) => names.includes(local))) return path;
  }
  return undefined;
}

function* withoutTests(
  stages: Stages,
  now: TokenModule,
  base: TokenModule | undefined,
  module: TokenModule,
  subjects: ReadonlyMap<string, Subject>,
  names: readonly string[],
  whole: TokenModule,
): Script<{ readonly text: string | undefined; readonly problem?: string | undefined }> {
  const added = addedTo(base, now);
  const fresh = [...subjects].filter(([name]) => !(base && isUsed(base, name)));
  if (base && fresh.length === 0) return { text: now.text };
  if (base && names.length === 0 && added.length === 0) return { text: now.text };
  const text = plainText(now, added, base, module);
  if (text !== undefined) return { text: now.text, problem: text };
  const runner = runnerOf(now, base);
  if (runner === undefined) return { text: now.text, problem: 'it imports no runner of tests' };
  if (!base && !(yield* isRunBy(stages.read, now.path, runner.package))) {
    return { text: now.text, problem: `nothing here runs tests of ${runner.package}` };
  }
  const tested = new Set<string>();
  const constants = new Map<string, Said>();
  for (const statement of added) {
    const [first, second] = statement.tokens.map((token) => token.text);
    if (first === 'import') {
      const problem = runner.statements.includes(statement)
        ? undefined
        : yield* wrongImport(stages, now, statement, module.path, subjects);
      if (problem !== undefined) return { text: now.text, problem };
    } else if (first === 'const' && second !== undefined && !subjects.has(second)) {
      const reader = new Reader(statement.tokens.slice(3), {
        subjects: new Map(),
        locals: constants,
      });
      constants.set(second, reader.expression());
      reader.skip(';');
      if (statement.tokens[2]?.text !== '=' || !reader.isDone)
        return { text: now.text, problem: 'a constant is not plain' };
    } else {
      for (const name of readTest(statement, subjects, constants, runner)) tested.add(name);
    }
  }
  const imported = new Set(whole.imported.map(({ local }) => local));
  const untested = [...subjects.keys()].find(
    (name) =>
      !tested.has(name) &&
      (names.length > 0
        ? fresh.some(([one]) => one === name)
        : imported.has(name) && fresh.some(([one]) => one === name)),
  );
  if (untested !== undefined)
    return { text: now.text, problem: `\`${untested}\` is not put to the test` };
  for (const name of tested) {
    const problem = yield* wrongBinding(stages, whole, name, module.path);
    if (problem !== undefined) return { text: now.text, problem };
  }
  if (tested.size === 0) return { text: now.text, problem: 'nothing is put to the test' };
  return base ? cutOut(now, base, added) : { text: undefined };
}

const isUsed = ({ statements }: TokenModule, name: string): boolean =>
  statements.some(
    ({ tokens }) => tokens[0]?.text !== 'import' && tokens.some(({ text }) => text === name),
  );
