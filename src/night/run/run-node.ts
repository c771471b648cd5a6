// SPDX-License-Identifier: GPL-3.0-only
import type { CodeResult } from '../../agent/code-agent.ts';
import type { CodeAgent } from '../../agent/registry.ts';
import type { AgentManifest, Failure, Output } from '../../agent/schema.ts';
import { canonicalJson } from '../../data/digest.ts';
import { toMicroseconds, wallClock } from '../../data/wall-clock.ts';
import type { Message } from '../../engine/contract/engine.ts';
import { opinionSchema, type Review } from '../../review/schema.ts';
import type { BundleFiles } from '../../trace/bundle.ts';
import { stampedPatch } from '../../workspace/patch.ts';
import { patchDigest } from '../../workspace/patch-digest.ts';
import type { AgentEnd, AgentRun, NodeRequest } from '../open/bound-agent.ts';
import { withDeadline } from './deadline.ts';

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
  const startedAt = wallClock();
  const acted = await act(request);
  const { messages, calls, testsLog, metrics, usage, ...end } = acted;
  const sealed = await stamp(request, end);
  const ms = toMicroseconds(wallClock() - startedAt);
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
      'metrics.json': canonicalJson({ ...metrics, ...usage, startedAt, ms }),
    },
  };
};

const act = async (request: NodeRequest): Promise<AgentRun> => {
  const { agent } = request;
  if (!('runtime' in agent)) return actAsCode(request, agent.agent);
  const { fault } = agent.runtime;
  if (fault !== undefined) return { metrics: {}, failure: { code: 'engine', message: fault } };
  const { actAsModel } = await import('./act-as-model.ts');
  return actAsModel(request, agent);
};

const actAsCode = async (request: NodeRequest, agent: CodeAgent): Promise<AgentRun> => {
  const { input, overlay, codeContext } = request;
  const timeoutMs = request.timeoutMs ?? agent.manifest.timeout ?? defaultTimeoutMs;
  const answered = await withDeadline<CodeResult>(timeoutMs, request.signal, (signal) =>
    agent.run({ ...codeContext, input, overlay, signal }),
  );
  if (answered === 'timeout') {
    const message = `${agent.manifest.name} did not end within ${timeoutMs} ms`;
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

type StampedEnd = Pick<NodeRun, 'output' | 'review' | 'failure'>;

/** Adds what only the runner may say: a worker's patch, a reviewer's signature. */
const stamp = async (request: NodeRequest, { said, failure }: AgentEnd): Promise<StampedEnd> => {
  if (!said) return failure ? { failure } : {};
  if (failure) return { output: said, failure };
  const { role }: AgentManifest = request.agent.agent.manifest;
  if (role === 'work') return { output: { ...said, ...(await stampedPatch(request.overlay)) } };
  if (role === 'review') return { output: said, review: stampReview(request, said.result) };
  return { output: said };
};

const stampReview = ({ agent, node, overlay }: NodeRequest, result: unknown): Review => {
  const runtime = 'runtime' in agent ? agent.runtime.digest : agent.agent.digest;
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
