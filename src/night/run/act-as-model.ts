// SPDX-License-Identifier: GPL-3.0-only
import type { Dialect } from '../../agent/dialect.ts';
import { type LoopResult, runLoop } from '../../agent/loop.ts';
import { limitsFor } from '../../agent/outcome/limits.ts';
import type { Failure } from '../../agent/schema.ts';
import { unitDecision } from '../../chore/decide/unit-decision.ts';
import { patchDecision } from '../../review/suspect/review-decision.ts';
import { runSpecChecks } from '../../tool/spec-checks.ts';
import type { ModelUsage } from '../../trace/model-usage.ts';
import type { AgentRun, BoundModelAgent, NodeRequest } from '../open/bound-agent.ts';

/** Takes a model through the loop; a process whose node runs code never loads this. */
export const actAsModel = async (
  request: NodeRequest,
  { agent: opened, runtime, tools }: BoundModelAgent,
): Promise<AgentRun> => {
  const { input, overlay, reach, codeContext, signal } = request;
  const { manifest: agent, prompt } = opened;
  const { maxSteps } = input.spec.limits;
  const { settings } = runtime;
  const reservesNothing =
    settings.engine === 'rules' && settings.limits?.maxOutputTokens === undefined;
  const dialect = await speak(request, opened, runtime.dialect);
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
    engine: runtime.engine,
    runtime: runtime.settings,
    dialect,
    contextTokens: runtime.probe.contextTokens,
    contextSetting: {
      setting: runtime.setting,
      most: runtime.probe.mostContextTokens,
      engine: runtime.probe.identity.engine,
    },
    tools,
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
  const usage = usageOf(runtime, meter);
  const record = { messages, calls, metrics, ...(usage && { usage }) };
  if (outcome.kind === 'failure') return { ...record, failure: outcome.failure };
  const { output } = outcome;
  if (output.status === 'ok') return { ...record, said: output };
  const message = declinedBecause(output.notes, runtime);
  return { ...record, said: output, failure: { code: 'declined', message } };
};

/** Rules reserve no room for an answer: what is little for a model is no bound for them. */
const rulesTokens = 8_192;

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
const declinedBecause = (notes: string, { probe }: BoundModelAgent['runtime']): string => {
  if (notes.trim() === '') return 'declined without a reason';
  return probe.identity.engine === 'rules' ? notes : `the model declined: "${notes}"`;
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
