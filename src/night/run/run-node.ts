// SPDX-License-Identifier: GPL-3.0-only
import type { CodeResult } from '../../agent/code-agent.ts';
import { renderTranscript } from '../../agent/conversation.ts';
import type { CodeAgent } from '../../agent/registry.ts';
import type { AgentManifest, Failure, Output, Role } from '../../agent/schema.ts';
import { describeDenial } from '../../boundary/verifier.ts';
import { canonicalJson } from '../../data/digest.ts';
import { toMicroseconds, wallClock } from '../../data/wall-clock.ts';
import { opinionSchema, type Review } from '../../review/schema.ts';
import { describeSecret } from '../../secrets/find-secrets.ts';
import { scrub, scrubTexts } from '../../secrets/scrub.ts';
import type { BundleFiles } from '../../trace/bundle.ts';
import { stampedPatch } from '../../workspace/patch.ts';
import { patchDigest } from '../../workspace/patch-digest.ts';
import type { AgentEnd, AgentRun, NodeRequest } from '../open/bound-agent.ts';
import { withDeadline } from './deadline.ts';
import { type DeniedPatch, keepingDenied } from './denied-patch.ts';
import { secretInPatch } from './secret-in-patch.ts';

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
  const { overlay } = request;
  const startedAt = wallClock();
  const denied: DeniedPatch[] = [];
  const asked = { ...request, rules: keepingDenied(request.rules, denied) };
  const acted = await act(asked);
  const { messages, calls, testsLog, metrics, usage, ...end } = acted;
  const sealed = scrubEnd(await stamp(asked, end), request.agent.agent.manifest.role);
  // Who wrote a secret of its own wrote it into all of these.
  const isSecret = sealed.failure?.code === 'secret' || (sealed.failure && secretInPatch(overlay));
  const clean = isSecret ? scrub : (text: string) => text;
  const ms = toMicroseconds(wallClock() - startedAt);
  return {
    ...sealed,
    files: {
      'input.json': canonicalJson(request.input),
      ...(messages && { 'prompt.txt': clean(renderTranscript(messages)) }),
      ...(calls && calls.length > 0 && { 'tool_calls.jsonl': clean(jsonLines(calls)) }),
      ...(sealed.output && { 'output.json': canonicalJson(sealed.output) }),
      ...(sealed.output?.diff && { 'diff.patch': sealed.output.diff }),
      ...(denied.length > 0 && { 'denied.jsonl': jsonLines(denied) }),
      ...(testsLog !== undefined && { 'tests.log': scrub(testsLog) }),
      ...(sealed.review && { 'review.json': canonicalJson(sealed.review) }),
      ...(request.exam && { 'exam.json': canonicalJson(request.exam) }),
      ...(sealed.failure && { 'error.json': canonicalJson(sealed.failure) }),
      'metrics.json': canonicalJson({ ...metrics, ...usage, startedAt, ms }),
    },
  };
};

const act = async (request: NodeRequest): Promise<AgentRun> => {
  const { agent } = request;
  if (!('runtime' in agent)) return actAsCode(request, agent.agent);
  const { fault } = agent.runtime;
  if (fault !== undefined)
    return { metrics: {}, failure: { code: 'engine', finding: 'engine.unusable', message: fault } };
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
  if (role === 'work') return stampWork(request, said);
  if (role === 'review') return { output: said, review: stampReview(request, said.result) };
  return { output: said };
};

/** A patch that holds a secret goes no further: reviewers would be shown it. Nor does one that rules deny. */
const stampWork = async (
  { agent, input, overlay, rules }: NodeRequest,
  said: Output,
): Promise<StampedEnd> => {
  const { path, secret } = secretInPatch(overlay) ?? {};
  if (secret) {
    const message = `${path}:${secret.line} of the patch ${describeSecret(secret)}`;
    return {
      failure: { code: 'secret', finding: 'secret.in-patch', message, advice: secretAdvice },
    };
  }
  const ruling = await rules.judgePatch(overlay, {
    agent: agent.agent.manifest.name,
    spec: input.spec,
  });
  if (!ruling.allow) {
    const message = describeDenial(ruling);
    return { failure: { code: 'denied', finding: 'rules.denied', message } };
  }
  return { output: { ...said, ...(await stampedPatch(overlay)) } };
};

/** What a person can do about a secret. */
export const secretAdvice = 'take it out, and replace it where it is in use';

/** What others wrote and a person reads, in the morning's files and on a forge. */
const scrubEnd = ({ output, review, failure }: StampedEnd, role: Role): StampedEnd => ({
  ...(output && {
    output: {
      ...output,
      notes: scrub(output.notes, { most: mostSaid }),
      // Names and messages of tests; the result of others is paths and verdicts.
      ...(role === 'test' && { result: scrubTexts(output.result) }),
    },
  }),
  ...(review && { review: { ...review, findings: scrubTexts(review.findings) } }),
  ...(failure && { failure: { ...failure, message: scrub(failure.message, { most: mostSaid }) } }),
});

/** Characters of a message or of notes. */
export const mostSaid = 10_000;

const stampReview = ({ agent, node, overlay }: NodeRequest, result: unknown): Review => {
  const runtime = 'runtime' in agent ? agent.runtime.digest : agent.agent.digest;
  return {
    ...opinionSchema.parse(result),
    patchDigest: patchDigest(overlay.changes()),
    reviewer: node,
    runtime,
  };
};

const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${canonicalJson(value)}\n`).join('');
