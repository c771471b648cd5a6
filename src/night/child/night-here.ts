// SPDX-License-Identifier: GPL-3.0-only
import PQueue from 'p-queue';
import { refuseCredentials } from '../../boundary/attest/attest.ts';
import { committedCredentials } from '../../boundary/attest/credentials.ts';
import type { Attestation } from '../../boundary/attest/schema.ts';
import { findExecutor } from '../../boundary/find-executor.ts';
import { UserError } from '../../data/user-error.ts';
import { loadFlows } from '../../flow/load-flow.ts';
import type { GateTerms } from '../../review/schema.ts';
import { type BaseTree, openBaseTree } from '../../workspace/base-tree.ts';
import { composeNight, findingLines } from '../decide/compose-night.ts';
import { openTerms, summariseReviewers } from '../exam/freeze-terms.ts';
import { checkNightUnchanged } from '../open/check-unchanged.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import { openSetup, type Setup } from '../open/open-setup.ts';
import { flowSources, readCommit } from '../open/read-commit.ts';
import { checkPolicy } from '../open/repository-policy.ts';
import { summariseEngines } from '../publish/summarise-engines.ts';
import type { Night } from '../record/night-schemas.ts';
import type { WholeTask } from '../record/night-task.ts';
import { stateAt } from '../record/state-folder.ts';
import { underWay } from '../run/lane-widths.ts';
import { openSession } from '../run/open-session.ts';
import { settleAll } from '../run/run-unit.ts';
import { runSpec } from '../spec/run-spec.ts';
import type { Outside, WorkNight } from './outside.ts';
import { toldJournal } from './told-journal.ts';

/** Decides a whole night and works it in this process. */
export const nightHere = async (
  task: WholeTask,
  outside: Outside,
  signal: AbortSignal,
  attestation: Attestation | undefined,
): ReturnType<WorkNight> => {
  const { begin, repository } = task;
  const example = begin.kind === 'decide' ? begin.example : begin.night.example;
  const sandbox = await findExecutor({ allowUnconfined: example });
  if (sandbox.notice !== undefined) outside.say(sandbox.notice);
  const commit = begin.kind === 'decide' ? repository.head : begin.night.base.commit;
  const base = await openBaseTree(repository.root, commit).catch((cause) => {
    if (cause instanceof UserError || begin.kind === 'decide') throw cause;
    throw new UserError(`its base commit ${commit} is not in the repository any more`, { cause });
  });
  try {
    refuseCredentials(await committedCredentials(base));
    await checkPolicy(base);
    const missing = [...sandbox.missing, ...(attestation?.missing ?? [])];
    const opened = await openNight(task, outside, base, { missing, attestation });
    try {
      signal.throwIfAborted();
      await outside.ready(opened.night);
      return await work({ ...opened, task, outside, base, sandbox, signal });
    } finally {
      await opened.setup.close();
    }
  } finally {
    await base.close();
  }
};

type Protection = {
  readonly missing: readonly string[];
  readonly attestation: Attestation | undefined;
};

type OpenedNight = { readonly night: Night; readonly setup: Setup };

const openNight = async (
  { begin, repository, state, id, relays }: WholeTask,
  { say }: Outside,
  base: BaseTree,
  { missing, attestation }: Protection,
): Promise<OpenedNight> => {
  const commit = await readCommit(base);
  if (begin.kind === 'decide') {
    return composeNight({
      ...begin,
      ...{ commit, id, say, relays, branch: repository.branch, state: stateAt(state) },
      notices: [...missing, ...begin.notices],
      ...(attestation && { attestation: { ...attestation, missing: [...missing] } }),
    });
  }
  const { night } = begin;
  const told = [...night.notices, ...night.mistakes];
  for (const line of told) say(line);
  const setup = await openSetup(commit, {
    profile: night.profile,
    flows: loadFlows(await flowSources(commit, Object.keys(night.flows))),
    codeFolder: stateAt(state).code,
    relays,
  });
  try {
    for (const line of findingLines(setup).filter((one) => !told.includes(one))) say(line);
    checkNightUnchanged(night, commit, setup);
    return { night, setup };
  } catch (error) {
    await setup.close();
    throw error;
  }
};

type Opened = OpenedNight & {
  readonly task: WholeTask;
  readonly outside: Outside;
  readonly base: BaseTree;
  readonly sandbox: Awaited<ReturnType<typeof findExecutor>>;
  readonly signal: AbortSignal;
};

const work = async (opened: Opened): ReturnType<WorkNight> => {
  const { task, outside, base, setup, night, sandbox, signal } = opened;
  const { begin, folder, repository } = task;
  const state = stateAt(task.state);
  const parts = { night, base, setup, state, executor: sandbox.executor, signal };
  const termsOf = openTerms({ ...parts, say: outside.say, extend: outside.extend });
  if (begin.kind === 'decide' && begin.leave) {
    tellTerms(opened, await termsByFlow(opened, termsOf));
    return { engines: [] };
  }
  const records = begin.kind === 'resume' ? begin.records : [];
  const session = await openSession({
    ...parts,
    ...{ folder, repository: repository.root, terms: termsOf },
    journal: toldJournal(records, outside),
    watch: { node: outside.node, spec: () => {} },
  });
  tellTerms(opened, session.flows);
  const engines = await setup.engines();
  await Promise.all(engines.map(({ dispatcher }) => dispatcher.begin()));
  const atOnce = underWay(session.flows.values());
  const [specs, units] = [atOnce.specs, atOnce.units].map(
    (concurrency) => new PQueue({ concurrency }),
  ) as [PQueue, PQueue];
  const run = async (decided: Night['specs'][number]): Promise<void> => {
    signal.throwIfAborted();
    await runSpec(session, decided, { units });
    outside.left(decided.spec.id);
  };
  try {
    await settleAll(
      night.specs
        .filter(({ skip }) => skip === undefined)
        .map((decided) => specs.add(() => run(decided), { priority: decided.spec.priority })),
    );
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
  const since = session.finished.size > 0 ? 'resume' : 'start';
  return { engines: [...(await summariseEngines(engines, since))] };
};

type Flows = ReadonlyMap<string, RunnableFlow>;

/** Of the flows that are worked tonight. */
const termsByFlow = async (
  { night, setup }: OpenedNight,
  termsOf: ReturnType<typeof openTerms>,
): Promise<Flows> => {
  const worked = new Set(night.specs.flatMap(({ skip, flow }) => (skip === undefined ? flow : [])));
  const flows = new Map<string, RunnableFlow>();
  for (const [name, flow] of setup.flows) {
    if (worked.has(name)) flows.set(name, { ...flow, terms: await termsOf(flow) });
  }
  return flows;
};

const tellTerms = ({ outside, setup, sandbox }: Opened, flows: Flows): void => {
  const terms = [...flows].flatMap(([name, flow]): [string, GateTerms][] =>
    flow.terms ? [[name, flow.terms]] : [],
  );
  outside.terms({
    version: 1,
    flows: Object.fromEntries(terms),
    reviewers: summariseReviewers(flows, setup.config.gate),
    confinement: sandbox.confinement,
    notices: sandbox.notice === undefined ? [] : [sandbox.notice],
  });
};
