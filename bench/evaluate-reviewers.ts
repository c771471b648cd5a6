// SPDX-License-Identifier: GPL-3.0-only
import { glob, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { decisionIn } from '../src/agent/dialects/decision.ts';
import { runLoop } from '../src/agent/loop.ts';
import type { ModelAgent } from '../src/agent/registry.ts';
import { createPathVerifier } from '../src/boundary/verifier.ts';
import { shippedChores } from '../src/chore/chores.ts';
import type { OpenDecision } from '../src/chore/decide/decision.ts';
import type { Engine } from '../src/engine/contract/engine.ts';
import { openEngine } from '../src/engine/open.ts';
import { shareOf } from '../src/morning/metrics/share-interval.ts';
import { composeExam } from '../src/review/exam/compose-exam.ts';
import { type ExamCase, prepareCase } from '../src/review/exam/exam-case.ts';
import { countsByWay } from '../src/review/exam/exam-result.ts';
import { formatJointErrors, jointErrorsOf } from '../src/review/kappa/joint-errors.ts';
import { kappaError } from '../src/review/kappa/kappa-error.ts';
import type { Verdict } from '../src/review/schema.ts';
import { patchDecision } from '../src/review/suspect/review-decision.ts';
import { nothingWrong, type View } from '../src/review/suspect/suspicions.ts';
import { contextOf, overlayOf } from './docs/chore.ts';
import { modelAgents } from './model-agents.ts';

/*
 * How reviewers that pick judge good and bad patches of notes, through the loop and llama.cpp:
 * evaluate-reviewers.ts [--a FILE] [--b FILE] [--patches N] [--seed N] [--confidence SHARE] [--confidence SHARE] [--ways] [FOLDER]. `--a` sees evidence in
 * words, `--b` with values. Half of the patches are of the folder's notes, where they are plain enough. A patch that is certain to be
 * wrong is refused before anyone is asked, and counted by itself. Beside the models stand one that always says
 * nothing, and each model on evidence that belongs to another patch.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    a: { type: 'string' },
    b: { type: 'string' },
    patches: { type: 'string', default: '300' },
    seed: { type: 'string', default: '11' },
    confidence: { type: 'string', multiple: true, default: [] },
    ways: { type: 'boolean', default: false },
    swapped: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const folder = positionals[0] ?? join(import.meta.dirname, '../../shared/corpus/docs');
const agentName = 'review.peer';
/** The first is of `--a`, the second of `--b`. */
const least = values.confidence.map(Number);

type Asked = { readonly examCase: ExamCase; readonly decision: OpenDecision | undefined };

const sourcesIn = async () =>
  Promise.all(
    (await Array.fromAsync(glob('**/*.md', { cwd: folder })))
      .sort()
      .map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') })),
  );

const chores = await shippedChores();

const ask = async (cases: readonly ExamCase[], view: View): Promise<readonly Asked[]> => {
  const { base } = overlayOf({});
  return Promise.all(
    cases.map(async (examCase) => {
      const { overlay } = await prepareCase(examCase, base);
      const decision = await patchDecision(examCase, overlay, { chores, view });
      return { examCase, decision: 'refused' in decision ? undefined : decision };
    }),
  );
};

const reviewer = async (model: string, view: View, agent: ModelAgent) => {
  const engine: Engine = await openEngine(
    { engine: 'llama', model: resolve(model), dialect: 'decision', slots: 1 },
    { folder: '', setting: 'bench', chores: shippedChores },
  );
  const { contextTokens } = await engine.probe();
  const judge = async ({ examCase: { spec, unit }, decision }: Asked): Promise<Verdict> => {
    if (!decision) return 'reject';
    const overlay = overlayOf({});
    const input = { spec, unit, inputs: {} };
    const { executor, signal } = contextOf(input, overlay);
    const { outcome } = await runLoop({
      agent: agent.manifest,
      limits: agent.manifest.limits,
      runtime: { temperature: 0 },
      dialect: decisionIn(view, least[view === 'words' ? 0 : 1]).of(decision, agent.decide ?? ''),
      tools: [],
      verifier: createPathVerifier({ mayRead: () => false, mayWrite: () => false }),
      context: { overlay, executor, signal, paths: unit.paths },
      prompt: agent.prompt,
      ...{ engine, contextTokens, input, signal },
    });
    const result = outcome.kind === 'final' ? outcome.output.result : {};
    return outcome.kind === 'final' &&
      outcome.output.status === 'ok' &&
      result.verdict === 'approve'
      ? 'approve'
      : 'reject';
  };
  return { judge, close: () => engine.close() };
};

/** Each decision with the evidence of the next patch. */
const withOthers = (asked: readonly Asked[]): readonly Asked[] => {
  const open = asked.filter(({ decision }) => decision !== undefined);
  return open.map(({ examCase, decision }, at) => ({
    examCase,
    decision: decision && {
      ...decision,
      questions: open[(at + 1) % open.length]?.decision?.questions ?? [],
    },
  }));
};

const percent = (count: number, of: number): string => {
  const share = shareOf(count, of);
  const [value, low, high] = [share?.value, share?.low, share?.high].map((part) =>
    ((part ?? 0) * 100).toFixed(1),
  );
  return `${count} of ${of} (${value} %, ${low} to ${high})`;
};

const tell = (name: string, asked: readonly Asked[], verdicts: readonly Verdict[]): void => {
  const pairs = asked.map(
    ({ examCase: { truth } }, at) =>
      [verdicts[at] ?? 'reject', truth === 'good' ? 'approve' : 'reject'] as const,
  );
  const of = (truth: Verdict) => pairs.filter((pair) => pair[1] === truth);
  const [good, bad] = [of('approve'), of('reject')];
  const { kappas } = jointErrorsOf(
    asked.map(({ examCase: { truth } }, at) => {
      const verdict = verdicts[at] ?? 'reject';
      return { truth, verdicts: [verdict, verdict] };
    }),
  );
  const error = kappaError(pairs);
  console.log(
    `${name}: bad approved ${percent(bad.filter(([said]) => said === 'approve').length, bad.length)}, ` +
      `good rejected ${percent(good.filter(([said]) => said === 'reject').length, good.length)}, ` +
      `kappa ${kappas[0]?.toFixed(3) ?? 'none'} (${error?.low.toFixed(3)} to ${error?.high.toFixed(3)})`,
  );
  if (!values.ways) return;
  const answers = asked.map(({ examCase: { id, truth, way } }, at) => ({
    ...{ id, truth, way },
    verdict: verdicts[at] ?? ('reject' as const),
  }));
  for (const { truth, way, patches, wrong } of countsByWay(answers)) {
    if (wrong > 0) console.log(`  ${truth} ${way}: wrong in ${wrong} of ${patches}`);
  }
};

const count = Number(values.patches);
const cases = await composeExam({
  ...{ kind: 'docs', seed: Number(values.seed), chores, good: count, bad: count },
  sources: await sourcesIn(),
});
const agent = (await modelAgents(join(import.meta.dirname, '../actions'), [agentName])).get(
  agentName,
);
if (!agent) throw new Error(`there is no ${agentName}`);
const verdictsOf: (readonly Verdict[])[] = [];
for (const [name, model, view] of [
  ['a', values.a, 'words'],
  ['b', values.b, 'values'],
] as const) {
  const asked = await ask(cases, view);
  if (name === 'a') {
    const refused = asked.filter(({ decision }) => !decision).map(({ examCase }) => examCase);
    const bad = refused.filter(({ truth }) => truth === 'bad').length;
    console.log(`refused before anyone is asked: ${bad} bad, ${refused.length - bad} good`);
    const always = asked.map(({ decision }) => (decision ? 'approve' : 'reject'));
    tell(`always "${nothingWrong}"`, asked, always);
  }
  if (model === undefined) continue;
  const { judge, close } = await reviewer(model, view, agent);
  try {
    const judgeAll = async (patches: readonly Asked[]): Promise<readonly Verdict[]> => {
      const verdicts: Verdict[] = [];
      for (const patch of patches) verdicts.push(await judge(patch));
      return verdicts;
    };
    const start = performance.now();
    const verdicts = await judgeAll(asked);
    const spent = (performance.now() - start) / 1000 / asked.length;
    tell(`${name} (${view})`, asked, verdicts);
    const open = asked.map(({ decision }) => decision !== undefined);
    const isOpen = (_: unknown, at: number): boolean => open[at] ?? false;
    tell(`${name} where it was asked`, asked.filter(isOpen), verdicts.filter(isOpen));
    console.log(`${spent.toFixed(2)} s a patch`);
    if (values.swapped) {
      const others = withOthers(asked);
      tell(`${name} with another patch's evidence`, others, await judgeAll(others));
    }
    verdictsOf.push(verdicts);
  } finally {
    await close();
  }
}
const [first, second] = verdictsOf;
if (first && second) {
  const patches = cases.map(({ truth }, at) => ({
    truth,
    verdicts: [first[at] ?? 'reject', second[at] ?? 'reject'] as const,
  }));
  console.log(formatJointErrors(jointErrorsOf(patches)));
  const both = patches.map(
    ({ verdicts: [a, b] }): Verdict => (a === 'approve' && b === 'approve' ? 'approve' : 'reject'),
  );
  tell(
    'both',
    cases.map((examCase) => ({ examCase, decision: undefined })),
    both,
  );
}
