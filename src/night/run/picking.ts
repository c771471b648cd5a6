// SPDX-License-Identifier: GPL-3.0-only
import { openPickTool } from '../../agent/dialects/pick-tool.ts';
import { createMeter, type Meter } from '../../agent/meter.ts';
import { limitsFor } from '../../agent/outcome/limits.ts';
import { isShippedAgent } from '../../data/installation.ts';
import { type Engine, EngineFault } from '../../engine/contract/engine.ts';
import type { Tool } from '../../tool/tool.ts';
import type { BoundModelAgent, NodeRequest } from '../open/bound-agent.ts';

/** Rules that work a whole spec, with a tool that asks the model what the spec leaves open. */
export type Picking = {
  readonly engine: Engine;
  readonly tools: readonly Tool[];
  /** What the model's answers cost; rules cost nothing. */
  readonly meter: Meter;
  /** Why the model could not be asked, once that was so. */
  readonly fault: () => EngineFault | undefined;
};

/** Only agents that ship have rules whose work asks; another one picks for single documents alone. */
export const openPicking = async (
  { input, codeContext }: NodeRequest,
  { agent, runtime, tools }: BoundModelAgent,
): Promise<Picking | undefined> => {
  const { manifest, folder, decide } = agent;
  const isAsked = 'of' in runtime.dialect && manifest.unit === 'spec' && isShippedAgent(folder);
  if (!isAsked || decide === undefined) return undefined;
  const { createRulesEngine, loadSpecialist } = await import('../../engine/rules/engine.ts');
  const meter = createMeter();
  const pick = openPickTool({
    ...{ engine: runtime.engine, runtime: runtime.settings, agent: manifest, decide, input, meter },
    limits: limitsFor(manifest.limits, runtime.settings.limits),
  });
  let fault: EngineFault | undefined;
  const run: Tool['run'] = async (...call) => {
    try {
      return await pick.run(...call);
    } catch (error) {
      if (error instanceof EngineFault) fault = error;
      throw error;
    }
  };
  return {
    engine: createRulesEngine(await loadSpecialist(folder, await codeContext.chores())),
    tools: [...tools, { ...pick, run }],
    meter,
    fault: () => fault,
  };
};
