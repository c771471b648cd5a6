// SPDX-License-Identifier: GPL-3.0-only
import { toMicroseconds } from '../data/wall-clock.ts';
import type { Completion } from '../engine/contract/engine.ts';
import type { CompletionRecord, ToolTime } from '../trace/model-usage.ts';
import type { Heard } from './dialect.ts';

/** What a run of the loop spent, as it goes. */
export type Meter = {
  readonly completions: CompletionRecord[];
  readonly toolTimes: ToolTime[];
  /** What the engine could not hold of the schema. */
  readonly lowered: Set<string>;
};

/** A schema lowers to a handful; what an engine claims beyond is left out. */
const maxLowered = 100;

/** One for each run of an agent. */
export const createMeter = (): Meter => ({ completions: [], toolTimes: [], lowered: new Set() });

/** What was asked, and when: `startedAt` in ms since 1970, `elapsed` ms until now, `prompt` tokens counted. */
export type Asked = {
  readonly step: number;
  readonly startedAt: number;
  readonly elapsed: number;
  readonly prompt: number;
  readonly seed: number | undefined;
};

/** Notes an answer. What an engine claims is taken as far as it is a number. */
export const meterCompletion = (
  { completions, lowered }: Meter,
  { step, startedAt, elapsed, prompt, seed }: Asked,
  { usage, finish, timing, constraint }: Completion,
): void => {
  for (const keyword of constraint?.lowered ?? []) {
    if (lowered.size < maxLowered) lowered.add(keyword);
  }
  completions.push({
    step,
    startedAt,
    promptTokens: amount(usage.prompt) || prompt,
    cachedTokens: amount(usage.cached),
    completionTokens: amount(usage.completion),
    ...(timing?.queued !== undefined && { queuedMs: time(timing.queued) }),
    ...(timing && { firstTokenMs: time(timing.firstToken) }),
    totalMs: time(timing?.total ?? elapsed),
    finish: finish === 'length' ? 'length' : 'stop',
    ...(seed !== undefined && { seed }),
    ...(constraint && { constraint: constraint.kind, lowered: constraint.lowered.length }),
  });
};

/** Notes that an engine gave no answer. */
export const meterFault = (
  { completions }: Meter,
  { step, startedAt, elapsed, seed }: Asked,
  fault: string,
): void => {
  completions.push({
    step,
    startedAt,
    promptTokens: 0,
    cachedTokens: 0,
    completionTokens: 0,
    totalMs: time(elapsed),
    finish: 'error',
    ...(seed !== undefined && { seed }),
    fault,
  });
};

/** Adds to the last answer how it was understood. */
export const meterReading = (
  { completions }: Meter,
  { reading, salvaged, thought }: Heard,
): void => {
  const last = completions.pop();
  if (!last) return;
  completions.push({
    ...last,
    ...(salvaged && { salvaged }),
    ...(thought > 0 && { thought }),
    ...(reading.kind === 'bad' && { fault: reading.fault.code }),
  });
};

/** Notes that a tool ran. */
export const meterTool = (
  { toolTimes }: Meter,
  { step, startedAt, elapsed }: Pick<Asked, 'step' | 'startedAt' | 'elapsed'>,
): void => {
  toolTimes.push({ step, startedAt, totalMs: time(elapsed) });
};

/** A count from outside, or 0 where it is none. */
export const amount = (count: number): number => (count > 0 && Number.isFinite(count) ? count : 0);

const time = (ms: number): number => toMicroseconds(amount(ms));
