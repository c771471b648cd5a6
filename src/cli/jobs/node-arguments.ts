// SPDX-License-Identifier: GPL-3.0-only
import type { Executor } from '../../boundary/executor.ts';
import type { locate } from '../shared/state.ts';

export type NodeArguments = {
  readonly repo: string;
  /** `traces/<night>`. */
  readonly night: string;
  readonly json?: true;
  /** `0/4`: only the specs of this shard. */
  readonly shard?: string;
  /** A folder per artifact of earlier jobs; the night's folder is put together from them. */
  readonly artifacts?: string;
  /** sha256 of the `contents.json` of the night that is meant. */
  readonly digest?: string;
  /** Where this job's own files are left. */
  readonly out?: string;
  readonly attempt?: string;
  /** Who must play the node. */
  readonly agent?: string;
};

/** What other processes are finding out while this one still loads its code. */
export type Prepared = {
  readonly located: ReturnType<typeof locate>;
  readonly executor: (example: boolean) => Promise<Executor>;
};
