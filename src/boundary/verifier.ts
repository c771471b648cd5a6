// SPDX-License-Identifier: GPL-3.0-only
import { outOfScope } from '../workspace/denied.ts';
import type { OverlayReach } from '../workspace/overlay.ts';
import { judgePath } from '../workspace/path.ts';

/** A tool call about to be made. */
export type ProposedCall = {
  readonly agent: string;
  readonly tool: string;
  readonly args: unknown;
  readonly touches: { readonly reads?: readonly string[]; readonly writes?: readonly string[] };
};

/** Yes, or the rule that says no and a reason that the model can act on. */
export type CallRuling =
  | { readonly allow: true }
  | {
      readonly allow: false;
      readonly rule: string;
      readonly reason: string;
      /** Where a rule in Prolog stands, as `file:line`. */
      readonly place?: string;
    };

/** What the model and a person are told of a denial. */
export const describeDenial = ({
  rule,
  reason,
  place,
}: Extract<CallRuling, { allow: false }>): string =>
  place === undefined ? reason : `${reason} (rule ${rule}, ${place})`;

/** Every tool call passes one of these before it is made. */
export type Verifier = {
  readonly verify: (call: ProposedCall) => CallRuling | Promise<CallRuling>;
  /** Judges what all calls came to, when the agent says that it is done. */
  readonly verifyPatch?: () => Promise<CallRuling>;
};

/**
 * Judges the paths a call says it touches: well-formed ones that `reach` covers. The overlay holds
 * the same line for whatever a tool touches without saying so.
 */
export const createPathVerifier = ({
  mayRead,
  mayWrite,
  isProtected = () => false,
  readable,
  writable,
}: OverlayReach): Verifier => ({
  verify: ({ touches: { reads = [], writes = [] } }) => {
    const fault = [...reads, ...writes].map(judgePath).find(Boolean);
    if (fault) return { allow: false, ...fault };
    const unread = reads.find((path) => !mayRead(path));
    if (unread !== undefined) return denied(unread, 'read', readable);
    const unwritten = writes.find((path) => !mayWrite(path));
    if (unwritten === undefined) return { allow: true };
    return isProtected(unwritten) ? shielded(unwritten) : denied(unwritten, 'written', writable);
  },
});

const shielded = (path: string): CallRuling => ({
  allow: false,
  rule: 'protected',
  reason: `${path} is protected (gate.protected); it may not be written.`,
});

const denied = (...scope: Parameters<typeof outOfScope>): CallRuling => ({
  allow: false,
  rule: 'scope',
  reason: outOfScope(...scope),
});
