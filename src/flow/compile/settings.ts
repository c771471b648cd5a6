// SPDX-License-Identifier: GPL-3.0-only

/** What a workflow depends on beside its flow. */
export type CompileSettings = {
  /** Five fields, UTC. */
  readonly schedule: string;
  readonly runsOn: readonly string[];
  /** Of the runner whose state lasts. */
  readonly stateRunsOn: readonly string[];
  readonly shards: number;
  /** What a job works: a node of its shard, or the whole flow. */
  readonly jobs: 'node' | 'flow';
  /** Jobs of a node at once; absent: as many as there are shards. */
  readonly runners?: number | undefined;
  readonly timeoutMinutes: number;
  readonly retentionDays: number;
  readonly server: 'github.com' | 'enterprise';
  /** `OWNER/pantheon@COMMIT # VERSION`; absent: the repository's own `actions/`. */
  readonly actions?: string | undefined;
  /** The GitHub App that publishes, and the name of the secret with its key; absent: GITHUB_TOKEN. */
  readonly app?: { readonly id: number; readonly key: string } | undefined;
  /** Folder below `actions/` by name of the agent; others are run by `run-node`. */
  readonly actionFolders: ReadonlyMap<string, string>;
};
