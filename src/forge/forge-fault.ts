// SPDX-License-Identifier: GPL-3.0-only

/**
 * Why a forge did not do what was asked, and so what to do with it:
 * `unreachable`: it may later, and nothing else will go through now either;
 * `denied`: nothing of its kind will until a person fixes the token or its permissions;
 * `blocked`: this one waits for something, the others need not;
 * `refused`: this one will never be done.
 */
export type FaultKind = 'unreachable' | 'denied' | 'blocked' | 'refused';

/** A forge that could not or would not; the message is one line for a person. */
export class ForgeFault extends Error {
  override readonly name = 'ForgeFault';
  readonly kind: FaultKind;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;

  constructor(
    kind: FaultKind,
    message: string,
    options: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.status = options.status;
  }
}
