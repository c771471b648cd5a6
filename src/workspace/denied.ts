// SPDX-License-Identifier: GPL-3.0-only

/** A tool reached for what it may not touch; the reason is written for the model to act on. */
export class Denied extends Error {
  override readonly name = 'Denied';
  readonly rule: string;

  constructor(rule: string, reason: string) {
    super(reason);
    this.rule = rule;
  }
}
