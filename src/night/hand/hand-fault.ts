// SPDX-License-Identifier: GPL-3.0-only
import { SandboxFault } from '../../boundary/executor.ts';
import { Declined } from '../../chore/script.ts';
import { UserError } from '../../data/user-error.ts';
import { ArgsFault, ToolFault } from '../../tool/tool.ts';
import { Denied } from '../../workspace/denied.ts';
import type { HandFaultData } from './messages.ts';

/** Code of a repository, or the process that runs it, failed. */
export class HandFault extends Error {
  override readonly name = 'HandFault';

  constructor(message: string, stack = message) {
    super(message);
    // Where in the code it was, and not where this process waited for it.
    this.stack = stack;
  }
}

/** The error that code threw, as one of this process. */
export const errorOf = ({ kind, message, rule = '', stack }: HandFaultData): Error => {
  if (kind === 'mistake') return new UserError(message);
  if (kind === 'declined') return new Declined(message);
  if (kind === 'denied') return new Denied(rule, message);
  if (kind === 'tool') return new ToolFault(message);
  if (kind === 'args') return new ArgsFault(message);
  if (kind === 'sandbox') return new SandboxFault(message);
  return new HandFault(message, stack);
};
