// SPDX-License-Identifier: GPL-3.0-only

/** A runner whose report can be read; its name is its package's where it comes from one. */
export type RunnerName = 'ava' | 'vitest' | 'jest' | 'mocha' | 'node:test' | 'pytest' | 'go';

/** Those that a package depends on, in the order in which one is chosen where no script says. */
export const packagedRunners = ['ava', 'vitest', 'jest', 'mocha'] as const;

/** A command that starts a runner, cut into words as a shell reads them, quotes and all. */
export type RunnerCall = {
  readonly runner: RunnerName;
  readonly words: readonly string[];
  /** Index of the word that starts it. */
  readonly at: number;
};

const isAssignment = (word: string): boolean => /^\w+=/.test(word);
const isFlag = (word: string): boolean => word.startsWith('-');

/** What stands before a runner and hands the rest of the line on to it. */
const carriers: Readonly<Record<string, (word: string) => boolean>> = {
  'cross-env': isAssignment,
  env: isAssignment,
  npx: isFlag,
  pnpm: (word) => isFlag(word) || /^(?:exec|run)$/.test(word),
  yarn: (word) => isFlag(word) || /^(?:exec|run)$/.test(word),
};

/** These take flags with values, so that only the next runner's name says where it begins. */
const wrappers = new Set(['c8', 'nyc', 'node', 'tsx', 'ts-node']);

/** The runner that one plain command starts, `undefined` where it starts something else. */
export const readCall = (command: string): RunnerCall | undefined => {
  const words = command.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  const from = words.findIndex((word) => !isAssignment(word));
  return from === -1 ? undefined : callAt(words, from);
};

const callAt = (words: readonly string[], at: number): RunnerCall | undefined => {
  const name = programOf(words[at]);
  const runner = packagedRunners.find((known) => known === name);
  if (runner !== undefined) return { runner, words, at };
  const passed = carriers[name];
  if (passed) {
    const next = words.findIndex((word, index) => index > at && !passed(word));
    return next === -1 ? undefined : callAt(words, next);
  }
  if (!wrappers.has(name)) return undefined;
  const next = words.findIndex((word, index) => index > at && isProgram(word));
  if (next !== -1) return callAt(words, next);
  return name === 'c8' || name === 'nyc' ? undefined : { runner: 'node:test', words, at };
};

const isProgram = (word: string): boolean => {
  const name = programOf(word);
  return packagedRunners.some((known) => known === name) || wrappers.has(name);
};

/** `node_modules/mocha/bin/mocha.js` starts what `mocha` starts. */
const programOf = (word = ''): string =>
  /^(?:.*node_modules\/.*\/)?([\w-]+?)(?:\.[cm]?js)?$/.exec(word)?.[1] ?? '';

/** Flags that would keep a runner going or send its report elsewhere, with the word after some. */
const unwanted: Readonly<Partial<Record<RunnerName, RegExp>>> = {
  ava: /^(?:--tap|-t|--watch|-w|--verbose|-v|--color|--no-color)$/,
  vitest: /^(?:--watch|-w|--ui|--reporter=\S*|--outputFile\S*)$/,
  jest: /^(?:--watch|--watchAll|--json|--outputFile=\S*)$/,
  mocha: /^(?:--watch|-w|--reporter=\S*|(?:--reporter|-R) \S+)$/,
  'node:test':
    /^(?:--watch|--test-reporter(?:-destination)?=\S*|--test-reporter(?:-destination)? \S+)$/,
};

/** The call without its unwanted flags. */
export const withoutUnwanted = ({ runner, words, at }: RunnerCall): RunnerCall => {
  const pattern = unwanted[runner];
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    if (index <= at || !pattern) kept.push(word);
    else if (next !== undefined && pattern.test(`${word} ${next}`)) index += 1;
    else if (!pattern.test(word)) kept.push(word);
  }
  return { runner, words: kept, at };
};
