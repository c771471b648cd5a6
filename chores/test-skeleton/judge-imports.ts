// SPDX-License-Identifier: GPL-3.0-only
import type { Script } from '../../src/chore/script.ts';
import { followRelative, type ReadText } from '../../src/code/relative-modules.ts';
import type { CodeStatement } from '../../src/code/tokens.ts';
import type { TokenModule } from '../export/judge-module.ts';
import { type Look, type Trail, trail } from '../export/judge-trace.ts';
import type { Subject } from './judge-test.ts';

/** The modules as the patch leaves them. */
export type Reaching = { readonly now: Look; readonly read: ReadText };

/** What a test calls by a name must be what the module under test exports by it. */
export function* wrongBinding(
  { now, read }: Reaching,
  test: TokenModule,
  name: string,
  source: string,
): Script<string | undefined> {
  const bound = test.imported.filter(({ local }) => local === name);
  const [only, other] = bound;
  if (!only || other || only.type) return `\`${name}\` is not imported`;
  const target = yield* followRelative(read, test.path, only.module);
  const way: Trail | string = target === undefined ? '' : yield* trail(now, target, only.name);
  return typeof way !== 'string' && (way.origin === source || target === source)
    ? undefined
    : `\`${name}\` is not that of ${source}`;
}

/** What is wrong with an import of the module under test. */
export function* wrongImport(
  { now, read }: Reaching,
  test: TokenModule,
  statement: CodeStatement,
  source: string,
  subjects: ReadonlyMap<string, Subject>,
  kept: ReadonlySet<string> = new Set(),
): Script<string | undefined> {
  const specifier =
    statement.tokens.findLast(({ text }) => /^["']/u.test(text))?.text.slice(1, -1) ?? '';
  const words = statement.tokens.map(({ text }) => text);
  const target = yield* followRelative(read, test.path, specifier);
  if (target === undefined) return `"${specifier.slice(0, 80)}" is no module of the tree`;
  if (!/^(?:\.|\.\.(?:\/\.\.)*)(?:\/(?!\.{1,2}(?:\/|$))[^/]+)+$/u.test(specifier))
    return `"${specifier.slice(0, 80)}" is not the plain way to it`;
  const names = words.slice(1, words.indexOf('from')).filter((text) => !/^[{},]$/u.test(text));
  if (names.length === 0 || words.includes('*')) return 'it imports more than names';
  for (const [at, name] of names.entries()) {
    if (kept.has(name)) continue;
    if (!subjects.has(name)) return `it imports \`${name.slice(0, 40)}\``;
    const isDefault = at === 0 && words[1] === name;
    const way: Trail | string = yield* trail(now, target, isDefault ? 'default' : name);
    if (typeof way === 'string') return way;
    if (way.origin !== source && target !== source) return `\`${name}\` is not that of ${source}`;
    if (way.originName !== name) return `\`${name}\` is another there`;
  }
  return undefined;
}
