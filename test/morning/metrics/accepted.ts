// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  acceptedFigures,
  expectedAccepted,
  judgedUnits,
  workedHours,
} from '../../../src/morning/metrics/expected-accepted.ts';
import { nodeMetricsOf } from '../../../src/morning/metrics/node-metrics.ts';
import { serviceTimes } from '../../../src/morning/metrics/service-times.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { bundle, monday, node } from './with-nodes.ts';

test('expected accepted is T * sum(mu p^2)', (t) => {
  const streams = [
    { agent: 'doc', perHour: 30, approval: 0.9 },
    { agent: 'codegen', perHour: 6, approval: 0.5 },
  ];
  t.true(Math.abs(expectedAccepted(8, streams) - 8 * (30 * 0.81 + 6 * 0.25)) < 1e-9);
  t.is(expectedAccepted(8, []), 0);
});

test('reviewers that approve the same half make more than two that judge independently', (t) => {
  const unit = (a: 'approve' | 'reject', b: 'approve' | 'reject') => ({
    agent: 'doc',
    verdicts: [a, b] as const,
  });
  const same = acceptedFigures(2, [
    ...Array.from({ length: 5 }, () => unit('approve', 'approve')),
    ...Array.from({ length: 5 }, () => unit('reject', 'reject')),
  ]);
  t.is(same?.judged, 10);
  t.is(same?.actual, 5);
  t.regex(same?.note ?? '', /assumes that the two reviewers judge independently/);
  t.true(Math.abs((same?.expected ?? 0) - 2.5) < 1e-9);
  const independent = acceptedFigures(2, [
    unit('approve', 'approve'),
    unit('approve', 'reject'),
    unit('reject', 'approve'),
    unit('reject', 'reject'),
  ]);
  t.true(Math.abs((independent?.expected ?? 0) - 1) < 1e-9);
  t.is(independent?.actual, 1);
  t.is(acceptedFigures(2, []), null);
  t.is(acceptedFigures(0, [unit('approve', 'approve')]), null);
});

const review = (verdict: string): BundleFiles => ({
  'review.json': JSON.stringify({
    verdict,
    findings: [],
    patchDigest: 'p',
    reviewer: 'r',
    runtime: 't',
  }),
});

test('a night is as long as from its first node to the end of its last', (t) => {
  const later = { startedAt: monday + 1_800_000, ms: 1_800_000 };
  t.is(workedHours([node('n/s/a/work', later), node('n/s/b/work', { ms: 5000 })]), 1);
  t.is(workedHours([nodeMetricsOf(bundle('n/s/a/work', {}))]), 0);
});

test('a unit counts with a patch and two verdicts, and not where an exam hid it', (t) => {
  const patch: BundleFiles = { 'diff.patch': 'x' };
  const exam: BundleFiles = { 'exam.json': '{}' };
  const units = judgedUnits([
    node('n/s/u/reviewB', {}, review('reject'), 'review.peer@1'),
    node('n/s/u/reviewA', {}, review('approve'), 'review.peer@1'),
    node('n/s/u/work', {}, patch),
    node('n/s/one/work', {}, patch),
    node('n/s/one/reviewA', {}, review('approve'), 'review.peer@1'),
    node('n/s/_exam-u/reviewA', {}, { ...review('approve'), ...exam }, 'review.peer@1'),
    node('n/s/_exam-u/reviewB', {}, { ...review('approve'), ...exam, ...patch }, 'review.peer@1'),
  ]);
  t.deepEqual(units, [{ agent: 'doc', verdicts: ['approve', 'reject'] }]);
});

test('service is time with the engine where models were asked, else that of nodes, without waits', (t) => {
  const rules = [
    node('n1/s/_spec/plan', { ms: 200 }),
    node('n1/s/a/work', { ms: 1000 }),
    node('n1/s/b/work', { ms: 800 }),
    node('n2/r/a/work', { ms: 400 }),
    node('n2/r/_exam-a/reviewA', { ms: 600 }, { 'exam.json': '{}' }),
  ];
  t.deepEqual(serviceTimes(rules), {
    basis: 'node',
    nights: 2,
    units: 3,
    specs: 2,
    unitSeconds: 1,
    specSeconds: 1.5,
  });
  const asked = node('n3/s/a/work', { ms: 9000, completions: [{ queuedMs: 500, totalMs: 3500 }] });
  t.like(serviceTimes([...rules, asked]), { basis: 'engine', units: 4, unitSeconds: 0.75 });
  t.is(serviceTimes([]), null);
  t.is(serviceTimes([node('n1/s/_spec/plan', { ms: 200 })]), null);
});
