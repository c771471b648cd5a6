// SPDX-License-Identifier: GPL-3.0-only
import type { Summary } from '../../src/morning/summary.ts';
import type { Answers } from './tally.ts';
import type { WorkedNight } from './work.ts';

const table = (rows: readonly (readonly (string | number)[])[]): string =>
  rows
    .flatMap((row, index) => [
      `| ${row.join(' | ')} |`,
      ...(index === 0 ? [`| ${row.map(() => '---').join(' | ')} |`] : []),
    ])
    .join('\n');

/** A line of a table holds no bar and no line break. */
const cell = (text: string): string =>
  text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 160);

/** What a night came to, as Markdown. */
export const renderNight = (night: WorkedNight, answers: readonly Answers[]): string =>
  [outcomes(night.summary), exams(night.summary), spent(answers), engines(night)].join('\n\n');

const outcomes = ({ specs }: Summary): string =>
  table([
    ['spec', 'outcome', 'units approved, red, skipped', 'why'],
    ...specs.map(({ id, outcome, units, reason }) => [
      id,
      outcome,
      `${units.approved}, ${units.red}, ${units.skipped}`,
      cell(reason),
    ]),
  ]);

const exams = ({ reviewers }: Summary): string =>
  table([
    ['flow', 'reviewer', 'exam', 'patches', 'bad approved', 'good rejected', 'no verdict'],
    ...reviewers.flatMap((own) =>
      own.exams.map((exam) => [
        own.flow,
        exam.reviewer,
        exam.kind,
        `${exam.passed ? 'passed' : 'failed'} after ${exam.asked} of ${exam.of}`,
        exam.falseApprovals,
        exam.falseRejections,
        Object.entries(exam.unanswered ?? {})
          .map(([code, count]) => `${count} ${code}`)
          .join(', ') || 0,
      ]),
    ),
  ]);

const spent = (answers: readonly Answers[]): string =>
  table([
    [
      ...['spec', 'answers', 'prompt tokens', 'of them cached', 'completion tokens'],
      ...['off schema', 'caught after lowering', 'cut', 'failed nodes'],
    ],
    ...answers.map((own) => [
      ...[own.spec, own.answers, own.promptTokens, own.cachedTokens, own.completionTokens],
      ...[own.schemaErrors, own.caughtAfterLowering, own.cut],
      [...own.failures].map(([key, count]) => `${count} ${key}`).join(', ') || 'none',
    ]),
  ]);

const engines = ({ summary, seconds, examSeconds }: WorkedNight): string =>
  [
    ...summary.engines.map(
      ({ engine, requests, tokensPerSecond, batch, prefixHitRate, busySeconds }) =>
        `${engine}: ${requests} requests, ${tokensPerSecond.toFixed(1)} completion tokens per second over ${busySeconds.toFixed(0)} s, ${batch.toFixed(1)} at once, ${prefixHitRate === null ? 'no' : `${Math.round(100 * prefixHitRate)} % of`} prompt tokens from the cache`,
    ),
    `The night took ${(seconds / 60).toFixed(1)} minutes, its exams ${(examSeconds / 60).toFixed(1)} of them.`,
  ].join('\n');
