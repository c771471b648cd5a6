// SPDX-License-Identifier: GPL-3.0-only
import type { Dialect } from '../../agent/dialect.ts';
import { envelope } from '../../agent/dialects/envelope.ts';
import { type LoopResult, runLoop } from '../../agent/loop.ts';
import { limitsFor } from '../../agent/outcome/limits.ts';
import type { Failure } from '../../agent/schema.ts';
import { unitDecision } from '../../chore/decide/unit-decision.ts';
import { patchDecision } from '../../review/suspect/review-decision.ts';
import { runSpecChecks } from '../../tool/spec-checks.ts';
import type { ModelUsage } from '../../trace/model-usage.ts';
import type { AgentRun, BoundModelAgent, NodeRequest } from '../open/bound-agent.ts';
import { openPicking } from './picking.ts';

/** Takes a model through the loop; a process whose node runs code never loads this. */
export const actAsModel = async (
  request: NodeRequest,
  bound: BoundModelAgent,
): Promise<AgentRun> => {
  const { agent: opened, runtime } = bound;
  const { input, overlay, reach, codeContext, signal } = request;
  const { manifest: agent, prompt } = opened;
  const { maxSteps } = input.spec.limits;
  const { settings } = runtime;
  const picking = await openPicking(request, bound);
  const reservesNothing =
    picking !== undefined ||
    (settings.engine === 'rules' && settings.limits?.maxOutputTokens === undefined);
  const dialect = picking ? envelope : await speak(request, opened, runtime.dialect);
  if ('failure' in dialect) return { metrics: {}, ...dialect };
  // A reviewer is not asked about the patch of another.
  const verifier = request.rules.verifier(
    { overlay, reach },
    { agent: agent.name, spec: input.spec },
  );
  const { outcome, messages, calls, metrics, meter } = await runLoop({
    agent,
    limits: {
      ...limitsFor(agent.limits, runtime.settings.limits),
      ...(reservesNothing && { maxOutputTokens: rulesTokens }),
      ...(maxSteps !== undefined && { maxSteps }),
      ...(request.timeoutMs !== undefined && { timeout: request.timeoutMs }),
    },
    engine: picking?.engine ?? runtime.engine,
    runtime: runtime.settings,
    dialect,
    contextTokens: picking ? rulesContext : runtime.probe.contextTokens,
    contextSetting: {
      setting: runtime.setting,
      most: runtime.probe.mostContextTokens,
      engine: runtime.probe.identity.engine,
    },
    tools: picking?.tools ?? bound.tools,
    verifier: agent.role === 'work' ? verifier : { verify: verifier.verify },
    context: {
      overlay,
      executor: codeContext.executor,
      signal,
      paths: input.unit.paths,
      runChecks: () =>
        runSpecChecks({
          overlay: request.checksOn ?? overlay,
          executor: codeContext.executor,
          dependencies: codeContext.dependencies,
          signal,
          checks: input.spec.checks,
        }),
    },
    prompt,
    input,
    signal,
  });
  const usage = usageOf(
    runtime,
    picking ? { ...picking.meter, toolTimes: meter.toolTimes } : meter,
  );
  const spent = picking ? { ...metrics, ...spentIn(picking.meter) } : metrics;
  const record = { messages, calls, metrics: spent, ...(usage && { usage }) };
  const fault = picking?.fault();
  if (fault) {
    const { message, finding } = fault;
    return { ...record, failure: { code: 'engine', ...(finding && { finding }), message } };
  }
  if (outcome.kind === 'failure') return { ...record, failure: outcome.failure };
  const { output } = outcome;
  if (output.status === 'ok') return { ...record, said: output };
  const message = declinedBecause(output.notes, picking ? 'rules' : runtime.probe.identity.engine);
  return { ...record, said: output, failure: { code: 'declined', message } };
};

/** Rules reserve no room for an answer: what is little for a model is no bound for them. */
const rulesTokens = 8_192;

/** What rules may hold that a model's window does not: no model sees it [tokens]. */
const rulesContext = 1_048_576;

/** What the model's answers cost, in place of what rules count. */
const spentIn = ({ completions }: LoopResult['meter']) => {
  const sumOf = (key: 'promptTokens' | 'cachedTokens' | 'completionTokens' | 'totalMs'): number =>
    completions.reduce((sum, one) => sum + one[key], 0);
  return {
    promptTokens: sumOf('promptTokens'),
    cachedTokens: sumOf('cachedTokens'),
    completionTokens: sumOf('completionTokens'),
    engineMs: sumOf('totalMs'),
  };
};

/** For one that picks, what there is to pick from; what is out of its reach is no question for a model. */
const speak = async (
  { input, overlay, codeContext }: NodeRequest,
  { manifest, decide = '' }: BoundModelAgent['agent'],
  dialect: BoundModelAgent['runtime']['dialect'],
): Promise<Dialect | { readonly failure: Failure }> => {
  if (!('of' in dialect)) return dialect;
  const chores = await codeContext.chores();
  const decision =
    manifest.role === 'review'
      ? await patchDecision(input, overlay, { chores, view: dialect.view })
      : await unitDecision(input, manifest.name, chores);
  return 'refused' in decision
    ? { failure: { code: 'declined', message: decision.refused } }
    : dialect.of(decision, decide);
};

/** Rules know why they decline; what a model says of it is its own opinion, and shown as that. */
const declinedBecause = (notes: string, engine: string): string => {
  if (notes.trim() === '') return 'declined without a reason';
  return engine === 'rules' ? notes : `the model declined: "${notes}"`;
};

/**
 * What `metrics.json` says of each answer. Rules have no tokens, cache or queue of their own, and
 * their bundles name them by the runtime's digest: there it would say nothing.
 */
const usageOf = (
  { probe: { identity }, dialect }: BoundModelAgent['runtime'],
  { completions, toolTimes, dropped, tightened }: LoopResult['meter'],
): ModelUsage | undefined => {
  if (identity.engine === 'rules') return undefined;
  const { seed: _, ...answering } = identity;
  return {
    runtime: { ...answering, dialect: dialect.name },
    completions: [...completions],
    toolTimes: [...toolTimes],
    ...(dropped.size > 0 && { dropped: [...dropped.values()] }),
    ...(tightened.size > 0 && { tightened: [...tightened.values()] }),
  };
};
