// SPDX-License-Identifier: GPL-3.0-only

/** Where in a file a mistake stands; line and column count from 1. */
export type Place = { readonly file: string; readonly line?: number; readonly column?: number };

/**
 * A mistake of the person using Pantheon, as opposed to a defect of ours: one line that says where,
 * what is wrong and what to do. The command line prints it without a stack and exits with code 2.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly place: Place | undefined;

  constructor(message: string, options: { place?: Place; cause?: unknown } = {}) {
    super(options.place ? `${formatPlace(options.place)}: ${message}` : message, {
      cause: options.cause,
    });
    this.place = options.place;
  }
}

/** `file:line:column`, leaving out what is not known. */
export const formatPlace = ({ file, line, column }: Place): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');
