// SPDX-License-Identifier: GPL-3.0-only

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeOnce } from '../../../src/data/make-once.ts';
import { loadFlows } from '../../../src/flow/load-flow.ts';
import type { SpecSummary, Summary } from '../../../src/morning/summary.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { reviewersOf } from '../../../src/night/exam/freeze-terms.ts';
import { openSetup } from '../../../src/night/open/open-setup.ts';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import { type JournalRecord, journalSchema } from '../../../src/night/record/night-schemas.ts';
import { type StateFolder, stateAt } from '../../../src/night/record/state-folder.ts';
import type { NightWatch, NodeEvent } from '../../../src/night/run/session.ts';
import { type NightEnd, type NightOptions, startNight } from '../../../src/night/start-night.ts';
import { recordExamResults } from '../../../src/review/exam/stored-results.ts';
import { extendLedger } from '../../../src/review/kappa/ledger.ts';
import type { ExamKind, ExamResult, Pair } from '../../../src/review/schema.ts';
import { readJournal } from '../../../src/trace/journal.ts';
import { extendSealed } from '../../../src/trace/sign/seal.ts';
import { openBaseTree } from '../../../src/workspace/base-tree.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import {
  type Files,
  makeRepository,
  plainGit,
  type TestRepository,
  temporaryFolder,
  writeFiles,
} from '../../workspace/with-repository.ts';
import { tinyHouse } from './tiny-house.ts';

type Test = { readonly teardown: (clean: () => void) => void };

/** Nights are dated one day apart from here on. */
const firstNight = Date.parse('2026-11-01T02:00:00Z');
const day = 86_400_000;

export type Worked = NightEnd & {
  readonly events: readonly NodeEvent[];
  readonly said: readonly string[];
  readonly spec: (id: string) => SpecSummary;
};

export type House = TestRepository & {
  readonly state: StateFolder;
  /** Works the next night. */
  readonly night: (options?: Partial<NightOptions>) => Promise<Worked>;
  /** Writes files and commits everything. */
  readonly commit: (files: Files) => void;
  readonly branches: () => readonly string[];
};

/** A repository with the tiny house and `files`, whose reviewers have passed their exams. */
export const makeHouse = async (t: Test, files: Files): Promise<House> => {
  const repository = makeRepository(t, { ...tinyHouse, ...files });
  const house = houseIn(t, repository);
  await passExams(repository.folder, house.state, ['tiny']);
  return house;
};

/** A house on any repository; its state folder is new. */
export const houseIn = (t: Test, repository: TestRepository): House => {
  const { folder, run } = repository;
  const state = stateAt(join(temporaryFolder(t), 'state'));
  let nights = 0;
  const night: House['night'] = async (options = {}) => {
    const events: NodeEvent[] = [];
    const said: string[] = [];
    const watch: NightWatch = { node: (event) => events.push(event), spec: () => {} };
    const startedAt = `${new Date(firstNight + nights * day).toISOString().slice(0, 19)}Z`;
    nights += 1;
    const end = await startNight({
      repository: folder,
      state,
      startedAt,
      // So that these tests run where bubblewrap does not: nothing here is executed.
      example: true,
      resume: false,
      work: workHere,
      watch,
      say: (line) => said.push(line),
      signal: new AbortController().signal,
      ...options,
    });
    return { ...end, events, said, spec: (id) => specIn(end.summary, id) };
  };
  return {
    ...repository,
    state,
    night,
    commit: (files) => {
      writeFiles(folder, files);
      run(['add', '-A']);
      run(['commit', '-q', '-m', 'Change']);
    },
    branches: () =>
      run(['for-each-ref', '--format=%(refname:short)', 'refs/heads/pantheon/'])
        .split('\n')
        .filter(Boolean),
  };
};

const specIn = ({ specs }: Summary, id: string): SpecSummary => {
  const summary = specs.find((spec) => spec.id === id);
  if (!summary) throw new Error(`there is no ${id} in the summary`);
  return summary;
};

const digests = new Map<string, Promise<readonly string[]>>();

/** The runtime digests of a flow's two reviewers as committed now: of the same code they are the same. */
export const reviewerDigests = (
  repository: string,
  state: StateFolder,
  flow: string,
): Promise<readonly string[]> => {
  const code = ['pantheon.yaml', 'agents', 'chores', 'flows', 'night', 'tools'];
  const committed = plainGit(repository)(['ls-tree', 'HEAD', ...code]);
  return makeOnce(digests, `${flow}\n${committed}`, () => readDigests(repository, state, flow));
};

const readDigests = async (
  repository: string,
  state: StateFolder,
  flow: string,
): Promise<readonly string[]> => {
  const { root, head } = await resolveRepository(repository);
  const base = await openBaseTree(root, head);
  const commit = await readCommit(base);
  const flows = loadFlows(new Map([[flow, await commit.flowSource(flow)]]));
  const setup = await openSetup(commit, { flows, codeFolder: state.code });
  const bound = setup.flows.get(flow);
  const digests = bound ? reviewersOf(bound).map(([, { runtime }]) => runtime.digest) : [];
  await Promise.all([setup.close(), base.close()]);
  return digests;
};

/** Certificates for the reviewers, where the exam itself is not what is tested. */
export const passExams = async (
  repository: string,
  state: StateFolder,
  flows: readonly string[],
  wrong: Partial<ExamResult> = {},
): Promise<void> => {
  mkdirSync(state.root, { recursive: true });
  for (const flow of flows) {
    const digests = await reviewerDigests(repository, state, flow);
    const kinds: readonly ExamKind[] = ['docs', 'code'];
    const results = digests.flatMap((runtime) =>
      kinds.map((kind) => ({
        runtime,
        kind,
        seed: 1,
        good: 100,
        bad: 100,
        falseApprovals: 0,
        falseRejections: 0,
        recall: 1,
        precision: 1,
        ...wrong,
      })),
    );
    await recordExamResults(state.root, results, extendSealed(state.root));
    const [a = '', b = ''] = digests;
    const pairs = kinds.flatMap((kind) =>
      (['approve', 'reject'] as const).map((verdict): Pair => {
        const [runtimes, verdicts]: [Pair['runtimes'], Pair['verdicts']] = [
          [a, b],
          [verdict, verdict],
        ];
        const truth = verdict === 'approve' ? 'good' : 'bad';
        const about = { night: 'seed-1', spec: kind, unit: verdict };
        return { source: 'exam', ...about, runtimes, verdicts, truth };
      }),
    );
    await extendLedger(state.root, pairs, extendSealed(state.root));
  }
};

/** A file of a night's folder as JSON. */
export const readJson = (folder: string, name: string): unknown =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'));

type NodeRecord = Extract<JournalRecord, { readonly type: 'node' }>;

/** What a night's journal says of its nodes, in order. */
export const nodesOf = (folder: string): readonly NodeRecord[] =>
  readJournal(join(folder, 'journal.jsonl'), journalSchema).flatMap((record) =>
    record.type === 'node' ? [record] : [],
  );
