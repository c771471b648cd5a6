// SPDX-License-Identifier: GPL-3.0-only
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import type { Overlay, TreeSide } from '../../src/workspace/overlay.ts';
import { type Compiler, type Module, readModule } from './module-names.ts';
import { openResolver, type Resolve } from './resolver.ts';

const source = /(?<!\.d)\.[cm]?[jt]sx?$/;

/**
 * Imports anywhere in the tree of a name that their module had before the patch and has no more:
 * `file:line imports "name" from "specifier", which ...`. Reads nothing else where no export is lost.
 */
export const findLostImports = async (overlay: Overlay): Promise<readonly string[]> => {
  const changed = overlay.changes().map(({ path }) => path);
  if (!changed.some((path) => source.test(path))) return [];
  const compiler = loadTypeScript();
  const sides = {
    base: sideOf(compiler, overlay, 'base'),
    patched: sideOf(compiler, overlay, 'patched'),
  };
  const lost = new Set<string>();
  for (const path of changed.filter((path) => source.test(path))) {
    const before = await sides.base.module(path);
    const after = await sides.patched.module(path);
    for (const name of before?.exported ?? []) if (!after?.exported.has(name)) lost.add(name);
    // A hand-on that goes takes names with it that are not written here.
    for (const { star, specifier } of before?.wanted ?? []) {
      if (!star || after?.wanted.some((one) => one.star && one.specifier === specifier)) continue;
      const target = await sides.base.resolve(path, specifier);
      for (const name of await sides.base.names(target)) lost.add(name);
    }
  }
  if (lost.size === 0) return [];
  const findings: string[] = [];
  for (const path of overlay.list('patched').filter((path) => source.test(path))) {
    const text = await sides.patched.text(path);
    if (
      text === undefined ||
      ![...lost].some((name) => name === 'default' || text.includes(name))
    ) {
      continue;
    }
    for (const { name, specifier, line, star } of (await sides.patched.module(path))?.wanted ??
      []) {
      if (star || !lost.has(name)) continue;
      const had = await sides.base.names(await sides.base.resolve(path, specifier));
      const has = await sides.patched.names(await sides.patched.resolve(path, specifier));
      if (had.has(name) && !has.has(name)) {
        findings.push(
          `${path}:${line} imports "${name}" from "${specifier}", which the patch removes`,
        );
      }
    }
  }
  return findings;
};

const sideOf = (compiler: Compiler, overlay: Overlay, side: TreeSide) => {
  const files = new Set(overlay.list(side));
  const modules = new Map<string, Module>();
  const text = async (path: string): Promise<string | undefined> => {
    const bytes = files.has(path) ? await overlay.read(path, side) : undefined;
    return bytes && new TextDecoder().decode(bytes);
  };
  const module = async (path: string): Promise<Module | undefined> => {
    const cached = modules.get(path);
    if (cached) return cached;
    const content = await text(path);
    if (content === undefined) return undefined;
    const read = readModule(compiler, path, content);
    modules.set(path, read);
    return read;
  };
  let resolver: Promise<Resolve> | undefined;
  const resolve = async (from: string, specifier: string): Promise<string | undefined> => {
    resolver ??= openResolver(compiler, files, text);
    return (await resolver)(from, specifier);
  };
  /** What a module exports, with what it hands on from others. */
  const names = async (start: string | undefined): Promise<ReadonlySet<string>> => {
    const all = new Set<string>();
    const reached = new Set(start === undefined ? [] : [start]);
    // A set grows while it is walked.
    for (const path of reached) {
      const { exported, wanted } = (await module(path)) ?? { exported: [], wanted: [] };
      for (const name of exported) if (path === start || name !== 'default') all.add(name);
      for (const { star, specifier } of wanted) {
        const next = star ? await resolve(path, specifier) : undefined;
        if (next !== undefined) reached.add(next);
      }
    }
    return all;
  };
  return { text, module, resolve, names };
};
