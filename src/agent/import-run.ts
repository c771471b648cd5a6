// SPDX-License-Identifier: GPL-3.0-only
import { pathToFileURL } from 'node:url';
import { UserError } from '../data/user-error.ts';
import type { RunCode } from './code-agent.ts';

/** Gives what runs an agent's code; that of a repository's agent runs in another process. */
export type OpenRun = (file: string) => Promise<RunCode>;

/** Imports `run`. @throws UserError where there is none. */
export const importRun: OpenRun = async (file) => {
  const module: { readonly run?: unknown } = await import(pathToFileURL(file).href);
  if (typeof module.run === 'function') return module.run as RunCode;
  throw new UserError('exports no function "run"; see docs/agents.md', { place: { file } });
};
