// SPDX-License-Identifier: GPL-3.0-only
import type { Executor } from '../boundary/executor.ts';
import type { locate } from './state.ts';

export type NodeArguments = {
  readonly repo: string;
  /** `traces/<night>`. */
  readonly night: string;
  readonly json?: true;
};

/** What other processes are finding out while this one still loads its code. */
export type Prepared = {
  readonly located: ReturnType<typeof locate>;
  readonly executor: (example: boolean) => Promise<Executor>;
};
