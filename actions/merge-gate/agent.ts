// SPDX-License-Identifier: GPL-3.0-only
import type { Output } from '../../src/agent/schema.ts';
import { type JoinedUnit, judgeJoined, judgeUnit } from '../../src/review/gate/gate.ts';
import {
  type Decision,
  type JoinedFile,
  leftSchema,
  mentionsSchema,
  type RunGate,
  type UnitDecision,
  type UnitEvidence,
} from '../../src/review/gate/gate-agent.ts';
import type { RedRuling } from '../../src/review/gate/gate-terms.ts';
import { pullRequestDigest } from '../../src/workspace/patch-digest.ts';
import { summariseLeft, summariseReds, sumStats, sumTests } from './totals.ts';

/** Judges every unit, joins the approved ones, tests the joined tree, and proposes it. */
export const run: RunGate = async (context) => {
  const units: UnitDecision[] = [];
  const joined: JoinedUnit[] = [];
  const files: JoinedFile[] = [];
  for await (const evidence of context.evidence()) {
    const decision = decide(evidence, context.terms);
    units.push(decision);
    if (decision.state !== 'approved' || !decision.changes) continue;
    const { insertions = 0, deletions = 0 } = evidence.work?.stats ?? {};
    joined.push({ unit: decision.id, changes: decision.changes, stats: { insertions, deletions } });
    for (const { path } of decision.changes) files.push([path, evidence.written.get(path)]);
  }
  const stats = sumStats(joined);
  const reds = units.filter(({ state }) => state === 'red');
  if (joined.length === 0) {
    const tests = sumTests([]);
    const [first] = reds;
    if (first) {
      const reason = summariseReds(reds, units.length);
      return answer({ outcome: 'red-bin', ...codeOf(first), reason, units, stats, tests });
    }
    const reason = `everything is already as asked${summariseLeft(context.left)}`;
    return answer({ outcome: 'nothing', code: 'gate.unchanged', reason, units, stats, tests });
  }
  const ruling = judgeJoined(joined, context.terms);
  if (ruling.outcome === 'red') return answer(turnRed(units, ruling, []));
  const outputs = await context.retest(files);
  const broken = outputs.find(({ status }) => status !== 'ok');
  if (broken) {
    const reason = `the joined tree fails its tests: ${broken.notes}`;
    return answer(turnRed(units, { outcome: 'red', code: 'gate.joined-tests', reason }, outputs));
  }
  const digests = units.flatMap(({ state, patchDigest }) =>
    state === 'approved' && patchDigest !== undefined ? [patchDigest] : [],
  );
  const decision: Decision = {
    outcome: 'pull-request',
    reason:
      (reds.length > 0
        ? `${joined.length} of ${units.length} units approved; ${summariseReds(reds, units.length)}`
        : `${joined.length === 1 ? 'approved' : `all ${joined.length} changed units approved`} by both reviewers`) +
      summariseLeft([...context.left, ...units.flatMap(({ left = [] }) => left)]),
    units,
    stats,
    tests: sumTests(outputs),
    digest: pullRequestDigest(digests),
  };
  return answer({ ...decision, ...(await context.propose(decision, files)) });
};

const decide = (evidence: UnitEvidence, terms: Parameters<typeof judgeUnit>[1]): UnitDecision => {
  const { ended, work } = evidence;
  const reviews = evidence.reviews.map(({ reviewer, runtime, verdict }) => ({
    reviewer,
    runtime,
    verdict,
  }));
  const unit = { ...evidence.unit, ...(reviews.length > 0 && { reviews }) };
  if (ended) return { ...unit, state: 'red', ...ended };
  const ruling = judgeUnit(evidence, terms);
  if (ruling.outcome === 'red') {
    return { ...unit, state: 'red', node: 'gate', code: ruling.code, reason: ruling.reason };
  }
  if (ruling.outcome === 'unchanged') {
    return { ...unit, state: 'unchanged', code: 'gate.unchanged' };
  }
  const said = mentionsSchema.safeParse(work?.result);
  const left = leftSchema.safeParse(work?.result);
  return {
    ...unit,
    state: 'approved',
    ...(said.success && said.data.mentions.length > 0 && { mentions: said.data.mentions }),
    ...(left.success && left.data.left.length > 0 && { left: left.data.left }),
    ...(work?.patchDigest !== undefined && { patchDigest: work.patchDigest }),
    ...(work?.changes && { changes: work.changes }),
  };
};

/** What is wrong with the whole is wrong with each of its units. */
const turnRed = (
  units: readonly UnitDecision[],
  { code, reason }: RedRuling,
  outputs: readonly Output[],
): Decision => ({
  outcome: 'red-bin',
  code,
  reason,
  units: units.map(({ patchDigest, changes, ...unit }) =>
    unit.state === 'approved'
      ? { ...unit, state: 'red', node: 'gate', code, reason }
      : { ...unit, ...(patchDigest && { patchDigest }), ...(changes && { changes }) },
  ),
  stats: sumStats([]),
  tests: sumTests(outputs),
});

const codeOf = ({ code }: UnitDecision): Pick<Decision, 'code'> => (code ? { code } : {});

const answer = (decision: Decision) => ({ notes: decision.reason, result: decision });
