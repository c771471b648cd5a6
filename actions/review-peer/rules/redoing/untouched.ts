// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { exportedNames, parseScript, tokensOf } from './syntax.ts';

/* Where nothing was changed, what the sentences ask for must be there already. */

/** The files that sentences name for what they ask of code; globs name none. */
export const placesNamed = (intents: readonly Intent[]): readonly string[] => [
  ...new Set(intents.flatMap(placesOf).filter((path) => /\.[cm]?[jt]sx?$/.test(path))),
];

const placesOf = (intent: Intent): readonly string[] => {
  switch (intent.kind) {
    case 'export':
      return intent.index ? [intent.index] : [];
    case 'test-skeleton':
      return intent.test ? [intent.test] : [];
    case 'doc-comment':
      return intent.files.map((glob) => glob.replace(/^\*\*\//, '')).filter(isLiteral);
    default:
      return [];
  }
};

const isLiteral = (glob: string): boolean => !/[*?[\]{}()!]/.test(glob);

/** What is asked for and missing, as far as the files that were looked at tell. */
export const judgeUntouched = async (
  intents: readonly Intent[],
  looked: ReadonlyMap<string, string | undefined>,
): Promise<readonly string[]> => {
  const findings = await Promise.all(intents.map((intent) => judgeOne(intent, looked)));
  return findings.flat();
};

const judgeOne = async (
  intent: Intent,
  looked: ReadonlyMap<string, string | undefined>,
): Promise<readonly string[]> => {
  if (intent.kind === 'rename') return [`nothing is renamed to \`${intent.to}\``];
  const findings = await Promise.all(
    placesOf(intent)
      .filter((path) => looked.has(path))
      .map((path) => missingIn(intent, path, looked.get(path))),
  );
  return findings.flat();
};

const missingIn = async (
  intent: Intent,
  path: string,
  text: string | undefined,
): Promise<readonly string[]> => {
  // A sentence may give the end of a path only.
  if (text === undefined) return path.includes('/') ? [`${path}: nothing was done here`] : [];
  const parsed = await parseScript(path, text);
  const lacking = (names: readonly string[], there: readonly string[], what: string) =>
    names.filter((name) => !there.includes(name)).map((name) => `${path}: \`${name}\` ${what}`);
  switch (intent.kind) {
    case 'export': {
      const there = exportedNames(parsed);
      return there.includes('*') ? [] : lacking(intent.names, there, 'is not exported');
    }
    case 'test-skeleton': {
      const tokens = tokensOf(parsed).map((token) => token.text);
      const tests = tokens.some((token) => /^(?:test|it|describe)$/.test(token));
      return tests ? lacking(intent.names, tokens, 'is not tested') : [`${path}: contains no test`];
    }
    case 'doc-comment': {
      const there = parsed.documented.map(({ name }) => name);
      const declared = parsed.declared.map(({ name }) => name);
      const wanted = intent.names.filter((name) => declared.includes(name));
      return lacking(wanted, there, 'has no doc comment');
    }
    default:
      return [];
  }
};
