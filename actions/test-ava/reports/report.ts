// SPDX-License-Identifier: GPL-3.0-only

/** A test that failed: what it is called from run to run, and in a line what went wrong. */
export type FailedTest = { readonly name: string; readonly text: string };

/** What a runner says of its tests. */
export type Report = {
  readonly passed: number;
  readonly skipped: number;
  readonly todo: number;
  readonly failed: readonly FailedTest[];
  /** Why it cannot be believed: it is cut off, or not what the runner writes. */
  readonly broken?: string;
};

export const noReport: Report = { passed: 0, skipped: 0, todo: 0, failed: [] };

const maxText = 600;

/** A failure with its parts, empty ones left out, in one line; names lead from file to title. */
export const failedTest = (
  names: readonly (string | undefined)[],
  ...texts: readonly unknown[]
): FailedTest => {
  const name = oneLine(names.filter(Boolean).join(' › '));
  const said = texts.filter((text) => typeof text === 'string' && text.trim() !== '');
  return { name, text: oneLine([name, ...said].join(': ')) };
};

/** A text in one line; the sandbox's folder is the top of the repository. */
export const oneLine = (text: string): string =>
  text
    .replace(/(?:file:\/\/|(?<![\w.~-]))\/work\//g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxText);

/** The first line of an error that says something, without the colours of a terminal. */
export const firstLine = (text: unknown): string | undefined =>
  typeof text === 'string'
    ? stripColours(text)
        .split('\n')
        .find((line) => /\w/.test(line))
    : undefined;

const stripColours = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  text.replace(/\u001b\[[\d;]*m/g, '');
