// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findExecutor } from '../../../src/boundary/find-executor.ts';
import { loadFlows } from '../../../src/flow/load-flow.ts';
import { examSession } from '../../../src/night/exam/exam-unit.ts';
import { reviewersOf } from '../../../src/night/exam/freeze-terms.ts';
import { sitExam } from '../../../src/night/exam/sit-exam.ts';
import { openSetup } from '../../../src/night/open/open-setup.ts';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import { readExamResults } from '../../../src/review/exam/stored-results.ts';
import { readLedger } from '../../../src/review/kappa/ledger.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyHouse } from '../support/tiny-house.ts';

const patches = 12;

/** The house whose first reviewer does this at the beginning of each answer of a process. */
const houseWith = (code: string) => {
  const path = 'agents/reviewer/rules/a.js';
  const begin = 'export const answer = async (messages) => {\n  asked += 1;\n';
  const source = String(tinyHouse[path]).replace('export const answer = (messages) => {', begin);
  return {
    ...tinyHouse,
    [path]: `let asked = 0;\n${source.replace(begin, `${begin}  ${code}\n`)}`,
  };
};

const openExams = (t: ExecutionContext, code: string) => {
  const { folder } = makeRepository(t, houseWith(code));
  const state = temporaryFolder(t);
  /** The reviewers are opened anew for each night, as after a restart. */
  const sit = async (night: string, seed: number, signal = new AbortController().signal) => {
    const base = await openBaseTree(folder, 'HEAD');
    const commit = await readCommit(base);
    const flows = loadFlows(new Map([['tiny', await commit.flowSource('tiny')]]));
    const codeFolder = join(temporaryFolder(t), 'code');
    const setup = await openSetup(commit, { flows, codeFolder });
    const flow = setup.flows.get('tiny');
    const [first, second] = flow ? reviewersOf(flow) : [];
    if (!flow || !first || !second) throw new Error('no reviewers');
    const { executor } = await findExecutor({ allowUnconfined: true });
    const said: string[] = [];
    const setting = {
      session: examSession({ base, setup, executor }),
      ...{ flow, signal, say: (line: string) => said.push(line) },
    };
    const paper = { kind: 'docs', seed, night, queue: [], patches } as const;
    try {
      return { said, results: await sitExam(state, [first, second], paper, setting) };
    } finally {
      await Promise.all([setup.close(), base.close()]);
    }
  };
  return { state, sit, recorded: () => readExamResults(state) };
};

test('an exam that breaks off goes on where it did, and not a third time in one night', async (t) => {
  const { state, sit, recorded } = openExams(t, "if (asked > 9) throw new Error('it is out');");
  const { results } = await sit('night-1', 1);
  t.regex(results[0]?.broken ?? '', /it is out/);
  t.is(results[1]?.broken, undefined);
  t.true(
    results.every(({ kept }) => kept === undefined),
    'terms say nothing of patches',
  );
  const [a, b] = await recorded();
  t.is(Object.keys(a?.kept?.answers ?? {}).length, 9);
  t.like(a?.kept, { night: 'night-1', fault: true });
  t.is(Object.keys(b?.kept?.answers ?? {}).length, 2 * patches, 'who finished keeps all');
  t.is(b?.kept?.fault, false);

  const { said } = await sit('night-1', 1);
  t.true(said.includes('reviewA: 9 of 24 docs patches were judged before.'), said.join('\n'));
  t.is(Object.keys((await recorded())[2]?.kept?.answers ?? {}).length, 18);

  const third = await sit('night-1', 1);
  t.deepEqual(third.said.length, 1);
  t.regex(
    third.said[0] ?? '',
    /docs exam of reviewA broke off 2 times tonight .* again: .*it is out/,
  );
  t.true(third.results.every(({ broken }) => broken !== undefined));
  t.is((await recorded()).length, 4, 'nothing was asked');

  const next = await sit('night-2', 7);
  t.deepEqual(
    next.results.map(({ seed, good, bad, broken }) => ({ seed, good, bad, broken })),
    [1, 1].map((seed) => ({ seed, good: patches, bad: patches, broken: undefined })),
  );
  t.is((await readLedger(state)).length, 2 * patches);
  t.deepEqual((await sit('night-3', 8)).said, [], 'it is sat');
});

test("what was judged before a night was interrupted is kept, and counts as nobody's fault", async (t) => {
  const slow = 'await new Promise((resolve) => setTimeout(resolve, asked > 3 ? 60_000 : 1));';
  const { sit, recorded } = openExams(t, slow);
  const reason = new Error('enough');
  const controller = new AbortController();
  const sitting = sit('night-1', 1, controller.signal);
  setTimeout(() => controller.abort(reason), 3000);
  await t.throwsAsync(sitting, { is: reason });
  const [a] = await recorded();
  t.like(a, { broken: 'the night was interrupted', seed: 1 });
  t.like(a?.kept, { fault: false, night: 'night-1' });
  t.true(Object.keys(a?.kept?.answers ?? {}).length <= 3);
});
