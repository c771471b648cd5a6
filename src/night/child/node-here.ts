// SPDX-License-Identifier: GPL-3.0-only
import { refuseCredentials } from '../../boundary/attest/attest.ts';
import { committedCredentials } from '../../boundary/attest/credentials.ts';
import { createLateExecutor } from '../../boundary/late-executor.ts';
import { UserError } from '../../data/user-error.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import type { FreezeOptions } from '../exam/freeze-terms.ts';
import { checkAgentsUnchanged, checkRuntimesUnchanged } from '../open/check-unchanged.ts';
import { openSetup, type Setup } from '../open/open-setup.ts';
import { setupFiles } from '../open/setup-files.ts';
import { summariseEngines } from '../publish/summarise-engines.ts';
import { type FrozenTerms, readTerms } from '../record/frozen-terms.ts';
import type { Night } from '../record/night-schemas.ts';
import type { NodeTask } from '../record/night-task.ts';
import { longestFirst } from '../record/shard.ts';
import { stateAt } from '../record/state-folder.ts';
import { inFlowJob } from '../run/lane-widths.ts';
import { openSession, type SessionParts } from '../run/open-session.ts';
import type { Session } from '../run/session.ts';
import { type NodeCounts, runOneNode } from '../spec/run-one-node.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import type { Outside, WorkEnd } from './outside.ts';
import { toldJournal } from './told-journal.ts';

/** Runs one node of a decided night in this process, or its whole flow. Bundles and journal carry the job's name. */
export const nodeHere = async (
  { begin, folder, repository, ...task }: NodeTask,
  outside: Outside,
  interrupted: AbortSignal,
): Promise<WorkEnd> => {
  const { night, node, specs, pack, absent } = begin;
  const frozen = await readTerms(folder);
  const base = await openBaseTree(repository.root, night.base.commit);
  const state = stateAt(task.state);
  // Without a sandbox the job ends, and nothing is recorded of what asked for it.
  const sandbox = new AbortController();
  const signal = AbortSignal.any([interrupted, sandbox.signal]);
  const executor = createLateExecutor({ allowUnconfined: night.example }, (error) =>
    sandbox.abort(error),
  );
  try {
    refuseCredentials(await committedCredentials(base));
    const setup = await openSetup(setupFiles(base, night.config), {
      profile: night.profile,
      flows: () => new Map(Object.entries(night.flows)),
      codeFolder: state.code,
      ...(node !== undefined && { node }),
      agents: new Map(
        Object.values(night.agents).map(({ manifestDigest, manifest }) => [
          manifestDigest,
          manifest,
        ]),
      ),
      frozen: frozen !== undefined,
      relays: task.relays,
    });
    try {
      if (specs !== undefined) checkRunner(night, setup, begin);
      const parts = { night, base, setup, state, executor, signal };
      const session = await openSession({
        ...parts,
        folder,
        repository: repository.root,
        journal: toldJournal(begin.records, outside),
        pack,
        absent: (_, of) => absent[of],
        terms: termsFor(node, { ...parts, extend: outside.extend }, frozen),
        watch: { node: outside.node, spec: () => {} },
      });
      const shard = night.specs.filter(({ spec }) => specs?.includes(spec.id));
      try {
        const engines = await setup.engines();
        await Promise.all(engines.map(({ dispatcher }) => dispatcher.begin()));
        const counts = await (node === undefined
          ? runFlow(session, specs === undefined ? night.specs : shard, signal)
          : runOneNode(session, node, specs && shard));
        return { engines: [...(await summariseEngines(engines, 'jobs'))], counts };
      } finally {
        for (const { spec } of shard) session.traces.pack(spec.id);
      }
    } finally {
      await setup.close();
    }
  } finally {
    await base.close();
  }
};

/** The whole flow of a shard's specs, the longest first; counted is what the gate said. */
const runFlow = async (
  session: Session,
  specs: Night['specs'],
  signal: AbortSignal,
): Promise<NodeCounts> => {
  // A job of one node need not load it.
  const { runSpecs } = await import('../spec/run-specs.ts');
  const counts = { ok: 0, failed: 0, skipped: 0 };
  const left = (_: unknown, { gate }: SpecEnd): void => {
    counts[gate.status] += 1;
  };
  await runSpecs(session, longestFirst(specs), { signal, left, fewest: inFlowJob });
  return counts;
};

/** Where nothing was frozen, only the gate asks how far the reviewers are to be trusted. */
const termsFor =
  (
    node: string | undefined,
    parts: FreezeOptions,
    frozen: FrozenTerms | undefined,
  ): SessionParts['terms'] =>
  async (flow) => {
    const { name, output } = flow.definition;
    if (frozen || (node !== undefined && output !== node)) return frozen?.flows[name];
    const { openTerms } = await import('../exam/freeze-terms.ts');
    return openTerms(parts)(flow);
  };

/**
 * Compares what this machine would answer with to what the night was decided with: reviewers
 * passed their exams with that and nothing else. @throws UserError naming what differs.
 */
export const checkRunner = (
  night: Night,
  setup: Pick<Setup, 'flows'>,
  { node, agent }: { readonly node?: string | undefined; readonly agent?: string | undefined },
): void => {
  const fix = 'let this runner serve what the one that collects does';
  checkAgentsUnchanged(night, setup);
  for (const { agents } of setup.flows.values()) {
    const name = node && agents.get(node)?.agent.manifest.name;
    if (name === undefined || agent === undefined || agent === name) continue;
    throw new UserError(
      `${node} is played by ${name}, and this action runs ${agent}; compile the flow again`,
    );
  }
  checkRuntimesUnchanged(night, setup, fix, (one) => node === undefined || one === node);
};
