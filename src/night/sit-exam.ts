// SPDX-License-Identifier: GPL-3.0-only
import type { Executor } from '../boundary/executor.ts';
import type { GateConfig } from '../config/schema.ts';
import { type ExamSource, runExam } from '../review/exam.ts';
import { examIn, readExams, recordExams } from '../review/exam-cache.ts';
import { type ExamCase, prepareCase } from '../review/exam-case.ts';
import type { Answer } from '../review/exam-result.ts';
import { extendLedger, readLedger } from '../review/ledger.ts';
import type { ExamKind, ExamResult, Pair, Verdict } from '../review/schema.ts';
import type { ModelActor } from './actor.ts';
import { runNode } from './run-node.ts';

/** A reviewer by its node's id. */
export type Reviewer = readonly [string, ModelActor];

export type ExamRoom = {
  readonly executor: Executor;
  readonly gate: GateConfig;
  readonly signal: AbortSignal;
  /** Told before an exam that takes a while. */
  readonly say?: (line: string) => void;
};

export type ExamPaper = {
  readonly kind: ExamKind;
  readonly seed: number;
  /** Asked for only when the exam is really sat. */
  readonly sources: () => Promise<readonly ExamSource[]>;
  /** Good patches, and as many bad ones. */
  readonly patches: number;
};

export type Sat = { readonly result: ExamResult; readonly answers: readonly Answer[] };

/** Puts every patch of an exam to a reviewer, through the same loop as a night. */
export const examine = async (
  [node, actor]: Reviewer,
  { patches, sources, ...paper }: ExamPaper,
  room: ExamRoom,
): Promise<Sat> =>
  runExam({
    ...paper,
    sources: await sources(),
    good: patches,
    bad: patches,
    runtime: actor.runtime.digest,
    askReviewer: (examCase) => ask(node, actor, examCase, room),
  });

const reach = { mayRead: () => true, mayWrite: () => false };

/** A reviewer that cannot answer has not approved. */
const ask = async (
  node: string,
  actor: ModelActor,
  examCase: ExamCase,
  { executor, gate, signal }: ExamRoom,
): Promise<Verdict> => {
  const { input, overlay } = await prepareCase(examCase);
  const hands = { executor, dependencies: async () => [], workers: [], gate };
  const { review } = await runNode({ actor, node, input, overlay, reach, hands, signal });
  return review?.verdict ?? 'reject';
};

/**
 * The results of a pair of reviewers for one kind, from the state folder where both have sat it
 * with what they run on; else both sit it now, and their joint answers join the ledger.
 */
export const sitExam = async (
  stateRoot: string,
  reviewers: readonly [Reviewer, Reviewer],
  paper: ExamPaper,
  room: ExamRoom,
): Promise<readonly ExamResult[]> => {
  const known = await readExams(stateRoot);
  const cached = reviewers.map(([, { runtime }]) => examIn(known, runtime.digest, paper.kind));
  const [first, second] = cached;
  if (first && second && (await satTogether(stateRoot, first, second))) return [first, second];
  room.say?.(`Examining the reviewers on ${2 * paper.patches} ${paper.kind} patches.`);
  const sat = [
    await examine(reviewers[0], paper, room),
    await examine(reviewers[1], paper, room),
  ] as const;
  // The results last: with them the exam counts as sat, and a torn write of pairs is not mended.
  await extendLedger(stateRoot, examPairs(sat));
  await recordExams(
    stateRoot,
    sat.map(({ result }) => result),
  );
  return sat.map(({ result }) => result);
};

/** Results of exams sat with other partners say nothing of how far these two agree. */
const satTogether = async (stateRoot: string, a: ExamResult, b: ExamResult): Promise<boolean> => {
  const pairs = await readLedger(stateRoot);
  return pairs.some(
    ({ source, spec, runtimes }) =>
      source === 'exam' &&
      spec === a.kind &&
      runtimes.includes(a.runtime) &&
      runtimes.includes(b.runtime),
  );
};

const examPairs = ([a, b]: readonly [Sat, Sat]): readonly Pair[] =>
  a.answers.flatMap(({ id, verdict }, index) => {
    const other = b.answers[index];
    if (other?.id !== id) return [];
    const pair: Pair = {
      source: 'exam',
      night: `seed-${a.result.seed}`,
      spec: a.result.kind,
      unit: id,
      runtimes: [a.result.runtime, b.result.runtime],
      verdicts: [verdict, other.verdict],
    };
    return [pair];
  });
