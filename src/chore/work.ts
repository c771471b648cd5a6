// SPDX-License-Identifier: GPL-3.0-only
import type { Script } from './script.ts';

/** What was done. */
export type WorkDone = {
  /** In a few words; empty where there is nothing to say. */
  readonly notes: string;
  /** Places (`path:line`) that a person should look at. */
  readonly mentions?: readonly string[];
  /** Files that were left as they are, which leaves the sentence unmet for them. */
  readonly left?: readonly { readonly path: string; readonly reason: string }[];
};

/** How rules do a chore, or look after a condition. @throws Declined where it cannot be, or not safely. */
export type Work<Args, Hands> = (args: Args, hands: Hands) => Script<WorkDone>;
