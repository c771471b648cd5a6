// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { type Failure, failureSchema, type Output, outputSchema } from '../../agent/schema.ts';
import { SandboxFault } from '../../boundary/executor.ts';
import { canonicalJson } from '../../data/digest.ts';
import { findingOfFailure } from '../../data/findings/failures.ts';
import type { CodedReason, FindingCode } from '../../data/findings/table.ts';
import { toMicroseconds, wallClock } from '../../data/wall-clock.ts';
import { EngineFault } from '../../engine/contract/engine.ts';
import { type Review, reviewSchema } from '../../review/schema.ts';
import { scrubTexts } from '../../secrets/scrub.ts';
import {
  type Bundle,
  type BundleAddress,
  BundleFault,
  type BundleInput,
} from '../../trace/bundle.ts';
import type { BoundAgent, NodeRequest } from '../open/bound-agent.ts';
import { UnreadableFile } from './file-input.ts';
import { laneOf } from './lane-widths.ts';
import { mostSaid, type NodeRun, runNode, secretAdvice } from './run-node.ts';
import { SecretInFile } from './secret-in-unit.ts';
import type { Session } from './session.ts';

/** How a node ended for a unit, freshly or in an earlier part of the night. */
export type NodeEnd =
  | {
      readonly status: 'ok';
      readonly output: Output;
      readonly review?: Review;
      readonly identity: string;
    }
  | { readonly status: 'failed'; readonly failure: Failure; readonly identity: string }
  | ({ readonly status: 'skipped' } & CodedReason);

/** One node for one unit: where its bundle goes, who plays it, and what it is made from. */
export type StepPlan = {
  readonly address: BundleAddress;
  readonly agent: BoundAgent;
  readonly priority: number;
  readonly inputs: readonly BundleInput[];
  readonly retries?: number | undefined;
  /** Made only when it is the node's turn. */
  readonly request: () => Promise<Omit<NodeRequest, 'signal' | 'agent'>>;
};

/**
 * Runs a node once in the life of a night: what its bundle already tells is read, not repeated.
 * The bundle is written first and the journal second; killed in between, the bundle still counts.
 */
export const runStep = async (session: Session, plan: StepPlan): Promise<NodeEnd> => {
  const { address, agent, priority, inputs } = plan;
  const recorded = recallStep(session, address);
  if (recorded) return recorded;
  return session.lanes.run(laneOf(agent), priority, async () => {
    session.signal.throwIfAborted();
    session.watch.node({ ...address, state: 'running' });
    const { files, output, review, failure } = await runWithRetries(plan, session.signal);
    const identity = session.traces.write(address, files, {
      night: session.night.id,
      agent: `${agent.agent.manifest.name}@${agent.agent.manifest.version}`,
      ...('runtime' in agent && { runtime: agent.runtime.digest }),
      inputs,
    });
    const end: NodeEnd = failure
      ? { status: 'failed', failure, identity }
      : { status: 'ok', output: output as Output, ...(review && { review }), identity };
    record(session, address, end);
    return end;
  });
};

/** A node that is not run, and why. */
export const skipStep = (
  session: Session,
  address: BundleAddress,
  { code, reason }: CodedReason,
): NodeEnd => {
  const end: NodeEnd = { status: 'skipped', code, reason };
  if (!session.finished.has(keyOf(address))) record(session, address, end);
  return end;
};

/** Keeps what the gate's manifest will cite. */
const remember = ({ identities }: Session, { spec, unit, node }: BundleAddress, end: NodeEnd) => {
  if (!('identity' in end)) return;
  const bySpec = identities.get(spec) ?? new Map<string, string>();
  identities.set(spec, bySpec.set(`${unit}/${node}`, end.identity));
};

const record = (session: Session, address: BundleAddress, end: NodeEnd): void => {
  remember(session, address, end);
  const reason =
    end.status === 'failed'
      ? end.failure.message
      : end.status === 'skipped'
        ? end.reason
        : undefined;
  session.journal.append({
    type: 'node',
    ...address,
    status: end.status,
    ...('identity' in end && { bundle: end.identity }),
    ...(end.status !== 'ok' && { code: codeOf(end) }),
    ...(reason !== undefined && { reason }),
  });
  session.watch.node({
    ...address,
    state: end.status,
    ...(reason !== undefined && { reason }),
  });
};

/** Of a node that should have ended in another process. */
export const noBundle = (node: string): CodedReason => ({
  code: 'job.no-bundle',
  reason: `${node} left no bundle`,
});

/** Why a node did not end well. */
export const codeOf = (end: Exclude<NodeEnd, { readonly status: 'ok' }>): FindingCode =>
  end.status === 'failed' ? findingOfFailure(end.failure) : end.code;

const keyOf = ({ spec, unit, node }: BundleAddress): string => `${spec}/${unit}/${node}`;

/**
 * How a node ended earlier this night, as its bundle tells.
 * @throws BundleFault when it was altered, or is not the one that the journal names.
 */
export const recallStep = (session: Session, address: BundleAddress): NodeEnd | undefined => {
  const bundle = session.traces.read(address);
  if (!bundle) return undefined;
  const end = endOf(bundle);
  const recorded = session.finished.get(keyOf(address));
  if (recorded) {
    if (recorded.bundle !== bundle.identity) {
      throw new BundleFault(
        join(session.folder, keyOf(address)),
        'is not the bundle that journal.jsonl names. One of them was altered',
      );
    }
    remember(session, address, end);
    session.watch.node({ ...address, state: 'resumed' });
  } else {
    record(session, address, end);
  }
  return end;
};

/** How a node ended in another process, as its bundle says; nothing where it left none. */
export const recordedEnd = (
  { traces }: Pick<Session, 'traces'>,
  address: BundleAddress,
): NodeEnd | undefined => {
  const bundle = traces.read(address);
  return bundle && endOf(bundle);
};

/** What a node's bundle says of its end. @throws when the bundle holds something else. */
export const endOf = ({ files, identity }: Bundle): NodeEnd => {
  const error = files['error.json'];
  if (error !== undefined) {
    return { status: 'failed', failure: failureSchema.parse(JSON.parse(error)), identity };
  }
  const review = files['review.json'];
  return {
    status: 'ok',
    output: outputSchema.parse(JSON.parse(files['output.json'] ?? 'null')),
    ...(review !== undefined && { review: reviewSchema.parse(JSON.parse(review)) }),
    identity,
  };
};

/** Only a fault of the engine is worth another try the same night. */
const runWithRetries = async (plan: StepPlan, signal: AbortSignal): Promise<NodeRun> => {
  const most = 1 + (plan.retries ?? 0);
  for (let attempt = 1; ; attempt += 1) {
    const run = await runGuarded(plan, signal);
    if (run.failure?.code !== 'engine' || attempt >= most) return run;
  }
};

/** A defect in one node, ours or in a user's agent, costs that unit and not the night. */
export const runGuarded = async (
  { agent, request }: Pick<StepPlan, 'agent' | 'request'>,
  signal: AbortSignal,
): Promise<NodeRun> => {
  const startedAt = wallClock();
  try {
    return await runNode({ ...(await request()), agent, signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const failure = scrubTexts(failureOf(error), { most: mostSaid });
    const metrics = { startedAt, ms: toMicroseconds(wallClock() - startedAt) };
    return {
      failure,
      files: { 'error.json': canonicalJson(failure), 'metrics.json': canonicalJson(metrics) },
    };
  }
};

const failureOf = (error: unknown): Failure => {
  if (error instanceof EngineFault) {
    const { message, finding } = error;
    return { code: 'engine', message, ...(finding && { finding }) };
  }
  if (error instanceof SandboxFault) return { code: 'sandbox', message: error.message };
  if (error instanceof UnreadableFile) {
    return {
      code: 'file',
      message: error.message,
      advice: 'take it out of the scope or convert it',
    };
  }
  if (error instanceof SecretInFile) {
    return { code: 'secret', message: error.message, advice: secretAdvice };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'defect', message };
};
