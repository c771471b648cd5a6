// SPDX-License-Identifier: GPL-3.0-only
import type { Script } from '../../src/chore/script.ts';
import { followRelative, type ReadText } from '../../src/code/relative-modules.ts';
import { isSource } from '../../src/code/script-of.ts';
import { readStatements } from '../../src/code/tokens.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { type Handed, moduleOf, type TokenModule } from './judge-module.ts';

/** Looks at the modules of one stage of a patch. */
export type Look = (path: string) => Script<TokenModule | undefined>;

/** Opens the modules of a stage; a text is read off once. */
export const openLook = (compiler: Compiler, read: ReadText): Look => {
  const modules = new Map<string, TokenModule>();
  return function* (path) {
    const text = isSource(path) ? yield* read(path) : undefined;
    if (text === undefined) return undefined;
    const cached = modules.get(path);
    if (cached?.text === text) return cached;
    const module = moduleOf(path, text, readStatements(compiler, path, text));
    modules.set(path, module);
    return module;
  };
};

/** One place where a name is handed on. */
export type Step = { readonly path: string; readonly handed: readonly Handed[] };

/** The way from the module that is asked for a name to the one that declares it. */
export type Trail = {
  readonly steps: readonly Step[];
  readonly origin: string;
  readonly originName: string;
  readonly kind: 'value' | 'type';
  /** Whether the name is handed on as a type somewhere. */
  readonly asType: boolean;
};

const mostModules = 12;

/** Follows an exported name to its declaration, or says in a line why that leads nowhere. */
export function* trail(
  look: Look,
  path: string,
  name: string,
  visited: readonly string[] = [],
): Script<Trail | string> {
  const module = yield* look(path);
  if (!module) return `${path} cannot be read`;
  if (visited.includes(path) || visited.length > mostModules) return `${path} goes in circles`;
  const seen = [...visited, path];
  const handed = module.handed.filter((one) => one.name === name);
  const [first] = handed;
  if (!first) return yield* throughStars(look, module, name, seen);
  if (handed.some(({ form }) => form === 'list') && handed.length > 1) {
    return `${path} exports \`${name}\` twice`;
  }
  const rest =
    first.module === undefined
      ? yield* inside(look, module, first.local, seen)
      : yield* elsewhere(look, path, first.module, first.local, seen);
  if (typeof rest === 'string') return rest;
  const asType = rest.asType || (first.form === 'list' && first.type);
  return { ...rest, asType, steps: [{ path, handed }, ...rest.steps] };
}

function* throughStars(
  look: Look,
  { path, stars }: TokenModule,
  name: string,
  seen: readonly string[],
): Script<Trail | string> {
  const trails: Trail[] = [];
  if (name !== 'default') {
    for (const star of stars) {
      const found = yield* elsewhere(look, path, star, name, seen);
      if (typeof found !== 'string') trails.push(found);
    }
  }
  const [only] = trails;
  if (!only) return `${path} does not export \`${name}\``;
  if (new Set(trails.map(({ origin }) => origin)).size > 1) {
    return `${path} takes over more than one \`${name}\``;
  }
  return { ...only, steps: [{ path, handed: [] }, ...only.steps] };
}

function* inside(
  look: Look,
  module: TokenModule,
  local: string,
  seen: readonly string[],
): Script<Trail | string> {
  const { path, named, imported } = module;
  const declared = named.filter((one) => one.name === local);
  if (declared.length > 0) {
    const kind = declared.some((one) => one.kind === 'value') ? 'value' : 'type';
    return { steps: [], origin: path, originName: local, kind, asType: false };
  }
  const taken = imported.find((one) => one.local === local);
  if (!taken) return `${path} has no \`${local}\``;
  const rest = yield* elsewhere(look, path, taken.module, taken.name, seen);
  return typeof rest === 'string' || !taken.type ? rest : { ...rest, asType: true };
}

function* elsewhere(
  look: Look,
  path: string,
  specifier: string,
  name: string,
  seen: readonly string[],
): Script<Trail | string> {
  const read: ReadText = function* (target) {
    return (yield* look(target))?.text;
  };
  const target = yield* followRelative(read, path, specifier);
  if (target === undefined) return `${path}: "${specifier.slice(0, 80)}" is no module of the tree`;
  return yield* trail(look, target, name, seen);
}
