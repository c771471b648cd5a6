// SPDX-License-Identifier: GPL-3.0-only
import type { Compiler } from '../../../src/data/load-typescript.ts';

/** What code of one platform or another finds without an import, beside what this process has. */
const ambient =
  /^(?:window|document|self|location|history|(?:local|session)Storage|alert|confirm|prompt|Window|Document|Node|(?:HTML)?Element|Image|Option|XMLHttpRequest|require|module|exports|__(?:dir|file)name|Partial|Required|Readonly|Record|Pick|Omit|Exclude|Extract|NonNullable|Parameters|ReturnType|InstanceType|Awaited|PropertyKey)$/u;

/** Whether something at the top of a module may have this name, to the compiler's scanner. */
export const isFreeName = (compiler: Compiler, name: string): boolean => {
  const scanner = compiler.createScanner(compiler.ScriptTarget.Latest, true, undefined, name);
  const isIdentifier =
    scanner.scan() === compiler.SyntaxKind.Identifier && scanner.getTokenText() === name;
  const means = Object.getOwnPropertyNames(globalThis).includes(name) || name in globalThis;
  return isIdentifier && !means && name !== 'arguments' && name !== 'eval' && !ambient.test(name);
};
