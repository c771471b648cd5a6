// SPDX-License-Identifier: GPL-3.0-only
import { toMicroseconds } from '../data/wall-clock.ts';
import type { Completion, SchemaKeyword } from '../engine/contract/engine.ts';
import type { CompletionRecord, ToolTime } from '../trace/model-usage.ts';

/** What a run of the loop spent, as it goes. */
export type Meter = {
  readonly completions: CompletionRecord[];
  readonly toolTimes: ToolTime[];
  /** Keywords of the schema that the engine did not hold, by pointer and keyword. */
  readonly dropped: Map<string, SchemaKeyword>;
  /** Those that it held closer than the schema says. */
  readonly tightened: Map<string, SchemaKeyword>;
};

/** Of a schema a handful is dropped; what an engine claims beyond is left out. */
const maxNotes = 100;

/** One for each run of an agent. */
export const createMeter = (): Meter => ({
  completions: [],
  toolTimes: [],
  dropped: new Map(),
  tightened: new Map(),
});

/** What was asked, and when: `startedAt` in ms since 1970, `elapsed` ms until now, `prompt` tokens counted. */
export type AskedStep = {
  readonly step: number;
  readonly startedAt: number;
  readonly elapsed: number;
  readonly prompt: number;
  readonly seed: number | undefined;
};

/** Notes an answer. What an engine claims is taken as far as it is a number. */
export const meterCompletion = (
  { completions, dropped, tightened }: Meter,
  { step, startedAt, elapsed, prompt, seed }: AskedStep,
  { usage, finish, timing, constraint }: Completion,
): void => {
  note(dropped, constraint?.dropped);
  note(tightened, constraint?.tightened);
  completions.push({
    step,
    startedAt,
    promptTokens: positiveCount(usage.prompt) || prompt,
    cachedTokens: positiveCount(usage.cached),
    completionTokens: positiveCount(usage.completion),
    ...(timing?.queued !== undefined && { queuedMs: time(timing.queued) }),
    ...(timing && { firstTokenMs: time(timing.firstToken) }),
    totalMs: time(timing?.total ?? elapsed),
    finish: finish === 'length' ? 'length' : 'stop',
    ...(seed !== undefined && { seed }),
    ...(constraint && {
      constraint: constraint.kind,
      dropped: constraint.dropped.length,
      tightened: constraint.tightened.length,
      ...(constraint.prefill && { prefill: constraint.prefill }),
    }),
  });
};

const note = (
  notes: Map<string, SchemaKeyword>,
  keywords: readonly SchemaKeyword[] | undefined,
): void => {
  for (const { pointer, keyword } of keywords ?? []) {
    if (notes.size < maxNotes) notes.set(`${pointer} ${keyword}`, { pointer, keyword });
  }
};

/** Notes that an engine gave no whole answer; `written` are the tokens that came of it. */
export const meterFault = (
  { completions }: Meter,
  { step, startedAt, elapsed, prompt, seed }: AskedStep,
  written: number,
  fault: string,
): void => {
  completions.push({
    step,
    startedAt,
    promptTokens: written > 0 ? prompt : 0,
    cachedTokens: 0,
    completionTokens: written,
    totalMs: time(elapsed),
    finish: 'error',
    ...(seed !== undefined && { seed }),
    fault,
  });
};

/** Adds to the last answer what was wrong with it. */
export const meterBadAnswer = ({ completions }: Meter, fault: string): void => {
  const last = completions.pop();
  if (last) completions.push({ ...last, fault });
};

/** Notes that a tool ran. */
export const meterTool = (
  { toolTimes }: Meter,
  { step, startedAt, elapsed }: Pick<AskedStep, 'step' | 'startedAt' | 'elapsed'>,
): void => {
  toolTimes.push({ step, startedAt, totalMs: time(elapsed) });
};

/** A count from outside, or 0 where it is none. */
export const positiveCount = (count: number): number =>
  count > 0 && Number.isFinite(count) ? count : 0;

const time = (ms: number): number => toMicroseconds(positiveCount(ms));
