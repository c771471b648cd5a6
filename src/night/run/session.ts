// SPDX-License-Identifier: GPL-3.0-only
import type { DependencyFinder } from '../../boundary/dependencies.ts';
import type { Executor } from '../../boundary/executor.ts';
import type { RuleBook } from '../../boundary/rules/rule-book.ts';
import type { OpenChores } from '../../chore/chores.ts';
import type { Config } from '../../config/schema.ts';
import type { CodedReason } from '../../data/findings/table.ts';
import type { FlowNode } from '../../flow/schema.ts';
import type { Journal } from '../../trace/journal.ts';
import type { Traces } from '../../trace/open-traces.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import type { NodeRequest } from '../open/bound-agent.ts';
import type { BoundFlow, RunnableFlow } from '../open/open-flow.ts';
import type { AlreadyDone } from '../record/already-done.ts';
import type { CommitDates, JournalRecord, Night } from '../record/night-schemas.ts';
import type { Lanes } from './lanes.ts';

export type NodeEvent = {
  readonly spec: string;
  readonly unit: string;
  readonly node: string;
  readonly state: 'running' | 'ok' | 'failed' | 'skipped' | 'resumed';
  readonly reason?: string;
};

export type SpecEvent = {
  readonly spec: string;
  readonly outcome: string;
  readonly reason: string;
};

/** What a person may watch while a night runs. */
export type NightWatch = {
  readonly node: (event: NodeEvent) => void;
  readonly spec: (event: SpecEvent) => void;
};

/** Everything one night's nodes share. */
export type Session = AlreadyDone & {
  readonly night: Night;
  /** `traces/<night>`. */
  readonly folder: string;
  readonly repository: string;
  readonly config: Config;
  readonly base: BaseTree;
  readonly flows: ReadonlyMap<string, RunnableFlow>;
  readonly executor: Executor;
  readonly dependencies: DependencyFinder;
  readonly chores: OpenChores;
  readonly rules: RuleBook;
  /** By spec; only of specs that ask. */
  readonly commitDates: ReadonlyMap<string, CommitDates>;
  readonly traces: Traces;
  readonly journal: Journal<JournalRecord>;
  /** Bundle identities by spec, then by `unit/node`; a spec's are dropped when it is done. */
  readonly identities: Map<string, Map<string, string>>;
  readonly lanes: Lanes;
  /** Where nodes ran in jobs of their own: why one may have left no bundle for a spec. */
  readonly absent?: (spec: string, node: string) => CodedReason | undefined;
  readonly watch: NightWatch;
  readonly signal: AbortSignal;
};

/** What is asked of a node is made from this, in a night and in the exam before it. */
export type AskingSession = Pick<
  Session,
  'base' | 'config' | 'executor' | 'dependencies' | 'chores' | 'rules' | 'commitDates'
>;

/** What a node's request has of its surroundings and flow, beside input and overlay. */
export const requestParts = (
  { executor, dependencies, chores, rules, config }: AskingSession,
  { workers, engines }: BoundFlow,
  { id, timeout }: FlowNode,
): Pick<NodeRequest, 'node' | 'rules' | 'codeContext' | 'timeoutMs'> => ({
  node: id,
  rules,
  codeContext: {
    executor,
    dependencies,
    workers,
    engines,
    gate: config.gate,
    tests: config.tests,
    chores,
  },
  ...(timeout !== undefined && { timeoutMs: timeout }),
});
