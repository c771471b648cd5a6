// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../config/schema.ts';
import type { Engine } from './contract/engine.ts';
import { refuseForeign } from './contract/foreign-keys.ts';
import type { ModelStore } from './models/model-files.ts';

/** Where an agent lives and which Pantheon runs it. */
export type EngineHost = {
  readonly folder: string;
  readonly version: string;
  /** Where the runtime is bound, for messages: `profiles.gpu.default`. */
  readonly setting: string;
  /** Where models lie and what is pinned; see `resolveModel`. */
  readonly models?: ModelStore;
};

/**
 * Opens the engine a profile names; there is no falling back to another one.
 * @throws UserError for settings that make no sense for it; EngineFault where it cannot be used.
 */
export const openEngine = async (runtime: Runtime, host: EngineHost): Promise<Engine> => {
  if (runtime.engine === 'rules') {
    refuseForeign(runtime, host.setting);
    const { createRulesEngine, loadSpecialist } = await import('./rules/engine.ts');
    const { specialist, digest } = await loadSpecialist(host.folder, runtime.rules);
    const { slots } = runtime;
    return createRulesEngine({
      specialist,
      digest,
      version: host.version,
      ...(slots !== undefined && { slots }),
    });
  }
  if (runtime.engine === 'vllm') {
    const { openVllmEngine } = await import('./vllm/engine.ts');
    return openVllmEngine(runtime, host);
  }
  if (runtime.engine === 'llama') {
    const { openLlamaEngine } = await import('./llama/engine.ts');
    return openLlamaEngine(runtime, host);
  }
  if (runtime.engine === 'ollama') {
    const { openOllamaEngine } = await import('./ollama/engine.ts');
    return openOllamaEngine(runtime, host);
  }
  const { openOpenVinoEngine } = await import('./openvino/engine.ts');
  return openOpenVinoEngine(runtime, host);
};
