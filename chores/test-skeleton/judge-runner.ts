// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Script } from '../../src/chore/script.ts';
import type { ReadText } from '../../src/code/relative-modules.ts';
import type { CodeStatement } from '../../src/code/tokens.ts';
import type { TokenModule } from '../export/judge-module.ts';
import type { Form } from './judge-test.ts';

type Runner = {
  readonly package: string;
  readonly form: Form;
  /** The words that begin a test, and others that it uses, as the file binds them. */
  readonly words: ReadonlySet<string>;
  readonly statements: readonly CodeStatement[];
};

type Known = {
  readonly from: string;
  readonly package: string;
  readonly form: Form;
  /** What may be imported, plainly or by its name. */
  readonly plain: boolean;
  readonly names: readonly string[];
};

const tests = ['test', 'it', 'describe'];
const known: readonly Known[] = [
  { from: 'ava', package: 'ava', form: 'ava', plain: true, names: [] },
  { from: 'node:test', package: 'node:test', form: 'assert', plain: true, names: tests },
  ...[
    ['vitest', 'vitest'],
    ['@jest/globals', 'jest'],
    ['bun:test', 'bun'],
  ].map(([from = '', name = '']): Known => {
    return { from, package: name, form: 'expect', plain: false, names: [...tests, 'expect'] };
  }),
];

/** The runner that a test imports; `undefined` where it is none that is known. Imports that were there may bind more. */
export const runnerOf = (now: TokenModule, base: TokenModule | undefined): Runner | undefined => {
  for (const one of known) {
    const binds = bindingsOf(now, base, one.from, one.plain ? 'test' : undefined, one.names);
    if (!binds) continue;
    if (one.form !== 'assert') return { ...one, ...binds };
    for (const from of ['node:assert/strict', 'node:assert']) {
      const assert = bindingsOf(now, base, from, 'assert', []);
      if (assert?.words.has('assert')) {
        const statements = [...binds.statements, ...assert.statements];
        return { ...one, words: new Set([...binds.words, 'assert']), statements };
      }
    }
  }
  return undefined;
};

/** The one import of a module, of whose names a new one may have only these. */
const bindingsOf = (
  now: TokenModule,
  base: TokenModule | undefined,
  from: string,
  plain: string | undefined,
  names: readonly string[],
): Pick<Runner, 'words' | 'statements'> | undefined => {
  const textOf = ({ start, end }: CodeStatement, { text }: TokenModule): string =>
    text.slice(start, end);
  const before = new Set(base?.statements.map((one) => textOf(one, base)));
  const [statement, more] = now.statements.filter(({ tokens }) => {
    const [first, last] = [tokens[0]?.text, tokens.findLast(({ text }) => text !== ';')?.text];
    return first === 'import' && (last === `'${from}'` || last === `"${from}"`);
  });
  if (!statement || more) return undefined;
  const [, one, list, semicolon] =
    /^import (?:([\p{ID_Continue}$]+)(?:, (?=\{))?)?(?:\{([^{}]*)\})? from (?:'[^']*'|"[^"]*")(;?)$/u.exec(
      textOf(statement, now).replace(/\s+/gu, ' '),
    ) ?? [];
  if (semicolon === undefined) return undefined;
  const bound = (list ?? '').split(',').flatMap((name) => name.trim() || []);
  const strange =
    (one !== undefined && one !== plain) || bound.some((name) => !names.includes(name));
  if (strange && !before.has(textOf(statement, now))) return undefined;
  const words = [...(one !== undefined && one === plain ? [one] : []), ...bound];
  return { words: new Set(words), statements: [statement] };
};

/** Whether a package.json around a test speaks of its runner; where there is none, nobody says no. */
export function* isRunBy(read: ReadText, path: string, runner: string): Script<boolean> {
  let isThere = false;
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const text = yield* read(posix.join(folder, 'package.json'));
    isThere ||= text !== undefined;
    const pattern =
      runner === 'node:test'
        ? /\b(?:node|tsx)\b[^&|;]*\s--test(?![\w-])/u
        : new RegExp(`(?:^|[\\s;&|])${runner}(?:$|[\\s;&|])`, 'u');
    const isNamed =
      runner !== 'node:test' && new RegExp(`"${runner}"\\s*:\\s*"`, 'u').test(text ?? '');
    if (isNamed || scriptsOf(text ?? '').some((script) => pattern.test(script))) return true;
    if (folder === '.') return !isThere;
  }
}

/** The test script of a package.json, and those that it runs by their name. */
const scriptsOf = (text: string): readonly string[] => {
  const named = (name: string): string =>
    new RegExp(`"${name}"\\s*:\\s*"([^"]*)"`, 'u').exec(text)?.[1] ?? '';
  const test = named('test');
  const others = [...test.matchAll(/\b(?:npm|pnpm|yarn|bun) (?:run )?(?:-s )?([\w:-]+)/gu)];
  return [test, ...others.map(([, name = '']) => named(name))];
};
