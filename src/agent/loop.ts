// SPDX-License-Identifier: GPL-3.0-only
import { SandboxFault } from '../boundary/executor.ts';
import { describeDenial, type Verifier } from '../boundary/verifier.ts';
import type { Runtime } from '../config/schema.ts';
import { canonicalJson } from '../data/digest.ts';
import { wallClock } from '../data/wall-clock.ts';
import { type ContextSetting, contextAdvice } from '../engine/contract/context-advice.ts';
import { escapeControls } from '../engine/contract/control-tokens.ts';
import { type Engine, EngineFault, type Message } from '../engine/contract/engine.ts';
import type { Tool, ToolContext } from '../tool/tool.ts';
import { type Asking, completeStep, countPrompt, nothingWritten } from './ask-engine.ts';
import type { Dialect } from './dialect.ts';
import { envelope } from './dialects/envelope.ts';
import type { Final } from './envelope.ts';
import { type Protocol, protocolFor, withoutTool } from './envelope-schema.ts';
import { createMeter, type Meter, meterBadAnswer, meterTool, positiveCount } from './meter.ts';
import { adviceFor } from './outcome/advice.ts';
import { brokenOff } from './outcome/broken-off.ts';
import { type MetricName, noMetrics } from './outcome/metrics.ts';
import { readOutput, type StepFault, shortenText } from './read-envelope.ts';
import { explainRepeat, isLastRepeated, type PastCall, repeatOf } from './repeats.ts';
import type { Failure, Input, LoopLimits, ModelManifest } from './schema.ts';
import { type CallRecord, makeCall, type ReadCall, secretShown } from './tool-call.ts';
import { startWatch, type Watch } from './watch.ts';

export type LoopOptions = {
  readonly agent: ModelManifest;
  /** The agent's, or what the spec and the node make of them. */
  readonly limits: LoopLimits;
  readonly engine: Engine;
  readonly runtime: Pick<Runtime, 'seed' | 'temperature' | 'adapter'>;
  /** How the model was taught to be spoken to; default: envelope. */
  readonly dialect?: Dialect;
  /** From the engine's probe [tokens]. */
  readonly contextTokens: number;
  /** Where that is set, for a person whom it is too little for. */
  readonly contextSetting?: ContextSetting;
  readonly tools: readonly Tool[];
  readonly verifier: Verifier;
  readonly context: ToolContext;
  /** Text of `prompt.md`. */
  readonly prompt: string;
  readonly input: Input;
  readonly signal: AbortSignal;
};

export type LoopOutcome =
  | { readonly kind: 'final'; readonly output: Final['output'] }
  | { readonly kind: 'failure'; readonly failure: Failure };

export type LoopResult = {
  readonly outcome: LoopOutcome;
  /** The whole conversation, the last answer included. */
  readonly messages: readonly Message[];
  readonly calls: readonly CallRecord[];
  /** Sums over the run: counts, *Tokens [tokens] and engineMs [ms]. */
  readonly metrics: Readonly<Record<MetricName, number>>;
  readonly meter: Readonly<Meter>;
};

/** A bad answer is shown to the model only this far; it may be a megabyte of noise. */
const maxQuoted = 2000;

type Run = LoopOptions & {
  readonly dialect: Dialect;
  readonly protocol: Protocol;
  readonly meter: Meter;
  readonly watch: Watch;
  readonly messages: Message[];
  readonly calls: CallRecord[];
  readonly past: PastCall[];
  /** Why its patch was denied, each time. */
  readonly denials: string[];
  readonly metrics: Record<MetricName, number>;
  readonly written: Asking['written'];
};

/**
 * Runs a model agent on one input: render, complete, parse, verify, call, append, until it answers
 * `final` or reaches a bound. Failures are values. Throws only the reason of an aborted `signal`, a
 * UserError for an agent or tool that cannot be used, and defects.
 */
export const runLoop = async (options: LoopOptions): Promise<LoopResult> => {
  const { agent, tools, signal, dialect = envelope } = options;
  signal.throwIfAborted();
  const protocol = protocolFor(agent, tools);
  const limits = boundBy(dialect, options.limits);
  const watch = startWatch(signal, limits.timeout);
  const run: Run = {
    ...options,
    limits,
    context: { ...options.context, signal: watch.signal },
    dialect,
    protocol,
    meter: createMeter(),
    watch,
    messages: [
      {
        role: 'system',
        content: dialect.renderSystem({ agent, prompt: options.prompt, protocol }),
      },
      { role: 'user', content: dialect.renderTask(options.input) },
    ],
    calls: [],
    past: [],
    denials: [],
    metrics: { ...noMetrics },
    written: { ...nothingWritten },
  };
  try {
    const outcome = await takeSteps(run);
    const { messages, calls, metrics, meter } = run;
    return { outcome, messages, calls, metrics, meter };
  } finally {
    watch.close();
  }
};

const boundBy = ({ maxOutputTokens }: Dialect, limits: LoopLimits): LoopLimits =>
  maxOutputTokens === undefined
    ? limits
    : { ...limits, maxOutputTokens: Math.min(maxOutputTokens, limits.maxOutputTokens) };

const takeSteps = async (run: Run): Promise<LoopOutcome> => {
  try {
    for (;;) {
      const outcome = await takeStep(run);
      if (outcome) return outcome;
    }
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof EngineFault) {
      const message = `${error.message}${keepWritten(run, 'engine')}`;
      return fail(run, 'engine', message, error.finding);
    }
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
  const prompt = await countPrompt(run);
  if (prompt + limits.maxOutputTokens > run.contextTokens) return tooLong(run, prompt);
  const left = limits.maxTokens - metrics.promptTokens - metrics.completionTokens - prompt;
  if (left < 1) {
    return fail(run, 'tokens', `the next prompt would pass the limit of ${limits.maxTokens}`);
  }
  metrics.steps += 1;
  const maxTokens = Math.min(limits.maxOutputTokens, left);
  const completion = await completeStep(heldNext(run), maxTokens, prompt);
  metrics.promptTokens += Math.max(prompt, positiveCount(completion.usage.prompt));
  metrics.cachedTokens += positiveCount(completion.usage.cached);
  metrics.completionTokens += positiveCount(completion.usage.completion);
  if (completion.finish === 'length') {
    if (maxTokens < limits.maxOutputTokens) {
      return fail(run, 'tokens', `the answer was cut at the limit of ${limits.maxTokens}`);
    }
    const reason = `the answer was cut at ${maxTokens} tokens; answer with less`;
    return tellFault(run, escapeControls(completion.text), { code: 'schema', reason });
  }
  const { reading, said } = run.dialect.read(completion.text, run.protocol, completion.confidence);
  if (reading.kind === 'bad') {
    meterBadAnswer(run.meter, reading.fault.code);
    if (completion.constraint?.dropped.length) metrics.caughtAfterLowering += 1;
    return tellFault(run, said, reading.fault);
  }
  run.messages.push({ role: 'assistant', content: said });
  return reading.kind === 'final' ? finish(run, reading) : call(run, reading);
};

/** Right after an exact repeat the next answer is no call of that tool: a small model repeats it for ever. */
const heldNext = (run: Run): Run => {
  const last = run.calls.at(-1);
  return last && isLastRepeated(run.past)
    ? { ...run, protocol: withoutTool(run.protocol, last.name) }
    : run;
};

/** A patch that the rules deny is told to whoever says that it is done. */
const finish = async (
  run: Run,
  final: Extract<LoopOutcome, { kind: 'final' }>,
): Promise<LoopOutcome | undefined> => {
  const { verifier, watch, metrics } = run;
  if (final.output.status !== 'ok' || !verifier.verifyPatch) return final;
  const ruling = await watch.race(verifier.verifyPatch());
  if (ruling.allow) return final;
  const fault = { code: 'denied', reason: shortenText(describeDenial(ruling)) } as const;
  metrics.denials += 1;
  run.denials.push(fault.reason);
  run.messages.push({ role: 'user', content: run.dialect.renderReply({ error: fault }) });
  return countFault(run, fault);
};

const call = async (run: Run, proposed: ReadCall): Promise<LoopOutcome | undefined> => {
  const { metrics, limits } = run;
  const key = `${proposed.tool.name} ${canonicalJson(proposed.raw)}`;
  const repeat = repeatOf(run.past, key, limits.maxRepeats);
  if (repeat) {
    const last = run.calls.at(-1);
    const reason = explainRepeat(repeat, proposed.tool.name, last?.name);
    const answered = last?.error?.reason ?? run.denials.at(-1);
    const end = answered === undefined ? '' : `; the last answer was: ${answered}`;
    return fail(run, 'repeat', `${reason}${end}`);
  }
  metrics.toolCalls += 1;
  const [startedAt, start] = [wallClock(), performance.now()];
  const { record, reply, wrote, fault } = await makeCall(proposed, {
    agent: run.agent.name,
    verifier: run.verifier,
    context: run.context,
    watch: run.watch,
    renderReply: run.dialect.renderReply,
  });
  meterTool(run.meter, { step: metrics.steps, startedAt, elapsed: performance.now() - start });
  const secret = secretShown(record);
  if (secret !== undefined) return fail(run, 'secret', secret);
  run.calls.push({ step: metrics.steps, ...record });
  run.past.push({ key, wrote });
  run.messages.push({ role: 'user', content: reply });
  if (!fault) {
    const { conclude } = run.dialect;
    if (!conclude) return undefined;
    const reading = readOutput(conclude(record.result), run.protocol);
    return reading.kind === 'final'
      ? finish(run, reading)
      : fail(run, 'schema', "the tool's result is not what the agent declares as its own");
  }
  if (fault.code === 'denied') metrics.denials += 1;
  return countFault(run, fault);
};

/** Puts a bad answer and what was wrong with it into the conversation. */
const tellFault = (run: Run, text: string, fault: StepFault): LoopOutcome | undefined => {
  const { tool, code, reason } = fault;
  run.metrics.schemaErrors += 1;
  run.messages.push(
    { role: 'assistant', content: shortenText(text, maxQuoted) },
    {
      role: 'user',
      content: run.dialect.renderReply({
        ...(tool !== undefined && { tool }),
        error: { code, reason },
      }),
    },
  );
  return countFault(run, fault);
};

const countFault = (run: Run, { code, reason }: StepFault): LoopOutcome | undefined => {
  run.metrics.badSteps += 1;
  return run.metrics.badSteps < run.limits.maxFailures
    ? undefined
    : fail(run, code, `${run.metrics.badSteps} bad steps; the last: ${reason}`);
};

const timedOut = (run: Run): LoopOutcome => {
  const end = keepWritten(run, 'timeout');
  return fail(run, 'timeout', `not finished after ${run.limits.timeout} ms${end}`);
};

const keepWritten = (run: Run, code: 'engine' | 'timeout'): string => {
  const broken = brokenOff(run.written, run.dialect, code);
  if (!broken) return '';
  run.messages.push(...broken.messages);
  run.metrics.completionTokens += run.written.tokens;
  return `; ${broken.reason}`;
};

const tooLong = (run: Run, prompt: number): LoopOutcome => {
  const { agent, limits, contextTokens, contextSetting } = run;
  const message = `the prompt needs ${prompt} tokens and ${limits.maxOutputTokens} for the answer; the context holds ${contextTokens}`;
  if (!contextSetting) return fail(run, 'context', message);
  const size = contextAdvice(contextSetting, agent.name, prompt + limits.maxOutputTokens);
  const hint = `${size}, or name fewer or smaller files or a folder as the scope`;
  return fail(run, 'context', message, undefined, hint);
};

const fail = (
  run: Run,
  code: Failure['code'],
  message: string,
  finding?: Failure['finding'],
  advice = adviceFor[code],
): LoopOutcome => {
  const hint = advice !== undefined && { advice };
  const { steps: step } = run.metrics;
  return {
    kind: 'failure',
    failure: { code, ...(finding && { finding }), message, ...hint, step },
  };
};
