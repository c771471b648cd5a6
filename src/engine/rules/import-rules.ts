// SPDX-License-Identifier: GPL-3.0-only
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../data/message-of.ts';
import { UserError } from '../../data/user-error.ts';
import type { Specialist } from './specialist.ts';

/** Gives what answers for a file of rules; those of a repository answer from another process. */
export type OpenRules = (file: string) => Promise<Specialist>;

/** Imports `answer`. @throws UserError where there is none. */
export const importRules: OpenRules = async (file) => {
  const module: { readonly answer?: unknown } = await import(pathToFileURL(file).href).catch(
    (cause) => {
      const message = `the rules cannot be loaded: ${messageOf(cause)}. Correct the file`;
      throw new UserError(message, { place: { file }, cause });
    },
  );
  if (typeof module.answer !== 'function') {
    throw new UserError('exports no function "answer"; see docs/agents.md', { place: { file } });
  }
  return module.answer as Specialist;
};
