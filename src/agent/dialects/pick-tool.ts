// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { Choice } from '../../chore/decide/decision.ts';
import { pickTool } from '../../chore/decide/pick.ts';
import { wallClock } from '../../data/wall-clock.ts';
import type { Engine, Message } from '../../engine/contract/engine.ts';
import { defineTool, type Tool, ToolFault } from '../../tool/tool.ts';
import { type Meter, meterCompletion } from '../meter.ts';
import { parseAnswer } from '../read-envelope.ts';
import type { BoundRuntime } from '../runtime.ts';
import type { Input, LoopLimits, ModelManifest } from '../schema.ts';
import { decision, pickIn } from './decision.ts';

/** Who is asked, and what for. */
export type PickOptions = {
  readonly engine: Engine;
  readonly runtime: Pick<BoundRuntime['settings'], 'seed' | 'temperature' | 'adapter'>;
  readonly agent: Pick<ModelManifest, 'name'>;
  /** Text of `decide.txt`. */
  readonly decide: string;
  readonly input: Input;
  readonly limits: Pick<LoopLimits, 'idleTimeout' | 'maxOutputTokens'>;
  /** Gets what each answer cost. */
  readonly meter: Meter;
};

/**
 * The tool by which the work of a chore asks a model about one open question: a prompt of its own each time, and an
 * answer held to the names. Its call and its result record what was offered and picked; `null`: nothing is right.
 */
export const openPickTool = (options: PickOptions): Tool =>
  defineTool({
    name: pickTool,
    description: 'Asks a model which of a few candidates is right',
    args: z.strictObject({
      name: z.string(),
      about: z.json().optional(),
      candidates: z.array(z.strictObject({ name: z.string(), value: z.json().optional() })).min(1),
    }),
    result: z.strictObject({ picked: z.string().nullable() }),
    touches: () => ({}),
    run: async ({ name, about, candidates }, { signal }) => {
      const { engine, runtime, agent, decide, input, limits, meter } = options;
      const question = { name, candidates: candidates as readonly Choice[] };
      const asked = decision.of(
        {
          questions: [about === undefined ? question : { ...question, about }],
          write: () => ({ refused: '' }),
        },
        decide,
      );
      const messages: readonly Message[] = [
        { role: 'system', content: asked.renderSystem() },
        { role: 'user', content: asked.renderTask(input) },
      ];
      const [startedAt, start] = [wallClock(), performance.now()];
      const prompt = await engine.countTokens(messages);
      const completion = await engine.complete({
        messages,
        schema: asked.schemaOf(),
        maxTokens: Math.min(
          limits.maxOutputTokens,
          decision.maxOutputTokens ?? limits.maxOutputTokens,
        ),
        idleTimeoutMs: limits.idleTimeout,
        ...(runtime.seed !== undefined && { seed: runtime.seed }),
        ...(runtime.temperature !== undefined && { temperature: runtime.temperature }),
        ...(runtime.adapter !== undefined && { adapter: runtime.adapter }),
        group: agent.name,
        priority: input.spec.priority,
        signal,
      });
      const elapsed = performance.now() - start;
      const step = meter.completions.length + 1;
      meterCompletion(meter, { step, startedAt, elapsed, prompt, seed: runtime.seed }, completion);
      const parsed = parseAnswer(completion.text);
      const picked = 'value' in parsed ? pickIn(question, parsed.value) : undefined;
      if (picked === undefined) throw new ToolFault('the model picked none of the names');
      return { picked };
    },
  });
