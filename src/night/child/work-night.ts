// SPDX-License-Identifier: GPL-3.0-only
import type { findExecutor } from '../../boundary/find-executor.ts';
import type { GateTerms } from '../../review/schema.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { openTerms, summariseReviewers } from '../exam/freeze-terms.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import type { Setup } from '../open/open-setup.ts';
import { summariseEngines } from '../publish/summarise-engines.ts';
import type { Night } from '../record/night-schemas.ts';
import type { WholeTask } from '../record/night-task.ts';
import { stateAt } from '../record/state-folder.ts';
import { openSession } from '../run/open-session.ts';
import { runSpecs } from '../spec/run-specs.ts';
import type { Outside, WorkNight } from './outside.ts';
import { toldJournal } from './told-journal.ts';

/** A decided night and what it was opened with. */
export type OpenedNight = { readonly night: Night; readonly setup: Setup };

type Opened = OpenedNight & {
  readonly task: WholeTask;
  readonly outside: Outside;
  readonly base: BaseTree;
  readonly sandbox: Awaited<ReturnType<typeof findExecutor>>;
  readonly signal: AbortSignal;
};

/** Works a night that is decided, or only freezes its terms. */
export const workNight = async (opened: Opened): ReturnType<WorkNight> => {
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
  await runSpecs(session, night.specs, { signal, left: ({ spec }) => outside.left(spec.id) });
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
