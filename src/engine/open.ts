// SPDX-License-Identifier: GPL-3.0-only
import type { OpenChores } from '../chore/chores.ts';
import type { Runtime } from '../config/schema.ts';
import { isShippedAgent } from '../data/installation.ts';
import type { Engine } from './contract/engine.ts';
import { refuseForeign } from './contract/foreign-keys.ts';
import type { ModelAsk } from './models/model-files.ts';
import type { OpenRules } from './rules/import-rules.ts';

/** Who asks for an engine, where its agent lives, and the chores that rules know. */
export type EngineHost = ModelAsk & {
  readonly folder: string;
  readonly chores: OpenChores;
  /** Opens the rules of an agent that does not ship; without it there are none. */
  readonly openRules?: OpenRules | undefined;
};

/**
 * Opens the engine a profile names; there is no falling back to another one.
 * @throws UserError for settings that make no sense for it; EngineFault where it cannot be used.
 */
export const openEngine = async (runtime: Runtime, host: EngineHost): Promise<Engine> => {
  if (runtime.engine === 'rules') {
    refuseForeign(runtime, host.setting);
    const { createRulesEngine, loadSpecialist } = await import('./rules/engine.ts');
    const chores = await host.chores();
    const isShipped = isShippedAgent(host.folder);
    const open = isShipped ? undefined : host.openRules;
    if (!isShipped && !open)
      throw new Error(`nothing was given to run the rules of ${host.folder} in`);
    const specialist = await loadSpecialist(host.folder, chores, runtime.rules, open);
    // A process of its own answers one after the other.
    return createRulesEngine(specialist, runtime.slots ?? (isShipped ? undefined : 1));
  }
  if (runtime.engine === 'vllm') {
    const { openVllmEngine } = await import('./vllm/engine.ts');
    return openVllmEngine(runtime, host);
  }
  if (runtime.engine === 'llama') {
    const { openLlamaEngine } = await import('./llama/engine.ts');
    return openLlamaEngine(runtime, host);
  }
  if (runtime.engine === 'openai') {
    const { openOpenAiEngine } = await import('./openai/engine.ts');
    return openOpenAiEngine(runtime, host);
  }
  if (runtime.engine === 'ollama') {
    const { openOllamaEngine } = await import('./ollama/engine.ts');
    return openOllamaEngine(runtime, host);
  }
  const { openOpenVinoEngine } = await import('./openvino/engine.ts');
  return openOpenVinoEngine(runtime, host);
};
