// SPDX-License-Identifier: GPL-3.0-only
import type { DecisionDialect, Dialect } from '../../agent/dialect.ts';
import type { ModelAgent } from '../../agent/registry.ts';
import { type Check, type Engine, EngineFault, type Probe } from '../../engine/contract/engine.ts';

/**
 * Why not even an agent's own prompt and one answer fit: then every one of its units would fail.
 * `setting` is where the runtime is bound. Rules have room for anything.
 */
export const contextShortage = async (
  { engine, probe }: { readonly engine: Engine; readonly probe: Probe },
  { manifest: agent, prompt, decide }: Pick<ModelAgent, 'manifest' | 'prompt' | 'decide'>,
  setting: string,
  dialect: Dialect | DecisionDialect,
): Promise<Check | undefined> => {
  if (probe.identity.engine === 'rules') return undefined;
  const { contextTokens } = probe;
  const { maxOutputTokens = agent.limits.maxOutputTokens } = dialect;
  const tokens = await engine
    .countTokens([
      { role: 'system', content: 'of' in dialect ? (decide ?? '') : prompt },
      { role: 'user', content: '' },
    ])
    .catch(unlessFault);
  if (tokens + maxOutputTokens <= contextTokens) return undefined;
  return {
    name: 'context',
    state: 'fail',
    detail: `${setting}.contextTokens: the engine holds ${contextTokens} tokens, and ${agent.name} needs ${tokens} for its prompt alone and ${maxOutputTokens} for an answer`,
    fix: `give ${setting} at least ${tokens + maxOutputTokens} tokens, or bind ${agent.name} to what holds as many`,
  };
};

/** Where tokens cannot be counted, the night itself will say so. */
const unlessFault = (error: unknown): number => {
  if (error instanceof EngineFault) return 0;
  throw error;
};
