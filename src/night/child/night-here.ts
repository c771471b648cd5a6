// SPDX-License-Identifier: GPL-3.0-only
import { setImmediate } from 'node:timers/promises';
import { refuseCredentials } from '../../boundary/attest/attest.ts';
import { committedCredentials } from '../../boundary/attest/credentials.ts';
import type { Attestation } from '../../boundary/attest/schema.ts';
import { findExecutor } from '../../boundary/find-executor.ts';
import { UserError } from '../../data/user-error.ts';
import { loadFlows } from '../../flow/load-flow.ts';
import { type BaseTree, openBaseTree } from '../../workspace/base-tree.ts';
import { composeNight, findingLines } from '../decide/compose-night.ts';
import { checkNightUnchanged } from '../open/check-unchanged.ts';
import { openSetup } from '../open/open-setup.ts';
import { flowSources, readCommit } from '../open/read-commit.ts';
import { checkPolicy } from '../open/repository-policy.ts';
import type { WholeTask } from '../record/night-task.ts';
import { stateAt } from '../record/state-folder.ts';
import type { Outside, WorkNight } from './outside.ts';
import type { OpenedNight } from './work-night.ts';

/** Decides a whole night and works it in this process. */
export const nightHere = async (
  task: WholeTask,
  outside: Outside,
  signal: AbortSignal,
  attestation: Attestation | undefined,
): ReturnType<WorkNight> => {
  const { begin, repository } = task;
  const example = begin.kind === 'decide' ? begin.example : begin.night.example;
  const commit = begin.kind === 'decide' ? repository.head : begin.night.base.commit;
  const [sandbox, base] = await Promise.all([
    findExecutor({ allowUnconfined: example }),
    openBaseTree(repository.root, commit).catch((cause) => {
      if (cause instanceof UserError || begin.kind === 'decide') throw cause;
      throw new UserError(`its base commit ${commit} is not in the repository any more`, { cause });
    }),
  ]);
  if (sandbox.notice !== undefined) outside.say(sandbox.notice);
  try {
    refuseCredentials(await committedCredentials(base));
    await checkPolicy(base);
    const missing = [...sandbox.missing, ...(attestation?.missing ?? [])];
    const opened = await openNight(task, outside, base, { missing, attestation });
    try {
      signal.throwIfAborted();
      const ready = outside.ready(opened.night);
      // What works it is loaded while the night is written.
      const [{ workNight }] = await Promise.all([loadWork(), ready]);
      return await workNight({ ...opened, task, outside, base, sandbox, signal });
    } finally {
      await opened.setup.close();
    }
  } finally {
    await base.close();
  }
};

/** After what was told has left this process: modules are loaded without a pause. */
const loadWork = async (): Promise<typeof import('./work-night.ts')> => {
  await setImmediate();
  return import('./work-night.ts');
};

type Protection = {
  readonly missing: readonly string[];
  readonly attestation: Attestation | undefined;
};

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
    await checkNightUnchanged(night, commit, setup);
    return { night, setup };
  } catch (error) {
    await setup.close();
    throw error;
  }
};
