// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { Runtime } from '../../src/config/schema.ts';
import { loadFlow } from '../../src/flow/load-flow.ts';
import { countPairs, type EvalResult } from '../../src/learn/eval/result.ts';
import { judgeEval, usualBar } from '../../src/learn/promote/judge-eval.ts';
import { workHere } from '../../src/night/child/work-here.ts';
import { readCommit } from '../../src/night/open/read-commit.ts';
import {
  type EvalPlan,
  emptyResult,
  evaluateAgent,
  evaluatorOf,
} from '../../src/night/trial/evaluate-agent.ts';
import { isSameComparison, withWorked } from '../../src/night/trial/go-on.ts';
import { loadSpecFile } from '../../src/spec/load-specs.ts';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { tinyHouse, tinySpec } from './support/tiny-house.ts';
import { type House, makeHouse } from './support/with-night.ts';

/*
 * Real nights of rules: the candidate does as it is told, and the incumbent refuses what says "hard".
 */

const lazy = String(tinyHouse['agents/worker/rules/default.js']).replace(
  "if (order === 'refuse')",
  "if (body.includes('hard') || order === 'refuse')",
);

const texts = { easy: 'a\n', hard: 'hard\n', never: 'b refuse\n', also: 'hard too\n' };

const files = {
  'agents/worker/rules/lazy.js': lazy,
  ...Object.fromEntries(Object.entries(texts).map(([id, text]) => [`${id}/a.txt`, text])),
};

const rules = (name: string): { readonly runtime: Runtime } => ({
  runtime: { engine: 'rules', rules: name },
});

const digest = 'a'.repeat(64);

const planOf = async (
  t: ExecutionContext,
  house: House,
  place: string,
  more: Partial<EvalPlan> = {},
): Promise<EvalPlan> => {
  const head = house.run(['rev-parse', 'HEAD']).trim();
  const base = await openBaseTree(house.folder, head);
  const commit = await readCommit(base);
  const flow = loadFlow(await commit.flowSource('tiny'));
  await base.close();
  const spec = (id: string) =>
    loadSpecFile({ name: `${id}.yaml`, text: tinySpec(`${id}/`, 'flow: tiny\n') });
  return {
    ...{ agent: 'tiny.worker', profile: 'tiny', heldOut: null, place, head },
    candidate: { version: 2, adapter: digest, base: { name: 'b', digest }, dataset: digest },
    incumbent: { name: 'lazy' },
    repository: house.folder,
    registry: 'version: 1\nagents: {}\n',
    config: commit.config,
    flows: [flow],
    startedAt: '2026-11-20T12:00:00Z',
    sides: { candidate: rules('default'), incumbent: rules('lazy') },
    specs: Object.keys(texts).map((id) => ({
      kind: id === 'also' ? 'guard' : 'held-out',
      spec: spec(id),
      on: { commit: head },
    })),
    state: house.state,
    example: true,
    work: workHere,
    say: (line) => t.log(line),
    signal: new AbortController().signal,
    ...more,
  };
};

const evaluate = async (plan: EvalPlan, before?: EvalResult) => {
  const kept: EvalResult[] = [];
  const evaluator = before?.evaluator ?? (await evaluatorOf(plan));
  const result = await evaluateAgent(plan, before ?? emptyResult(plan, evaluator), (one) =>
    kept.push(one),
  );
  return { result, kept };
};

test('both work the same specs, and the repository is left as it was', async (t) => {
  const house = await makeHouse(t, files);
  const place = temporaryFolder(t);
  const before = house.run(['for-each-ref']);
  const { result } = await evaluate(await planOf(t, house, place));
  t.deepEqual(countPairs(result.cases), { both: 1, candidate: 1, incumbent: 0, neither: 1 });
  t.deepEqual(countPairs(result.cases, 'guard'), {
    both: 0,
    candidate: 1,
    incumbent: 0,
    neither: 0,
  });
  const hard = result.cases.find(({ id }) => id === 'hard');
  t.like(hard, { candidate: { accepted: true }, incumbent: { accepted: false } });
  t.true((hard?.candidate?.tokens.completion ?? 0) > 0, 'what it wrote is counted');
  t.true((hard?.candidate?.seconds ?? 0) > 0);
  t.is(house.run(['for-each-ref']), before);
  t.false(existsSync(house.state.pullRequests));
});

test('a reviewer that is evaluated may not lose its exams', async (t) => {
  const reviewer = String(tinyHouse['agents/reviewer/rules/b.js']).replaceAll('B', 'C');
  const house = await makeHouse(t, { ...files, 'agents/reviewer/rules/c.js': reviewer });
  const plan = await planOf(t, house, temporaryFolder(t));
  const pair: Runtime[] = [
    { engine: 'rules', rules: 'a' },
    { engine: 'llama', model: 'tiny', adapter: 'tiny.reviewer@champion' },
  ];
  const { tiny, ...others } = plan.config.profiles;
  const { result } = await evaluate({
    ...plan,
    agent: 'tiny.reviewer',
    config: {
      ...plan.config,
      profiles: { ...others, tiny: { ...tiny, 'tiny.reviewer': pair } },
    },
    // Both approve what they are shown; it is the certificates that tell them apart.
    sides: { candidate: rules('c'), incumbent: rules('b') },
    specs: plan.specs.filter(({ spec }) => spec.id === 'easy'),
  });
  const exams = result.cases.filter(({ base }) => base === 'exam');
  t.log(exams);
  const lost = exams.filter(
    ({ candidate, incumbent }) => incumbent?.accepted && !candidate?.accepted,
  );
  t.true(lost.length > 0);
  t.true(exams.every(({ id, kind }) => kind === 'guard' && id.startsWith('exam-tiny-review')));
  const { verdict, code } = judgeEval(result.cases, usualBar, { number: 1, of: 1, alpha: 0.05 });
  t.deepEqual([verdict, code], ['REJECT', 'promote.guard-worse']);
});

test('run again, it works what is missing and nothing else', async (t) => {
  const house = await makeHouse(t, files);
  const place = temporaryFolder(t);
  const stop = new AbortController();
  const plan = await planOf(t, house, place);
  const stopping = {
    ...plan,
    say: (line: string) => {
      if (line.startsWith('lazy')) stop.abort(new Error('stopped'));
    },
    signal: stop.signal,
  };
  const kept: EvalResult[] = [];
  const begun = emptyResult(plan, await evaluatorOf(plan));
  await t.throwsAsync(
    evaluateAgent(stopping, begun, (one) => kept.push(one)),
    { message: 'stopped' },
  );
  const [half] = kept;
  t.is(kept.length, 1);
  t.true(half?.cases.every(({ candidate, incumbent }) => candidate && !incumbent));
  const told: string[] = [];
  const { result } = await evaluate({ ...plan, say: (line) => told.push(line) }, half);
  t.deepEqual(
    told.filter((line) => line.includes(' specs on ')).map((line) => line.split(':')[0]),
    ['lazy'],
  );
  const whole = await evaluate(await planOf(t, house, temporaryFolder(t)));
  const words = ({ cases }: EvalResult) =>
    cases.map(({ id, candidate, incumbent }) => [id, candidate?.accepted, incumbent?.accepted]);
  t.deepEqual(words(result), words(whole.result));
  // A night that ended and was not written down is read, not worked again.
  const from = { ...result, cases: result.cases.map(({ incumbent: _, ...one }) => one) };
  const again = await evaluate({ ...plan, say: () => {} }, from);
  t.deepEqual(again.result, result);
});

test('with more specs it works those, and keeps what the same judges said of the others', async (t) => {
  const house = await makeHouse(t, files);
  const plan = await planOf(t, house, temporaryFolder(t));
  const few = { ...plan, specs: plan.specs.filter(({ spec }) => spec.id !== 'hard') };
  const { result } = await evaluate(few);
  const kept = { result, specs: few.specs };
  t.true(await isSameComparison(kept, plan));
  const begun = withWorked(emptyResult(plan, await evaluatorOf(plan)), result);
  const told: string[] = [];
  const whole = await evaluate({ ...plan, say: (line) => told.push(line) }, begun);
  t.deepEqual(
    told.filter((line) => line.startsWith('  ')),
    ['  hard: accepted', told.at(-1)],
  );
  t.deepEqual(
    whole.result.cases.filter(({ id }) => id !== 'hard'),
    result.cases,
  );
  const other = { ...plan.incumbent, name: 'another' };
  t.false(await isSameComparison(kept, { ...plan, incumbent: other }));
  house.commit({ 'agents/reviewer/prompt.md': 'Say something else.\n' });
  const { head, config, flows } = await planOf(t, house, temporaryFolder(t));
  t.false(await isSameComparison(kept, { ...plan, head, config, flows }));
});

const changes: Readonly<Record<string, readonly [Parameters<House['commit']>[0], boolean]>> = {
  'a document': [{ 'easy/b.md': '# B\n' }, true],
  'the registry': [{ 'registry.yaml': 'version: 1\nagents: {}\n' }, true],
  'a reviewer': [{ 'agents/reviewer/prompt.md': 'Say something else.\n' }, false],
  'the agent': [{ 'agents/worker/prompt.md': 'Do something else.\n' }, false],
  'a rule': [{ 'rules/more.pl': '% nothing\n' }, false],
};

for (const [what, [change, isSame]] of Object.entries(changes)) {
  test(`${what} ${isSame ? 'leaves' : 'changes'} what judges`, async (t) => {
    const house = await makeHouse(t, files);
    const place = temporaryFolder(t);
    const plan = await planOf(t, house, place);
    const before = await evaluatorOf(plan);
    house.commit(change);
    const { head, config, flows } = await planOf(t, house, place);
    const after = await evaluatorOf({ ...plan, head, config, flows });
    t.is(before === after, isSame);
  });
}
