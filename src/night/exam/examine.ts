// SPDX-License-Identifier: GPL-3.0-only
import type { FlowNode } from '../../flow/schema.ts';
import type { ExamCase } from '../../review/exam/exam-case.ts';
import { brokenCodes, type ExamAnswer, examResultOf } from '../../review/exam/exam-result.ts';
import { answersTo, type BrokenExam, paperDigest } from '../../review/exam/kept-answers.ts';
import { type ReviewerAnswer, runExam } from '../../review/exam/run-exam.ts';
import type { ExamKind, ExamResult } from '../../review/schema.ts';
import type { Spec } from '../../spec/schema.ts';
import type { ExtendJournal } from '../../trace/journal.ts';
import { treeIndexOf } from '../../workspace/tree-index.ts';
import type { BoundModelAgent } from '../open/bound-agent.ts';
import type { BoundFlow } from '../open/open-flow.ts';
import { runNode } from '../run/run-node.ts';
import { requestOf } from '../run/run-unit.ts';
import type { AskingSession } from '../run/session.ts';
import { examSources, maySeeAll } from './exam-sources.ts';
import { examUnit, looksOf } from './exam-unit.ts';

/** A reviewer by its node's id. */
export type Reviewer = readonly [string, BoundModelAgent];

export type ExamSetting = {
  readonly session: AskingSession;
  /** The flow whose reviewers they are. */
  readonly flow: BoundFlow;
  readonly signal: AbortSignal;
  /** Ends an exam as soon as it cannot be passed; otherwise every patch is judged. */
  readonly untilLost?: boolean;
  /** How its results and pairs are written. */
  readonly extend?: ExtendJournal;
  /** Told before an exam that takes a while, and how far it is. */
  readonly say?: (line: string) => void;
};

export type ExamPaper = {
  readonly kind: ExamKind;
  readonly seed: number;
  /** For which its exam is sat. */
  readonly night?: string;
  /** The night's own specs. */
  readonly queue: readonly Spec[];
  /** Only in the ways that people may see: a night's own exam leaves no patch behind. */
  readonly shown?: boolean;
  /** Good patches, and as many bad ones. */
  readonly patches: number;
};

export type SatExam = { readonly result: ExamResult; readonly answers: readonly ExamAnswer[] };

/** How often one patch is put to an engine that fails before the exam is broken off. */
const mostAttempts = 2;
/** A person hears how far an exam is this often. */
const tellEveryMs = 15_000;

/**
 * Puts the patches of an exam to a reviewer through the same loop as a night, as many at once as its
 * engine has slots. An engine that fails breaks it off: that says nothing about the reviewer.
 */
export const examine = async (
  reviewer: Reviewer,
  paper: ExamPaper,
  setting: ExamSetting,
): Promise<SatExam> => {
  const { ended, result, answers } = await goOn(reviewer, paper, setting, undefined);
  if (ended) throw ended.error;
  return { result, answers };
};

/** An exam, or as much of it as there is: `ended` by an interrupted night or a defect. */
export type PartExam = SatExam & {
  /** See `paperDigest`. */
  readonly paper: string;
  readonly ended?: { readonly error: unknown };
};

/** Sits an exam, or the rest of one that broke off on the same paper. */
export const goOn = async (
  [node, agent]: Reviewer,
  { patches, queue, night = '', ...paper }: ExamPaper,
  setting: ExamSetting,
  unfinished: BrokenExam | undefined,
): Promise<PartExam> => {
  const { runtime } = agent;
  const { base, chores, config } = setting.session;
  const { kind, seed } = paper;
  const began = performance.now();
  let told = began;
  let digest = '';
  let before = 0;
  const [offered, seesAll] = [await chores(), await maySeeAll(base)];
  const { failure, ...sat } = await runExam({
    ...paper,
    sources: await examSources(base),
    chores: offered,
    isMeant: (chore) => seesAll || offered.all.get(chore)?.manifest.context.length === 0,
    paths: treeIndexOf(base).files(),
    looks: looksOf(queue, setting.flow),
    good: patches,
    bad: patches,
    runtime: runtime.digest,
    atOnce: runtime.probe.slots,
    ...(setting.untilLost && { lines: config.gate.exam }),
    answered: (cases) => {
      digest = paperDigest(cases, base.commit);
      const answers = answersTo(unfinished, digest);
      before = answers.size;
      if (before > 0) {
        setting.say?.(`${node}: ${before} of ${cases.length} ${kind} patches were judged before.`);
      }
      return answers;
    },
    askReviewer: (examCase, signal) => ask([node, agent], examCase, setting, signal),
    onAnswer: (answered, of) => {
      if (performance.now() - told < tellEveryMs) return;
      told = performance.now();
      const left = timeLeft(told - began, answered - before, of - before);
      setting.say?.(`${node}: ${answered} of ${of} ${kind} patches judged; ${left}.`);
    },
  });
  if (!failure) return { ...sat, paper: digest };
  const { error, said } = failure;
  const fault = error instanceof BrokenOff;
  const result: ExamResult = {
    ...examResultOf([], { runtime: runtime.digest, kind, seed }),
    of: 2 * patches,
    broken: fault ? error.message : 'the night was interrupted',
    kept: { night, paper: digest, fault, answers: said },
  };
  return { result, answers: [], paper: digest, ...(!fault && { ended: { error } }) };
};

/** How long the rest takes at the speed of those before [ms], as a person says it; a lost exam ends sooner. */
const timeLeft = (elapsed: number, answered: number, of: number): string => {
  const minutes = (elapsed * (of - answered)) / Math.max(1, answered) / 60_000;
  if (minutes < 1) return 'less than a minute left';
  return minutes < 90
    ? `at most ${Math.ceil(minutes)} minutes left`
    : `at most ${Math.ceil(minutes / 60)} hours left`;
};

class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/** A reviewer that cannot answer has not approved. @throws BrokenOff when nobody could have. */
const ask = async (
  [id, agent]: Reviewer,
  examCase: ExamCase,
  setting: ExamSetting,
  ended: AbortSignal,
): Promise<ReviewerAnswer> => {
  const signal = AbortSignal.any([setting.signal, ended]);
  const { asked, before, overlays } = await examUnit(setting, examCase);
  const node = setting.flow.order.find((one) => one.id === id) as FlowNode;
  for (let attempt = 1; ; attempt += 1) {
    const run = await runNode({
      ...(await requestOf(asked, node, before, overlays)),
      agent,
      signal,
    });
    const { review, failure } = run;
    if (!failure || !brokenCodes.has(failure.code)) {
      return review?.verdict ?? { unanswered: failure?.code ?? 'declined' };
    }
    if (attempt >= mostAttempts) throw new BrokenOff(failure.message);
  }
};
