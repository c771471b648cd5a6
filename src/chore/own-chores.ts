// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { type Place, UserError } from '../data/user-error.ts';
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

/** A mistake in a chore's own code, with its chore, file and line. */
export const ownFault = (chore: Chore, file: string, message: string, cause?: unknown): UserError =>
  new UserError(`the chore "${chore.manifest.name}" ${asCommitted(message)}`, {
    place: placeIn(chore.folder, cause) ?? { file: asCommitted(join(chore.folder, file)) },
    cause,
  });

/** The first place of code below a folder that an error's stack names. */
export const placeIn = (folder: string, error: unknown): Place | undefined => {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const start = stack.indexOf(`${folder}/`);
  const [, file, line] = /^([^\n:?]+):(\d+)/.exec(start === -1 ? '' : stack.slice(start)) ?? [];
  return file === undefined ? undefined : { file: asCommitted(file), line: Number(line) };
};

/** A night runs a copy below a folder that is named by a digest; people look where it was committed. */
const asCommitted = (text: string): string =>
  text.replace(/(?:file:\/\/)?\/[^\s'"]*\/[0-9a-f]{16}\//g, '');
