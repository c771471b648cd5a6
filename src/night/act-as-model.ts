// SPDX-License-Identifier: GPL-3.0-only
import { runLoop } from '../agent/loop.ts';
import { renderSystem } from '../agent/prompt.ts';
import { createPathVerifier } from '../boundary/verifier.ts';
import { runSpecChecks } from '../tool/spec-checks.ts';
import type { Acted, ModelActor, NodeRequest } from './actor.ts';

/** Takes a model through the loop; a process whose node runs code never loads this. */
export const actAsModel = async (
  request: NodeRequest,
  { room, runtime, tools }: ModelActor,
): Promise<Acted> => {
  const { input, overlay, reach, hands, signal } = request;
  const { agent, prompt } = room;
  const { maxSteps } = input.spec.limits;
  const { outcome, messages, calls, metrics } = await runLoop({
    agent,
    limits: {
      ...agent.limits,
      ...(maxSteps !== undefined && { maxSteps }),
      ...(request.timeoutMs !== undefined && { timeout: request.timeoutMs }),
    },
    engine: runtime.engine,
    runtime: runtime.settings,
    contextTokens: runtime.probe.contextTokens,
    tools,
    verifier: createPathVerifier(reach),
    context: {
      overlay,
      executor: hands.executor,
      signal,
      paths: input.unit.paths,
      runChecks: () =>
        runSpecChecks({
          overlay,
          executor: hands.executor,
          dependencies: hands.dependencies,
          signal,
          checks: input.spec.checks,
        }),
    },
    system: renderSystem({ agent, prompt, tools }),
    input,
    signal,
  });
  const record = { messages, calls, metrics };
  if (outcome.kind === 'failure') return { ...record, failure: outcome.failure };
  const { output } = outcome;
  if (output.status === 'ok') return { ...record, said: output };
  return { ...record, said: output, failure: { code: 'declined', message: output.notes } };
};
