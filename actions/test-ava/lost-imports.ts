// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { packagesByName } from '../../src/code/foreign.ts';
import { type Module, readModule } from '../../src/code/module-names.ts';
import { type ModuleTarget, openResolver, type Resolve } from '../../src/code/resolver.ts';
import { isComponent, isDeclaration, isSource } from '../../src/code/script-of.ts';
import { type Compiler, loadTypeScript } from '../../src/data/load-typescript.ts';
import type { Overlay, TreeSide } from '../../src/workspace/overlay.ts';

const isModule = (path: string): boolean => isSource(path) && !isDeclaration(path);

/**
 * Imports anywhere in the tree, those of component files too, of a name that their module had before
 * the patch and has no more, and those that cannot be followed:
 * `file:line imports "name" from "specifier", which ...`. Reads nothing else where no export is lost.
 */
export const findLostImports = async (overlay: Overlay): Promise<readonly string[]> => {
  const changed = overlay.changes().map(({ path }) => path);
  if (!changed.some(isModule)) return [];
  const compiler = loadTypeScript();
  const sides = {
    base: sideOf(compiler, overlay, 'base'),
    patched: sideOf(compiler, overlay, 'patched'),
  };
  const lost = new Set<string>();
  for (const path of changed.filter(isModule)) {
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
  for (const path of overlay.list('patched').filter(canImport)) {
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
      const target = await sides.patched.target(path, specifier);
      const place = `${path}:${line} imports "${name}" from "${specifier}"`;
      if (target === 'unknown' && !posix.isAbsolute(specifier) && !specifier.startsWith('.')) {
        findings.push(
          `${place}, which cannot be followed: "${name}" may be what the patch removes`,
        );
        continue;
      }
      const had = await sides.base.names(await sides.base.resolve(path, specifier));
      const has = await sides.patched.names(await sides.patched.resolve(path, specifier));
      if (had.has(name) && !has.has(name)) findings.push(`${place}, which the patch removes`);
    }
  }
  for (const path of changed) {
    const types = path.replace(/\.([cm]?)js$/, '.d.$1ts');
    const declared = types === path ? undefined : await sides.patched.module(types);
    const left = [...(declared?.exported ?? [])].find((name) => lost.has(name));
    if (left !== undefined) findings.push(`${types} declares "${left}", which the patch removes`);
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
  let opened: Promise<Resolve> | undefined;
  const target = async (from: string, specifier: string): Promise<ModuleTarget> => {
    opened ??= open(compiler, files, text);
    const asking = (await opened)(from, specifier);
    let step = asking.next();
    while (!step.done) step = asking.next(await text(step.value));
    return step.value;
  };
  const resolve = async (from: string, specifier: string): Promise<string | undefined> => {
    const leads = await target(from, specifier);
    return typeof leads === 'object' ? leads.path : undefined;
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
  return { text, module, target, resolve, names };
};

const canImport = (path: string): boolean => isSource(path) || isComponent(path);

const open = async (
  compiler: Compiler,
  files: ReadonlySet<string>,
  text: (path: string) => Promise<string | undefined>,
): Promise<Resolve> => {
  const manifests: { path: string; text: string }[] = [];
  for (const path of files) {
    if (posix.basename(path) !== 'package.json') continue;
    manifests.push({ path, text: (await text(path)) ?? '' });
  }
  return openResolver(compiler, files, packagesByName(manifests));
};
