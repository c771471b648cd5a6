// SPDX-License-Identifier: GPL-3.0-only
import { SandboxFault } from '../boundary/executor.ts';
import type { Verifier } from '../boundary/verifier.ts';
import type { Runtime } from '../config/schema.ts';
import { canonicalJson } from '../data/digest.ts';
import { type Completion, type Engine, EngineFault, type Message } from '../engine/engine.ts';
import type { Tool, ToolContext } from '../tool/tool.ts';
import { renderReply, renderTask } from './conversation.ts';
import type { Final } from './envelope.ts';
import { type Protocol, protocolFor } from './envelope-schema.ts';
import { type Fault, readEnvelope, shorten } from './read-envelope.ts';
import { type PastCall, repeatOf } from './repeats.ts';
import type { Failure, Input, LoopLimits, ModelAgent } from './schema.ts';
import { type CallRecord, makeCall, type ReadCall } from './tool-call.ts';
import { startWatch, type Watch } from './watch.ts';

export type LoopOptions = {
  readonly agent: ModelAgent;
  /** The agent's, or what the spec and the node make of them. */
  readonly limits: LoopLimits;
  readonly engine: Engine;
  readonly runtime: Pick<Runtime, 'seed' | 'temperature' | 'adapter'>;
  /** From the engine's probe [tokens]. */
  readonly contextTokens: number;
  readonly tools: readonly Tool[];
  readonly verifier: Verifier;
  readonly context: ToolContext;
  /** From `renderSystem`. */
  readonly system: string;
  readonly input: Input;
  readonly signal: AbortSignal;
  /** Milliseconds from any origin; default: the monotonic clock. */
  readonly clock?: () => number;
};

export type LoopOutcome =
  | { readonly kind: 'final'; readonly output: Final['output'] }
  | { readonly kind: 'failure'; readonly failure: Failure };

export type LoopResult = {
  readonly outcome: LoopOutcome;
  /** The whole conversation, the last answer included. */
  readonly messages: readonly Message[];
  readonly calls: readonly CallRecord[];
  /** steps, badSteps, schemaErrors, toolCalls, denials, *Tokens [tokens] and engineMs [ms]. */
  readonly metrics: Readonly<Record<string, number>>;
};

/** A bad answer is shown to the model only this far; it may be a megabyte of noise. */
const maxQuoted = 2000;

type Run = LoopOptions & {
  readonly protocol: Protocol;
  readonly watch: Watch;
  readonly now: () => number;
  readonly messages: Message[];
  readonly calls: CallRecord[];
  readonly past: PastCall[];
  readonly metrics: Record<MetricName, number>;
};

const noMetrics = {
  steps: 0,
  badSteps: 0,
  schemaErrors: 0,
  toolCalls: 0,
  denials: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  engineMs: 0,
};

type MetricName = keyof typeof noMetrics;

/**
 * Runs a model agent on one input: render, complete, parse, verify, call, append, until it answers
 * `final` or reaches a bound. Failures are values. Throws only the reason of an aborted `signal`, a
 * UserError for an agent or tool that cannot be used, and defects.
 */
export const runLoop = async (options: LoopOptions): Promise<LoopResult> => {
  const { agent, tools, signal, limits } = options;
  signal.throwIfAborted();
  const protocol = protocolFor(agent, tools);
  const now = options.clock ?? (() => performance.now());
  const watch = startWatch(signal, limits.timeout, now);
  const run: Run = {
    ...options,
    context: { ...options.context, signal: watch.signal },
    protocol,
    watch,
    now,
    messages: [
      { role: 'system', content: options.system },
      { role: 'user', content: renderTask(options.input) },
    ],
    calls: [],
    past: [],
    metrics: { ...noMetrics },
  };
  try {
    const outcome = await takeSteps(run);
    return { outcome, messages: run.messages, calls: run.calls, metrics: run.metrics };
  } finally {
    watch.close();
  }
};

const takeSteps = async (run: Run): Promise<LoopOutcome> => {
  try {
    for (;;) {
      const outcome = await takeStep(run);
      if (outcome) return outcome;
    }
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof EngineFault) return fail(run, 'engine', error.message);
    if (run.watch.expired()) return timedOut(run);
    if (error instanceof SandboxFault) return fail(run, 'sandbox', error.message);
    throw error;
  }
};

/** One answer and what follows from it; `undefined` when the run goes on. */
const takeStep = async (run: Run): Promise<LoopOutcome | undefined> => {
  const { limits, metrics } = run;
  run.signal.throwIfAborted();
  if (run.watch.expired()) return timedOut(run);
  if (metrics.steps >= limits.maxSteps) {
    return fail(run, 'steps', `no final answer after ${limits.maxSteps} steps`);
  }
  const prompt = await timed(run, () => run.engine.countTokens(run.messages));
  if (prompt + limits.maxOutputTokens > run.contextTokens) {
    const need = `${prompt} tokens and ${limits.maxOutputTokens} for the answer`;
    return fail(run, 'context', `the prompt needs ${need}; the model holds ${run.contextTokens}`);
  }
  const left = limits.maxTokens - metrics.promptTokens - metrics.completionTokens - prompt;
  if (left < 1) {
    return fail(run, 'tokens', `the next prompt would pass the limit of ${limits.maxTokens}`);
  }
  metrics.steps += 1;
  const maxTokens = Math.min(limits.maxOutputTokens, left);
  const completion = await complete(run, maxTokens);
  metrics.promptTokens += Math.max(prompt, tokens(completion.usage.prompt));
  metrics.cachedTokens += tokens(completion.usage.cached);
  metrics.completionTokens += tokens(completion.usage.completion);
  if (completion.finish === 'length') {
    if (maxTokens < limits.maxOutputTokens) {
      return fail(run, 'tokens', `the answer was cut at the limit of ${limits.maxTokens}`);
    }
    const reason = `the answer was cut at ${maxTokens} tokens; answer with less`;
    return tellFault(run, completion.text, { code: 'schema', reason });
  }
  const reading = readEnvelope(completion.text, run.protocol);
  if (reading.kind === 'bad') return tellFault(run, completion.text, reading.fault);
  run.messages.push({ role: 'assistant', content: completion.text });
  return reading.kind === 'final' ? reading : call(run, reading);
};

const call = async (run: Run, proposed: ReadCall): Promise<LoopOutcome | undefined> => {
  const { metrics, limits } = run;
  const key = `${proposed.tool.name} ${canonicalJson(proposed.raw)}`;
  const repeat = repeatOf(run.past, key, limits.maxRepeats);
  if (repeat) return fail(run, 'repeat', explainRepeat(run, proposed.tool.name, repeat));
  metrics.toolCalls += 1;
  const { record, reply, wrote, fault } = await makeCall(proposed, {
    agent: run.agent.name,
    verifier: run.verifier,
    context: run.context,
    watch: run.watch,
  });
  run.calls.push({ step: metrics.steps, ...record });
  run.past.push({ key, wrote });
  run.messages.push({ role: 'user', content: reply });
  if (!fault) return undefined;
  if (fault.code === 'denied') metrics.denials += 1;
  return countFault(run, fault);
};

const explainRepeat = (run: Run, name: string, repeat: 'same' | 'alternating'): string => {
  const last = run.calls.at(-1);
  const circle =
    repeat === 'same'
      ? `${name} was called again and again with the same arguments`
      : `${last?.name} and ${name} took turns with the same arguments`;
  return last?.error ? `${circle}; the last answer was: ${last.error.reason}` : circle;
};

/** Puts a bad answer and what was wrong with it into the conversation. */
const tellFault = (run: Run, text: string, fault: Fault): LoopOutcome | undefined => {
  const { tool, code, reason } = fault;
  run.metrics.schemaErrors += 1;
  run.messages.push(
    { role: 'assistant', content: shorten(text, maxQuoted) },
    {
      role: 'user',
      content: renderReply({ ...(tool !== undefined && { tool }), error: { code, reason } }),
    },
  );
  return countFault(run, fault);
};

const countFault = (run: Run, { code, reason }: Fault): LoopOutcome | undefined => {
  run.metrics.badSteps += 1;
  return run.metrics.badSteps < run.limits.maxFailures
    ? undefined
    : fail(run, code, `${run.metrics.badSteps} bad steps; the last: ${reason}`);
};

const complete = async (run: Run, maxTokens: number): Promise<Completion> => {
  const { seed, temperature, adapter } = run.runtime;
  const completion: Partial<Completion> | undefined = await timed(run, (onProgress) =>
    run.engine.complete({
      messages: [...run.messages],
      schema: run.protocol.schema,
      maxTokens,
      idleTimeoutMs: run.limits.idleTimeout,
      ...(seed !== undefined && { seed }),
      ...(temperature !== undefined && { temperature }),
      ...(adapter !== undefined && { adapter }),
      group: run.agent.name,
      priority: run.input.spec.priority,
      signal: run.watch.signal,
      onProgress,
    }),
  );
  if (typeof completion?.text !== 'string' || !completion.usage) {
    throw new EngineFault('the engine answered nothing');
  }
  return completion as Completion;
};

const timed = async <T>(run: Run, ask: (onProgress: () => void) => Promise<T>): Promise<T> => {
  const start = run.now();
  try {
    return await run.watch.raceIdle(run.limits.idleTimeout, ask);
  } finally {
    run.metrics.engineMs += run.now() - start;
  }
};

/** A count from outside, or 0 where it is none. */
const tokens = (count: number): number => (count > 0 && Number.isFinite(count) ? count : 0);

const timedOut = (run: Run): LoopOutcome =>
  fail(run, 'timeout', `not finished after ${run.limits.timeout} ms`);

const advice: Partial<Record<Failure['code'], string>> = {
  steps: 'raise limits.maxSteps of the spec or the agent, or make the spec smaller',
  tokens: 'raise limits.maxTokens of the agent, or make the spec smaller',
  context: 'use a model with a larger context, or make the files or the spec smaller',
  timeout: 'raise limits.timeout of the agent, or use a faster engine',
};

const fail = (run: Run, code: Failure['code'], message: string): LoopOutcome => {
  const hint = advice[code];
  const step = run.metrics.steps;
  return {
    kind: 'failure',
    failure: { code, message, ...(hint !== undefined && { advice: hint }), step },
  };
};
