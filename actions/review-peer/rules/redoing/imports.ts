// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import type { Sides, Step } from './plan.ts';
import { exportedNames, parseScript } from './syntax.ts';

type Probe = Extract<Step, { kind: 'probe' }>;

/** The modules that new test files import from their neighbourhood, to be looked at too. */
export const importsOfNewFiles = async (
  sides: ReadonlyMap<string, Sides>,
): Promise<readonly Probe[]> => {
  const probes: Probe[] = [];
  for (const [path, { base, patched }] of sides) {
    if (base !== undefined || patched === undefined || !/\.[cm]?[jt]sx?$/.test(path)) continue;
    for (const { module } of await importsOf(path, patched)) {
      const target = posix.join(posix.dirname(path), module);
      if (!sides.has(target)) probes.push({ kind: 'probe', paths: candidates(target) });
    }
  }
  return probes.slice(0, mostProbes);
};

const mostProbes = 10;

/** TypeScript may write `.js` for what is `.ts` on disk. */
const candidates = (target: string): readonly string[] => {
  const plain = /^(.*)\.([cm]?)js(x?)$/.exec(target);
  if (plain) return [`${plain[1]}.${plain[2]}ts${plain[3]}`, target];
  return /\.[cm]?tsx?$|\.json$/.test(target) ? [target] : [`${target}.ts`, `${target}/index.ts`];
};

type Import = { readonly module: string; readonly names: readonly string[] };

const importsOf = async (path: string, text: string): Promise<readonly Import[]> => {
  const { compiler, file } = await parseScript(path, text);
  return file.statements.filter(compiler.isImportDeclaration).flatMap((statement) => {
    const module = (statement.moduleSpecifier as ts.StringLiteral).text;
    const bindings = statement.importClause?.namedBindings;
    const named = bindings && compiler.isNamedImports(bindings) ? [...bindings.elements] : [];
    const names = named.map(({ name, propertyName }) => (propertyName ?? name).text);
    const all = statement.importClause?.name ? [...names, 'default'] : names;
    return module.startsWith('.') ? [{ module, names: all }] : [];
  });
};

/** What new files import from modules that are there and do not export it. */
export const judgeImports = async (
  sides: ReadonlyMap<string, Sides>,
  probed: ReadonlyMap<string, string>,
): Promise<readonly string[]> => {
  const findings: string[] = [];
  for (const [path, { base, patched }] of sides) {
    if (base !== undefined || patched === undefined || !/\.[cm]?[jt]sx?$/.test(path)) continue;
    for (const { module, names } of await importsOf(path, patched)) {
      const target = posix.join(posix.dirname(path), module);
      const resolved = [target, ...candidates(target)].find(
        (one) => probed.has(one) || sides.has(one),
      );
      const text = resolved && (probed.get(resolved) ?? sides.get(resolved)?.patched);
      if (resolved === undefined || text === undefined) continue;
      const exported = exportedNames(await parseScript(resolved, text));
      if (exported.includes('*')) continue;
      const missing = names.filter((name) => !exported.includes(name));
      findings.push(...missing.map((name) => `${path}: ${resolved} does not export ${name}`));
    }
  }
  return findings;
};
