// SPDX-License-Identifier: GPL-3.0-only
import type { Reach } from '../workspace/overlay.ts';
import { judgePath } from '../workspace/path.ts';

/** A tool call about to be made. */
export type ProposedCall = {
  readonly agent: string;
  readonly tool: string;
  readonly args: unknown;
  readonly touches: { readonly reads?: readonly string[]; readonly writes?: readonly string[] };
};

/** Yes, or the rule that says no and a reason that the model can act on. */
export type Ruling =
  | { readonly allow: true }
  | { readonly allow: false; readonly rule: string; readonly reason: string };

/** Every tool call passes one of these before it is made. */
export type Verifier = {
  readonly verify: (call: ProposedCall) => Ruling | Promise<Ruling>;
};

/**
 * Judges the paths a call says it touches: well-formed ones that `reach` covers. The overlay holds
 * the same line for whatever a tool touches without saying so.
 */
export const createPathVerifier = ({ mayRead, mayWrite }: Reach): Verifier => ({
  verify: ({ touches: { reads = [], writes = [] } }) => {
    const fault = [...reads, ...writes].map(judgePath).find(Boolean);
    if (fault) return { allow: false, ...fault };
    const unread = reads.find((path) => !mayRead(path));
    if (unread !== undefined) {
      return deny('not-readable', `${shown(unread)} is outside what this task may read`);
    }
    const unwritten = writes.find((path) => !mayWrite(path));
    if (unwritten !== undefined) {
      return deny('out-of-scope', `${shown(unwritten)} is outside the files this unit may change`);
    }
    return { allow: true };
  },
});

const deny = (rule: string, reason: string): Ruling => ({ allow: false, rule, reason });

const shown = (path: string): string => JSON.stringify(path.slice(0, 200));
