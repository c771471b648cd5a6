// SPDX-License-Identifier: GPL-3.0-only

import { randomInt } from 'node:crypto';
import { findExecutor } from '../boundary/find-executor.ts';
import type { GateConfig } from '../config/schema.ts';
import { printable, printableLines } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { loadFlows } from '../flow/load-flow.ts';
import { examSession } from '../night/exam/exam-unit.ts';
import { examine, type Reviewer, type SatExam } from '../night/exam/examine.ts';
import { reviewersOf } from '../night/exam/freeze-terms.ts';
import { openSetup } from '../night/open/open-setup.ts';
import { readCommit } from '../night/open/read-commit.ts';
import { refuseFaults } from '../night/open/unusable-runtime.ts';
import { countsByWay, describeUnanswered, passedExam } from '../review/exam/exam-result.ts';
import { cohenKappa } from '../review/kappa/agreement.ts';
import { formatJointErrors, jointErrorsOf } from '../review/kappa/joint-errors.ts';
import type { ExamKind, ExamResult, JointErrors, Verdict } from '../review/schema.ts';
import { collectSpecs } from '../spec/load-specs.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { readCount } from './shared/count-option.ts';
import { untilInterrupted } from './shared/interrupt.ts';
import { locate } from './shared/state.ts';

export type ExamArguments = {
  readonly repo: string;
  readonly flow?: string;
  readonly profile?: string;
  readonly kind?: string;
  readonly seed?: string;
  readonly patches: string;
  readonly json?: true;
};

/** `pantheon review exam`: exit code 1 when a reviewer failed. */
export const examCommand = async (args: ExamArguments): Promise<void> => {
  const kinds = readKinds(args.kind);
  const seed = args.seed === undefined ? randomInt(2 ** 32) : readCount('--seed', args.seed);
  const patches = readCount('--patches', args.patches);
  const { repository, state } = await locate(args.repo);
  const base = await openBaseTree(repository.root, repository.head);
  const commit = await readCommit(base);
  const { gate, flow: defaultFlow } = commit.config;
  const name = args.flow ?? defaultFlow;
  const flows = loadFlows(new Map([[name, await commit.flowSource(name)]]));
  const setup = await openSetup(commit, { profile: args.profile, flows, codeFolder: state.code });
  const work = async (signal: AbortSignal): Promise<void> => {
    refuseFaults(setup.findings.faults);
    const flow = setup.flows.get(name);
    if (!flow) throw new Error(`the flow ${name} was not opened`);
    const reviewers = reviewersOf(flow);
    const { executor } = await findExecutor({ allowUnconfined: false });
    const { specs: queue } = await collectSpecs(
      await commit.specs(),
      new Set(),
      await commit.flowNames(),
    );
    const session = examSession({ base, setup, executor });
    const papers: Paper[] = [];
    for (const kind of kinds) {
      const paper = { kind, seed, queue, shown: true, patches };
      const sat: (readonly [string, SatExam])[] = [];
      for (const reviewer of reviewers as readonly Reviewer[]) {
        sat.push([reviewer[0], await examine(reviewer, paper, { session, flow, signal, say })]);
      }
      papers.push({ kind, sat });
    }
    const text = args.json ? json(papers, gate) : describe(papers, gate);
    process.stdout.write(`${text}\n`);
    const all = papers.every(({ sat }) =>
      sat.every(([, { result }]) => passedExam(result, gate.exam)),
    );
    process.exitCode = all ? 0 : 1;
  };
  try {
    await untilInterrupted('Interrupted; an exam leaves nothing behind.', work);
  } finally {
    await Promise.all([setup.close(), base.close()]);
  }
};

type Paper = { readonly kind: ExamKind; readonly sat: readonly (readonly [string, SatExam])[] };

const say = (line: string): void => {
  process.stderr.write(`${printableLines(line)}\n`);
};

const readKinds = (kind: string | undefined): readonly ExamKind[] => {
  if (kind === undefined) return ['docs', 'code'];
  if (kind === 'docs' || kind === 'code') return [kind];
  throw new UserError(`--kind: "${kind}" is not a kind of exam; write docs or code`);
};

const json = (papers: readonly Paper[], gate: GateConfig): string =>
  JSON.stringify(
    papers.map(({ kind, sat }) => ({
      kind,
      kappa: kappaOf(sat) ?? null,
      jointErrors: jointErrorsIn(sat) ?? null,
      reviewers: sat.map(([reviewer, { result, answers }]) => ({
        reviewer,
        ...result,
        passed: passedExam(result, gate.exam),
        byWay: countsByWay(answers),
      })),
    })),
    null,
    2,
  );

const describe = (papers: readonly Paper[], gate: GateConfig): string =>
  papers
    .flatMap(({ kind, sat }) => [
      `${kind} exam, seed ${sat[0]?.[1].result.seed}`,
      ...sat.flatMap(([reviewer, { result, answers }]) => [
        `  ${reviewer} ${describeResult(result, gate)}`,
        ...countsByWay(answers)
          .filter(({ wrong }) => wrong > 0)
          .map(
            ({ way, truth, wrong, patches }) => `    ${truth} ${way}: ${wrong} of ${patches} wrong`,
          ),
      ]),
      `  kappa of the pair: ${kappaOf(sat)?.toFixed(2) ?? 'undefined'}`,
      ...describeJoint(sat),
    ])
    .join('\n');

const describeResult = (result: ExamResult, gate: GateConfig): string => {
  if (result.broken !== undefined) return `could not finish: ${printable(result.broken)}`;
  return (
    `${passedExam(result, gate.exam) ? 'passed' : 'FAILED'}: ` +
    `${result.falseApprovals} of ${result.bad} bad patches approved, ` +
    `${result.falseRejections} of ${result.good} good ones rejected ` +
    `(recall ${result.recall.toFixed(2)}, precision ${result.precision.toFixed(2)})` +
    describeUnanswered(result)
  );
};

const kappaOf = ([a, b]: Paper['sat']): number | undefined =>
  a && b && cohenKappa(a[1].answers.map(({ verdict }, at) => [verdict, verdictAt(b, at)]));

const verdictAt = ([, { answers }]: Paper['sat'][number], at: number): Verdict =>
  answers[at]?.verdict ?? 'reject';

const jointErrorsIn = ([a, b]: Paper['sat']): JointErrors | undefined =>
  a &&
  b &&
  jointErrorsOf(
    a[1].answers.map(({ truth, verdict }, at) => ({
      truth,
      verdicts: [verdict, verdictAt(b, at)],
    })),
  );

const describeJoint = (sat: Paper['sat']): readonly string[] => {
  const joint = jointErrorsIn(sat);
  return joint ? [`  joint errors: ${formatJointErrors(joint)}`] : [];
};
