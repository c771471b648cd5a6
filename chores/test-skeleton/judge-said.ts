// SPDX-License-Identifier: GPL-3.0-only

/** Why a test is not one of those that may be written. */
export class NotPlain extends Error {
  override readonly name = 'NotPlain';
}

/** What an expression is about. */
export type Said = {
  /** Whether a name under test, or what came of one, is in it. */
  readonly tainted: boolean;
  /** The name under test that it is, or that it is the result of. */
  readonly subject?: string | undefined;
  readonly called?: boolean;
  readonly withArguments?: boolean;
  readonly isTypeof?: boolean;
  /** The two sides of one comparison. */
  readonly sides?: readonly [Said, Said];
  /** What an arrow function gives. */
  readonly gives?: Said | undefined;
  readonly text: string;
};

export type Names = {
  readonly subjects: ReadonlyMap<string, 'function' | 'class' | 'other'>;
  readonly locals: Map<string, Said>;
};
