// SPDX-License-Identifier: GPL-3.0-only
import type { CodeContext, CodeResult } from '../agent/code-agent.ts';
import { type LoopResult, runLoop } from '../agent/loop.ts';
import { renderSystem } from '../agent/prompt.ts';
import type { CodeRoom, ModelRoom } from '../agent/registry.ts';
import type { BoundRuntime } from '../agent/runtime.ts';
import type { Agent, Failure, Input, Output } from '../agent/schema.ts';
import { createPathVerifier } from '../boundary/verifier.ts';
import { canonicalJson } from '../data/digest.ts';
import type { Message } from '../engine/engine.ts';
import { opinionSchema, type Review } from '../review/schema.ts';
import { runSpecChecks } from '../tool/spec-checks.ts';
import type { Tool } from '../tool/tool.ts';
import type { BundleFiles } from '../trace/bundle.ts';
import type { Overlay, Reach } from '../workspace/overlay.ts';
import { formatPatch } from '../workspace/patch.ts';
import { patchDigest } from '../workspace/patch-digest.ts';
import { withDeadline } from './deadline.ts';

/** A room ready to act: a model room has its engine and tools, a code room needs neither. */
export type ModelActor = {
  readonly room: ModelRoom;
  readonly runtime: BoundRuntime;
  readonly tools: readonly Tool[];
};

export type Actor = ModelActor | { readonly room: CodeRoom };

export type NodeRequest = {
  readonly actor: Actor;
  /** The node's id in its flow; a reviewer signs with it. */
  readonly node: string;
  readonly input: Input;
  /** Base tree and the patches of the node's inputs; a working agent's writes land here. */
  readonly overlay: Overlay;
  readonly reach: Reach;
  /** What a code agent gets beside input, overlay and signal; tools get the executor of it. */
  readonly hands: Omit<CodeContext, 'input' | 'overlay' | 'signal'>;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
};

/** How a node ended: its bundle's files, and either an output or a failure. */
export type NodeRun = {
  readonly files: BundleFiles;
  readonly output?: Output;
  readonly review?: Review;
  readonly failure?: Failure;
};

/**
 * Runs one node for one unit, whatever orchestrates it, and never throws but on a defect or when
 * `signal` aborts (the night is interrupted: then nothing is recorded).
 */
export const runNode = async (request: NodeRequest): Promise<NodeRun> => {
  const started = performance.now();
  const acted = await act(request);
  const { messages, calls, testsLog, metrics, ...end } = acted;
  const sealed = await seal(request, end);
  const ms = Math.round((performance.now() - started) * 1000) / 1000;
  return {
    ...sealed,
    files: {
      'input.json': canonicalJson(request.input),
      ...(messages && { 'prompt.txt': renderTranscript(messages) }),
      ...(calls && calls.length > 0 && { 'tool_calls.jsonl': jsonLines(calls) }),
      ...(sealed.output && { 'output.json': canonicalJson(sealed.output) }),
      ...(sealed.output?.diff && { 'diff.patch': sealed.output.diff }),
      ...(testsLog !== undefined && { 'tests.log': testsLog }),
      ...(sealed.review && { 'review.json': canonicalJson(sealed.review) }),
      ...(sealed.failure && { 'error.json': canonicalJson(sealed.failure) }),
      'metrics.json': canonicalJson({ ...metrics, ms }),
    },
  };
};

type Acted = {
  readonly messages?: readonly Message[];
  readonly calls?: LoopResult['calls'];
  readonly testsLog?: string;
  readonly metrics: Readonly<Record<string, number>>;
} & End;

/** What the agent itself said: nothing in it is stamped yet. */
type End = {
  readonly said?: Pick<Output, 'status' | 'notes' | 'metrics' | 'result'>;
  readonly failure?: Failure;
};

const act = (request: NodeRequest): Promise<Acted> => {
  const { actor } = request;
  return 'runtime' in actor ? actAsModel(request, actor) : actAsCode(request, actor.room);
};

const actAsModel = async (
  request: NodeRequest,
  { room, runtime, tools }: ModelActor,
): Promise<Acted> => {
  const { input, overlay, reach, hands, signal } = request;
  const { agent, prompt } = room;
  const { maxSteps } = input.spec.limits;
  const { outcome, messages, calls, metrics } = await runLoop({
    agent,
    limits: {
      ...agent.limits,
      ...(maxSteps !== undefined && { maxSteps }),
      ...(request.timeoutMs !== undefined && { timeout: request.timeoutMs }),
    },
    engine: runtime.engine,
    runtime: runtime.settings,
    contextTokens: runtime.probe.contextTokens,
    tools,
    verifier: createPathVerifier(reach),
    context: {
      overlay,
      executor: hands.executor,
      signal,
      paths: input.unit.paths,
      runChecks: () =>
        runSpecChecks({
          overlay,
          executor: hands.executor,
          dependencies: hands.dependencies,
          signal,
          checks: input.spec.checks,
        }),
    },
    system: renderSystem({ agent, prompt, tools }),
    input,
    signal,
  });
  const record = { messages, calls, metrics };
  if (outcome.kind === 'failure') return { ...record, failure: outcome.failure };
  const { output } = outcome;
  if (output.status === 'ok') return { ...record, said: output };
  return { ...record, said: output, failure: { code: 'declined', message: output.notes } };
};

const actAsCode = async (request: NodeRequest, room: CodeRoom): Promise<Acted> => {
  const { input, overlay, hands } = request;
  const timeoutMs = request.timeoutMs ?? room.agent.timeout ?? defaultTimeoutMs;
  const answered = await withDeadline<CodeResult>(timeoutMs, request.signal, (signal) =>
    room.run({ ...hands, input, overlay, signal }),
  );
  if (answered === 'timeout') {
    const message = `${room.agent.name} did not end within ${timeoutMs} ms`;
    return { metrics: {}, failure: { code: 'timeout', message } };
  }
  const { notes, metrics = {}, result, testsLog, failure } = answered;
  return {
    metrics,
    said: {
      status: failure ? 'fail' : 'ok',
      notes,
      metrics,
      result: result as Output['result'],
    },
    ...(testsLog !== undefined && { testsLog }),
    ...(failure && { failure }),
  };
};

const defaultTimeoutMs = 600_000;

type Sealed = Pick<NodeRun, 'output' | 'review' | 'failure'>;

/** Adds what only the runner may say: a worker's patch, a reviewer's signature. */
const seal = async (request: NodeRequest, { said, failure }: End): Promise<Sealed> => {
  if (!said) return failure ? { failure } : {};
  if (failure) return { output: said, failure };
  const { role }: Agent = request.actor.room.agent;
  if (role === 'work') return { output: { ...said, ...(await stampPatch(request.overlay)) } };
  if (role === 'review') return { output: said, review: stampReview(request, said.result) };
  return { output: said };
};

const stampPatch = async (
  overlay: Overlay,
): Promise<Required<Pick<Output, 'diff' | 'stats' | 'patchDigest' | 'changes'>>> => {
  const changes = [...overlay.changes()];
  return { ...(await formatPatch(overlay)), changes, patchDigest: patchDigest(changes) };
};

const stampReview = ({ actor, node, overlay }: NodeRequest, result: unknown): Review => {
  const runtime = 'runtime' in actor ? actor.runtime.digest : actor.room.digest;
  return {
    ...opinionSchema.parse(result),
    patchDigest: patchDigest(overlay.changes()),
    reviewer: node,
    runtime,
  };
};

const renderTranscript = (messages: readonly Message[]): string =>
  messages.map(({ role, content }) => `[${role}]\n${content}\n`).join('\n');

const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${canonicalJson(value)}\n`).join('');
