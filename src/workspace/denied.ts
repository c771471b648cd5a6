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

/** Says that a path may not be `read` or `written`, and the first paths or patterns that may be, where they are told. */
export const outOfScope = (
  path: string,
  action: 'read' | 'written',
  allowed: readonly string[] | undefined,
): string => {
  if (!allowed) return `${path} may not be ${action}.`;
  const some = allowed.slice(0, 5).join(', ');
  const more = allowed.length > 5 ? ` and ${allowed.length - 5} more` : '';
  const rest = some ? `only ${some}${more} may be` : 'no existing file may be';
  return `${path} may not be ${action}; ${rest}.`;
};
