// SPDX-License-Identifier: GPL-3.0-only
import type { DecisionDialect, Dialect } from '../../agent/dialect.ts';
import { protocolFor } from '../../agent/envelope-schema.ts';
import { limitsFor } from '../../agent/outcome/limits.ts';
import type { ModelAgent } from '../../agent/registry.ts';
import type { Runtime } from '../../config/schema.ts';
import { contextAdvice } from '../../engine/contract/context-advice.ts';
import {
  type Check,
  type Engine,
  EngineFault,
  type Probe,
  type Speed,
} from '../../engine/contract/engine.ts';
import { slowAnswer } from '../../engine/contract/slow-answer.ts';
import type { Tool } from '../../tool/tool.ts';

/** A check that is not passed, and how many tokens would do. */
export type ContextShortage = { readonly check: Check; readonly need: number };

type Opened = {
  readonly engine: Engine;
  readonly probe: Probe;
  readonly speed?: Speed | undefined;
};

/** How an agent is asked, as far as it decides how much room and time its answers need. */
type AskedAgent = {
  readonly agent: Pick<ModelAgent, 'manifest' | 'prompt' | 'decide'>;
  readonly tools: readonly Tool[];
  readonly dialect: Dialect | DecisionDialect;
  readonly settings?: Pick<Runtime, 'limits'>;
};

/** What an agent is always sent (its prompt, the form of answers and its tools), and the most that it answers [tokens]. */
export const askedTokens = async (
  engine: Engine,
  { agent, tools, dialect, settings = {} }: AskedAgent,
): Promise<{ readonly prompt: number; readonly answer: number; readonly timeout: number }> => {
  const limits = limitsFor(agent.manifest.limits, settings.limits);
  const answer = Math.min(
    dialect.maxOutputTokens ?? limits.maxOutputTokens,
    limits.maxOutputTokens,
  );
  const prompt = await engine
    .countTokens([
      { role: 'system', content: systemOf(agent, tools, dialect) },
      { role: 'user', content: '' },
    ])
    .catch(unlessFault);
  return { prompt, answer, timeout: limits.timeout };
};

/**
 * Why not even what an agent is always sent and one answer
 * fit: then every one of its units would fail. Or a warning that there is hardly time for an answer. `setting` is where the runtime is bound. Rules have room for anything.
 */
export const contextShortage = async (
  { engine, probe, speed }: Opened,
  agent: AskedAgent['agent'],
  tools: readonly Tool[],
  setting: string,
  dialect: Dialect | DecisionDialect,
  settings: Pick<Runtime, 'limits'> = {},
): Promise<ContextShortage | undefined> => {
  if (probe.identity.engine === 'rules') return undefined;
  const { contextTokens, mostContextTokens: most } = probe;
  const { name } = agent.manifest;
  const asked = await askedTokens(engine, { agent, tools, dialect, settings });
  const { prompt, answer } = asked;
  const need = prompt + answer;
  if (need <= contextTokens) {
    const check = slowAnswer(speed, { setting, agent: name }, asked);
    return check && { need, check };
  }
  return {
    need,
    check: {
      name: 'context',
      state: 'fail',
      detail: `${setting}.contextTokens: the engine holds ${contextTokens} tokens, and ${name} needs ${prompt} for its prompt before any task and ${answer} for an answer`,
      fix: contextAdvice({ setting, most, engine: probe.identity.engine }, name, need),
    },
  };
};

const systemOf = (
  { manifest, prompt, decide = '' }: Pick<ModelAgent, 'manifest' | 'prompt' | 'decide'>,
  tools: readonly Tool[],
  dialect: Dialect | DecisionDialect,
): string =>
  'of' in dialect
    ? decide
    : dialect.renderSystem({ agent: manifest, prompt, protocol: protocolFor(manifest, tools) });

/** Where tokens cannot be counted, the night itself will say so. */
const unlessFault = (error: unknown): number => {
  if (error instanceof EngineFault) return 0;
  throw error;
};
