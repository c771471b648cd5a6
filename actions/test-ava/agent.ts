// SPDX-License-Identifier: GPL-3.0-only
import type { CodeContext, RunCode } from '../../src/agent/code-agent.ts';
import { SandboxFault } from '../../src/boundary/executor.ts';
import { readAsked } from '../../src/chore/read-asked.ts';
import { isSource } from '../../src/code/script-of.ts';
import { isTest } from '../../src/code/syntax.ts';
import { countNoun } from '../../src/data/count-noun.ts';
import { durationSchema } from '../../src/flow/schema.ts';
import { isMarkdown } from '../../src/markdown/decode-markdown.ts';
import { followLinks } from '../../src/markdown/links.ts';
import { compileScope } from '../../src/spec/scope.ts';
import { type CheckResult, runSpecChecks } from '../../src/tool/spec-checks.ts';
import { findPlaces, type TestPlace } from '../../src/tool/tests/places.ts';
import { judgePlace, needsBase } from './compare.ts';
import { conclude, type Tested, type Tests } from './conclude.ts';
import { findLostImports } from './lost-imports.ts';
import { runOnBase } from './on-base.ts';
import { missingDependencies, nameOf, runPlace } from './run-place.ts';

const defaultTimeoutMs = 300_000;

/**
 * Runs the tests around the files that the patch changes, with whatever the repository runs them, looks
 * anywhere in the tree for imports that the patch leaves without their name, then runs the spec's checks;
 * a node's `with: {timeout: 90s}` bounds each command. Tests share their sandbox with the code under test,
 * so what it prints or exits with can be forged by a patch that means to; reviewers judge the patch.
 */
export const run: RunCode = async (context) => {
  const timeoutMs = readTimeout(context.input.with?.timeout);
  const { overlay, executor, dependencies, signal } = context;
  try {
    const changed = overlay.changes().map(({ path }) => path);
    const tested = await testPlaces(context, await findPlaces(context, changed), timeoutMs);
    const tests = tested.failure
      ? tested
      : { ...tested, ...(await linksAsked(context)), ...(await importFailure(context)) };
    const { checks } = context.input.spec;
    const means = { overlay, executor, dependencies, signal, timeoutMs };
    const checked = await runSpecChecks({ ...means, checks });
    return conclude(tests, checked, checks.length);
  } catch (error) {
    if (!(error instanceof SandboxFault)) throw error;
    const failure = { code: 'sandbox', message: error.message } as const;
    return conclude({ tested: [], notes: [], failure }, noChecks, 0);
  }
};

const readTimeout = (value: unknown): number => {
  const parsed = durationSchema.safeParse(value);
  return parsed.success ? parsed.data : defaultTimeoutMs;
};

const noChecks: CheckResult = { ok: true, log: '', failed: [] };

const testPlaces = async (
  context: CodeContext,
  places: readonly TestPlace[],
  timeoutMs: number,
): Promise<Tests> => {
  const { overlay, executor, dependencies, signal } = context;
  const tested: Tested[] = [];
  const notes: string[] = [];
  const lost = places.find((place) => place.lost);
  if (lost) {
    const message = `${nameOf(lost.folder)} has tests before the patch but not after it`;
    return { tested, notes, failure: { code: 'tests', finding: 'test.removed', message } };
  }
  for (const place of places) {
    const modules = await dependencies(place.folder);
    const absent = await missingDependencies(place, modules);
    const wanted = await areWanted(context, place);
    const needed = wanted || addsTest(context, place);
    if (absent && place.implied && !needed) {
      const command = place.steps[0]?.command;
      notes.push(
        `${nameOf(place.folder)} has no test script, and ${command} is not installed to run without one`,
      );
      continue;
    }
    if (absent && needed) return { tested, notes, failure: absent };
    if (absent) {
      notes.push(`none in ${nameOf(place.folder)}: ${absent.message} (${absent.advice})`);
      continue;
    }
    const means = { overlay, executor, signal, modules, timeoutMs };
    const run = await runPlace(place, means);
    const base = needsBase(run) ? await runOnBase(place, means) : undefined;
    const judged = judgePlace(run, base);
    tested.push({ run, judged, ...(base && { baseLog: base.log }) });
    const unprepared = await missingDependencies(place, modules, run);
    if (judged.red !== undefined) {
      const message = `${nameOf(place.folder)}: ${judged.red}`;
      return { tested, notes, failure: unprepared ?? { code: 'tests', message } };
    }
    if (run.missing === undefined) continue;
    if (unprepared) return { tested, notes, failure: unprepared };
    const message = `${nameOf(place.folder)}: \`${run.missing}\` finds no such program in the sandbox`;
    const ran = run.passed + run.failed.length > 0;
    if (place.depends && (ran ? wanted : needed))
      return { tested, notes, failure: { code: 'tests', finding: 'test.no-program', message } };
    notes.push(message);
  }
  return { tested, notes };
};

/**
 * Whether tests that cannot be run stop the patch: where a sentence or the repository's settings want
 * them to pass, and there are any. Else the pull request says that none ran.
 */
const areWanted = async (
  { input: { spec }, overlay, tests, chores }: CodeContext,
  { folder }: TestPlace,
): Promise<boolean> => {
  if (!overlay.list().some(isTestIn(folder))) return false;
  const { asked } = readAsked(spec, await chores());
  return tests !== undefined || asked.some(({ args }) => args.check === 'tests');
};

/** A test that the patch adds must have been run. */
const addsTest = ({ overlay }: CodeContext, { folder }: TestPlace): boolean => {
  const existing = new Set(overlay.list('base'));
  return overlay
    .changes()
    .map(({ path }) => path)
    .some((path) => isTestIn(folder)(path) && isSource(path) && !existing.has(path));
};

const isTestIn =
  (folder: string) =>
  (path: string): boolean =>
    (folder === '' || path.startsWith(`${folder}/`)) && isTest(path);

/** Where a sentence is about links, those of the documents in the scope and of all that are changed are followed. */
const linksAsked = async ({
  input: { spec },
  overlay,
  chores,
}: CodeContext): Promise<Pick<Tests, 'links' | 'failure'>> => {
  const { asked } = readAsked(spec, await chores());
  if (asked.every(({ args }) => args.check !== 'links')) return {};
  const inScope = compileScope(spec.scope);
  const files = overlay.list();
  const changed = new Set(overlay.changes().map(({ path }) => path));
  const documents = files.filter(
    (path) => isMarkdown(path) && (inScope(path) || changed.has(path)),
  );
  const { count, broken } = await followLinks(documents, new Set(files), (path) =>
    overlay.read(path),
  );
  const [first, ...more] = broken;
  if (!first) return { links: count };
  const others = more.length > 0 ? `, and ${countNoun(more.length, 'other link')}` : '';
  const message = `${first.path}: the link to ${first.target} leads nowhere${others}`;
  const advice = 'fix it, or ask for it: "Fix broken relative links"';
  return { links: count, failure: { code: 'tests', finding: 'test.broken-link', message, advice } };
};

/** No test need cover an importer outside the scope, where no reviewer looks. */
const importFailure = async ({ overlay }: CodeContext): Promise<Pick<Tests, 'failure'>> => {
  const [first, ...more] = await findLostImports(overlay);
  if (first === undefined) return {};
  const message = more.length > 0 ? `${first}, and ${countNoun(more.length, 'more place')}` : first;
  return { failure: { code: 'tests', finding: 'test.lost-import', message } };
};
