// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../config/schema.ts';
import { wallClock } from '../data/wall-clock.ts';
import {
  type Completion,
  type Engine,
  EngineFault,
  type Message,
} from '../engine/contract/engine.ts';
import type { Dialect } from './dialect.ts';
import type { Protocol } from './envelope-schema.ts';
import { type AskedStep, type Meter, meterCompletion, meterFault } from './meter.ts';
import type { Input, LoopLimits, ModelManifest } from './schema.ts';
import type { Watch } from './watch.ts';

/** What a run of the loop asks its engine with. */
export type Asking = {
  readonly agent: ModelManifest;
  readonly input: Input;
  readonly limits: LoopLimits;
  readonly engine: Engine;
  readonly runtime: Pick<Runtime, 'seed' | 'temperature' | 'adapter'>;
  readonly dialect: Dialect;
  /** What the next answer is held to. */
  readonly protocol: Protocol;
  readonly messages: readonly Message[];
  readonly metrics: { readonly steps: number; engineMs: number };
  readonly meter: Meter;
  readonly watch: Watch;
  /** Of the answer under way, as far as its engine tells. */
  readonly written: { text: string; tokens: number };
};

/** Tokens of the conversation so far. @throws EngineFault, and the watch's reason when time is over. */
export const countPrompt = (asking: Asking): Promise<number> =>
  timed(asking, () => asking.engine.countTokens(asking.messages));

/**
 * The next answer, metered as it came; `prompt` are the tokens counted.
 * @throws EngineFault, and the watch's reason when time is over.
 */
export const completeStep = async (
  asking: Asking,
  maxTokens: number,
  prompt: number,
): Promise<Completion> => {
  const { engine, runtime, dialect, meter, limits, watch } = asking;
  const { seed, temperature, adapter } = runtime;
  const [startedAt, start] = [wallClock(), performance.now()];
  const asked = (): AskedStep => {
    const elapsed = performance.now() - start;
    return { step: asking.metrics.steps, startedAt, elapsed, prompt, seed };
  };
  const { written } = asking;
  Object.assign(written, nothingWritten);
  try {
    const completion: Partial<Completion> | undefined = await timed(asking, (onProgress) =>
      engine.complete({
        messages: [...asking.messages],
        schema: dialect.schemaOf(asking.protocol),
        maxTokens,
        idleTimeoutMs: limits.idleTimeout,
        ...(seed !== undefined && { seed }),
        ...(temperature !== undefined && { temperature }),
        ...(adapter !== undefined && { adapter }),
        ...(dialect.prefill !== undefined && { prefill: dialect.prefill }),
        ...(dialect.confidence !== undefined && { confidence: true }),
        group: asking.agent.name,
        priority: asking.input.spec.priority,
        signal: watch.signal,
        onProgress: (more) => {
          if (more) Object.assign(written, more);
          onProgress();
        },
        onQueue: watch.hold,
      }),
    );
    if (typeof completion?.text !== 'string' || !completion.usage) {
      throw new EngineFault('the engine answered nothing');
    }
    meterCompletion(meter, asked(), completion as Completion);
    Object.assign(written, nothingWritten);
    return completion as Completion;
  } catch (error) {
    meterFault(meter, asked(), written.tokens, watch.expired() ? 'timeout' : 'engine');
    throw error;
  }
};

/** What an answer begins with. */
export const nothingWritten = { text: '', tokens: 0 } as const;

const timed = async <T>(
  { watch, limits, metrics }: Asking,
  ask: (onProgress: () => void) => Promise<T>,
): Promise<T> => {
  const start = performance.now();
  try {
    return await watch.raceIdle(limits.idleTimeout, ask);
  } finally {
    metrics.engineMs += performance.now() - start;
  }
};
