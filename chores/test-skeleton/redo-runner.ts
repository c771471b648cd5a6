// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Script } from '../../src/chore/script.ts';
import type { ReadText } from '../../src/code/relative-modules.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import type { Style } from './redo-tested.ts';

type Import = { readonly names: readonly string[]; readonly plain?: string; readonly style: Style };

const runners: Readonly<Record<string, Import>> = {
  ava: { names: [], plain: 'test', style: 'ava' },
  'node:test': { names: ['test', 'it', 'describe'], plain: 'test', style: 'assert' },
  vitest: { names: ['test', 'it', 'describe', 'expect'], style: 'expect' },
  '@jest/globals': { names: ['test', 'it', 'describe', 'expect'], style: 'expect' },
  'bun:test': { names: ['test', 'it', 'describe', 'expect'], style: 'expect' },
  'node:assert': { names: [], plain: 'assert', style: 'assert' },
  'node:assert/strict': { names: [], plain: 'assert', style: 'assert' },
};

/** The runner, or what goes with it, that an import binds by its usual names; `undefined` for anything else. */
export const packageOf = ({
  importClause: clause,
  moduleSpecifier,
  attributes,
}: ts.ImportDeclaration): string | undefined => {
  const { text } = moduleSpecifier as ts.StringLiteral;
  const runner = Object.hasOwn(runners, text) ? runners[text] : undefined;
  if (!runner || !clause || clause.isTypeOnly || attributes) return undefined;
  if (clause.name && clause.name.text !== runner.plain) return undefined;
  const elements = (clause.namedBindings as ts.NamedImports | undefined)?.elements;
  if (clause.namedBindings && !elements) return undefined;
  const isUsual =
    elements?.every(
      ({ name, propertyName, isTypeOnly }) =>
        !propertyName && !isTypeOnly && runner.names.includes(name.text),
    ) ?? true;
  return isUsual ? text : undefined;
};

/** How a file's runner is written; `undefined` where it imports none, or another name is bound by its words. */
export const styleOf = (compiler: Compiler, file: ts.SourceFile): Style | undefined => {
  const found = file.statements
    .filter(compiler.isImportDeclaration)
    .flatMap((one) => packageOf(one) ?? []);
  const main = found.filter((name) => !name.startsWith('node:assert'));
  const [only, other] = main;
  if (only === undefined || other !== undefined || found.length - main.length > 1) return undefined;
  const { style } = runners[only] ?? {};
  const hasAssert = found.length > main.length;
  return hasAssert === (style === 'assert') ? style : undefined;
};

/** Whether a package.json around a test has its runner; where there is none, nobody says no. */
export function* isCalledFor(read: ReadText, test: string, style: Style): Script<boolean> {
  const folders = test.split('/').slice(0, -1);
  const wanted =
    style === 'ava'
      ? ['ava']
      : style === 'expect'
        ? ['vitest', 'jest', '@jest/globals', 'bun']
        : [];
  let count = 0;
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const text = yield* read([...folders.slice(0, depth), 'package.json'].join('/'));
    if (text === undefined) continue;
    count += 1;
    const { script, names } = manifestOf(text);
    if (
      style === 'assert'
        ? /^node(?:\s.*)?\s--test\b|\snode\s.*--test\b/u.test(
            ` ${script}`.replace(/^ node/u, 'node'),
          )
        : false
    )
      return true;
    if (wanted.some((name) => names.includes(name) || script.split(/[\s;&|]+/u).includes(name)))
      return true;
  }
  return count === 0;
}

const manifestOf = (
  text: string,
): { readonly script: string; readonly names: readonly string[] } => {
  try {
    const manifest = JSON.parse(text) as Record<string, Record<string, unknown> | undefined>;
    const lists = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
    return {
      script: String(manifest.scripts?.test ?? ''),
      names: lists.flatMap((list) => Object.keys(manifest[list] ?? {})),
    };
  } catch {
    return { script: '', names: [] };
  }
};
