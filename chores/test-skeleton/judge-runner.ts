// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Script } from '../../src/chore/script.ts';
import type { ReadText } from '../../src/code/relative-modules.ts';
import type { CodeStatement } from '../../src/code/tokens.ts';
import type { TokenModule } from '../export/judge-module.ts';
import type { Runner } from './judge-test.ts';

type Found = {
  readonly package: string;
  readonly form: Runner;
  readonly statements: readonly CodeStatement[];
};

const forms: readonly (readonly [pattern: RegExp, name: string, form: Runner])[] = [
  [/^import test from (["'])ava\1;?$/u, 'ava', 'ava'],
  [
    /^import (?:test|\{ (?:(?:test|it|describe)(?:, )?)+ \}) from (["'])node:test\1;?$/u,
    'node:test',
    'assert',
  ],
  [
    /^import \{ (?:(?:test|it|describe|expect)(?:, )?)+ \} from (["'])vitest\1;?$/u,
    'vitest',
    'expect',
  ],
  [
    /^import \{ (?:(?:test|it|describe|expect)(?:, )?)+ \} from (["'])@jest\/globals\1;?$/u,
    'jest',
    'expect',
  ],
  [
    /^import \{ (?:(?:test|it|describe|expect)(?:, )?)+ \} from (["'])bun:test\1;?$/u,
    'bun',
    'expect',
  ],
];

/** The runner that a test imports, and the statements that do so; `undefined` where it is none that is known. */
export const runnerOf = ({ text, statements }: TokenModule): Found | undefined => {
  for (const [pattern, name, form] of forms) {
    const sourceOf = ({ start, end }: CodeStatement): string => text.slice(start, end);
    const first = statements.find((one) => pattern.test(sourceOf(one)));
    if (!first) continue;
    const assert = statements.find((one) =>
      /^import assert from (["'])node:assert(?:\/strict)?\1;?$/u.test(sourceOf(one)),
    );
    if (form === 'assert' && !assert) return undefined;
    return {
      package: name,
      form,
      statements: form === 'assert' && assert ? [first, assert] : [first],
    };
  }
  return undefined;
};

/** Whether a package.json around a test speaks of its runner; where there is none, nobody says no. */
export function* isRunBy(read: ReadText, path: string, runner: string): Script<boolean> {
  let isThere = false;
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const text = yield* read(posix.join(folder, 'package.json'));
    isThere ||= text !== undefined;
    const script = /"test"\s*:\s*"([^"]*)"/u.exec(text ?? '')?.[1] ?? '';
    const named =
      runner === 'node:test'
        ? /\bnode\b[^&|;]*--test\b/u.test(script)
        : new RegExp(`(?:^|[\\s;&|])${runner}(?:$|[\\s;&|])`, 'u').test(script);
    if (
      named ||
      (runner !== 'node:test' && new RegExp(`"${runner}"\\s*:\\s*"`, 'u').test(text ?? ''))
    )
      return true;
    if (folder === '.') return !isThere;
  }
}
