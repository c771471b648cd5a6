// SPDX-License-Identifier: GPL-3.0-only
import type { Chore } from './read-chore.ts';
import type { ChoreModule } from './schema.ts';

/** What runs the code of a repository's own chores: never the process that decides. */
export type OwnChores = {
  /** Stands for what a module exports under its own name; `file` is the module's, in the chore's folder. */
  readonly load: (
    chore: Chore,
    name: ChoreModule,
    file: string,
    signal: AbortSignal | undefined,
  ) => Promise<unknown>;
  /** Rules of this file answer where their code and that of own chores may mix; absent where they do. */
  readonly answer?: (
    rules: string,
    messages: readonly { readonly role: string; readonly content: string }[],
    signal: AbortSignal | undefined,
  ) => Promise<string>;
};

const refuse = async (): Promise<never> => {
  throw new Error("nothing was given to run the code of a repository's chores in");
};

/** Where only their words are read. */
export const refuseOwnChores: OwnChores = { load: refuse, answer: refuse };
