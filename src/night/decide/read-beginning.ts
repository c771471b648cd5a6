// SPDX-License-Identifier: GPL-3.0-only
import { lookAtHost } from '../../boundary/attest/host.ts';
import type { Config } from '../../config/schema.ts';
import type { Forge } from '../../forge/forge.ts';
import { takeSnapshot } from '../../forge/snapshot.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import type { Repository } from '../../workspace/repository.ts';
import { readCommit } from '../open/read-commit.ts';
import { readMeasuredSeconds } from '../record/measured-seconds.ts';
import type { Beginning } from '../record/night-task.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { commitSettings } from './commit-settings.ts';
import { ignoredFiles } from './compose-night.ts';

export type BeginningOptions = Pick<Beginning, 'startedAt' | 'example' | 'leave'> & {
  readonly repository: Repository;
  readonly forge: Forge;
  readonly specs?: string | undefined;
  readonly profile?: string | undefined;
  readonly retry?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly flow?: string | undefined;
  readonly shards?: number | undefined;
  readonly state: Pick<StateFolder, 'traces'>;
};

/** Reads what a night is decided on and who decides it does not see: the forge, the checkout, git's settings. */
export const readBeginning = async (options: BeginningOptions): Promise<Beginning> => {
  const { repository, forge, only, startedAt, example, leave } = options;
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const commit = await readCommit(base);
    const { config } = commit;
    const issues =
      options.specs === undefined
        ? { protected: config.gate.protected, flows: await commit.flowNames() }
        : undefined;
    return {
      kind: 'decide',
      ...{ startedAt, example, leave },
      forge: await takeSnapshot(forge, issues),
      commitSettings: await commitSettings(config.commit, repository.root),
      host: [...(await lookAtHost())],
      notices: [...(await ignoredFiles(repository, commit, options))],
      ...set('specs', options.specs),
      ...set('profile', options.profile),
      ...set('retry', options.retry),
      ...set('flow', options.flow),
      ...set('shards', options.shards),
      ...(((options.shards ?? 1) > 1 || asksModel(config, options.profile)) && {
        measured: await readMeasuredSeconds(options.state.traces),
      }),
      ...(only && { only: [...only] }),
    };
  } finally {
    await base.close();
  }
};

/** Whether a profile binds anything but rules. */
const asksModel = ({ profile, profiles }: Config, chosen = profile): boolean =>
  Object.values(profiles[chosen] ?? {})
    .flat()
    .some(({ engine }) => engine !== undefined && engine !== 'rules');

const set = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [key in Key]?: Value } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [key in Key]: Value });
