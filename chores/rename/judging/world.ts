// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { Declined, type Script } from '../../../src/chore/script.ts';
import type { TreeModules } from '../../../src/code/patch-modules.ts';
import { isSource } from '../../../src/code/script-of.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import type { ModuleFacts, NameLink } from './module-facts.ts';
import type { Linked } from './module-uses.ts';
import { type FileUses, usesInFile } from './uses-in-file.ts';

/** One side of a patch, with the word that the renamed thing has there. */
export type World = {
  readonly word: string;
  readonly uses: (path: string) => Script<FileUses | undefined>;
  /** Whether a name of another module is the renamed thing; `unknown` where it cannot be told. */
  readonly isTarget: (
    from: string,
    link: Omit<Linked, 'at' | 'form'>,
  ) => Script<boolean | 'unknown'>;
  /** Whether a module exports the renamed thing under its name. */
  readonly exportsTarget: (path: string) => Script<boolean | 'unknown'>;
};

/** More modules than this are not read for one judgement. */
const mostModules = 300;

/** A `.d.ts` beside a module in JavaScript says what that one has. */
export const moduleOf = (path: string): string => path.replace(/\.d\.([cm]?)ts$/u, '.$1js');

type Side = {
  readonly word: string;
  /** The files in which the renamed thing is declared. */
  readonly homes: ReadonlySet<string>;
  readonly modules: TreeModules;
  readonly read: (path: string) => Script<string | undefined>;
  /** The files that the patch changes. */
  readonly changed: Iterable<string>;
};

/** The texts of one side. */
export const openWorld = (
  compiler: Compiler,
  { word, homes, modules, read, changed }: Side,
): World => {
  const seen = new Map<string, FileUses | undefined>();
  const uses = function* (path: string): Script<FileUses | undefined> {
    if (!seen.has(path)) {
      if (seen.size >= mostModules) {
        throw new Declined(`more than ${mostModules} files would have to be read to judge this`);
      }
      const text = isSource(path) ? yield* read(path) : undefined;
      seen.set(path, text === undefined ? undefined : usesInFile(compiler, path, text, word));
    }
    return seen.get(path);
  };

  let bearing: ReadonlySet<string> | undefined;
  /** Whether a module can export the word: one without it can only hand on all of another. */
  const mayExport = function* (path: string, name: string): Script<boolean> {
    bearing ??= yield* filesBearing(modules, word, changed);
    return name !== word || bearing.has(path);
  };

  /** Where names come from: `path#name`, `path#*` for a module, or what cannot be followed. */
  const follow = function* (
    from: string,
    { specifier, name }: NameLink,
    visited: ReadonlySet<string>,
  ): Script<ReadonlySet<string>> {
    const target = yield* modules.resolve(from, specifier);
    if (target === 'unknown') return new Set(['unknown']);
    if (typeof target === 'string') return new Set(['foreign']);
    return name === '*'
      ? new Set([`${target.path}#*`])
      : yield* exported(target.path, name, visited);
  };

  const exported = function* (
    path: string,
    name: string,
    visited: ReadonlySet<string> = new Set(),
  ): Script<ReadonlySet<string>> {
    const key = `${path}#${name}`;
    const isSeen = visited.has(key) || !(yield* mayExport(path, name));
    const facts = isSeen ? undefined : (yield* uses(path))?.facts;
    if (!facts) return new Set();
    const within = new Set([...visited, key]);
    const direct = facts.exports.get(name);
    if (direct) return yield* origin(path, facts, direct, within);
    const all = new Set<string>();
    if (name === 'default') return all;
    for (const specifier of facts.stars) {
      for (const one of yield* follow(path, { specifier, name }, within)) all.add(one);
    }
    return all;
  };

  const origin = function* (
    path: string,
    { imports }: ModuleFacts,
    direct: { readonly local: string } | NameLink,
    visited: ReadonlySet<string>,
  ): Script<ReadonlySet<string>> {
    if ('specifier' in direct) return yield* follow(path, direct, visited);
    const imported = imports.get(direct.local);
    if (imported) return yield* follow(path, imported, visited);
    return new Set([`${path}#${direct.local}`]);
  };

  const isOurs = (origins: ReadonlySet<string>): boolean | 'unknown' => {
    const ours = [...origins].filter((one) => {
      const at = one.lastIndexOf('#');
      return one.slice(at + 1) === word && homes.has(one.slice(0, at));
    });
    const others = [...origins].filter((one) => one.includes('#') && !ours.includes(one));
    if (ours.length > 0 && others.length > 0) {
      throw new Declined(
        `\`${word}\` would stand for two things: ${[...ours, ...others].join(', ')}`,
      );
    }
    if (ours.length > 0) return true;
    return origins.has('unknown') && others.length === 0 ? 'unknown' : false;
  };

  return {
    word,
    uses,
    exportsTarget: function* (path) {
      return isOurs(yield* exported(path, word));
    },
    isTarget: function* (from, { specifier, via, name }) {
      let target = yield* modules.resolve(from, specifier);
      for (const step of via) {
        if (typeof target === 'string') break;
        const [only = ''] = yield* exported(target.path, step);
        if (!only.endsWith('#*')) return false;
        target = { path: only.slice(0, -2) };
      }
      if (target === 'unknown') return via.length === 0 ? 'unknown' : false;
      return typeof target === 'string' ? false : isOurs(yield* exported(target.path, name));
    },
  };
};

function* filesBearing(
  modules: TreeModules,
  word: string,
  changed: Iterable<string>,
): Script<ReadonlySet<string>> {
  const lines = [...(yield* modules.lines(word)), ...(yield* modules.lines('export *'))];
  return new Set([...changed, ...lines.map(({ path }) => path)]);
}

/** What a module's path begins with that is worked out at run time, on a line of code. */
export const startOf = (from: string, line: string): string | undefined => {
  const [, beginning] =
    /\b(?:import|require|import\.meta\.glob(?:Eager)?)\(\s*\[?\s*['"`](\.[^'"`$*{]*)(?:\$|\*|\{|['"`]\s*\+)/u.exec(
      line,
    ) ??
    /\brequire\.context\(\s*['"`](\.[^'"`]*)/u.exec(line) ??
    [];
  return beginning === undefined ? undefined : posix.join(posix.dirname(from), beginning);
};
